package web

import (
	"github.com/banli/banli/internal/proposal"
)

// reviewKeys are the built keys of the review room, of comments, standard paragraphs and figures.
func reviewKeys() []string {
	return family("event.", []string{proposal.EventComment, proposal.EventAnswerComment, proposal.EventSettleComment, proposal.EventFigure})
}
