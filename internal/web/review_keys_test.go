package web

import (
	"slices"

	"github.com/banli/banli/internal/proposal"
)

// reviewKeys are the built keys of the review room, of comments, standard paragraphs and figures.
func reviewKeys() []string {
	deciding := []proposal.Kind{proposal.Sign, proposal.PassReview, proposal.DecideOpenness, proposal.CountersignDraft, proposal.PassAddedReview}
	edits := []proposal.Kind{proposal.PassReview, proposal.SendBack}
	return slices.Concat(
		family("event.", []string{proposal.EventComment, proposal.EventAnswerComment, proposal.EventSettleComment, proposal.EventFigure}),
		family("signing.does.", deciding), family("edit.do.", edits), family("edit.says.", edits),
		family("edit.open.", []proposal.Kind{proposal.PassReview, proposal.Sign}),
		family("review.passed.", []proposal.Stage{proposal.DivisionReview, proposal.OfficeReview, proposal.LegalReview, proposal.OpennessReview}),
		family("nav.", []string{"signing", "paragraphs"}), []string{"form.edited", "flash.answered_comment", "flash.settled_comment"},
		family("paragraph.", []string{"topic", "title_field", "text", "source", "division", "valid_until", "reason"}),
	)
}
