package web

import (
	"slices"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// caseKeys are the built keys of the case page: its history and its links.
func caseKeys() []string {
	return slices.Concat(
		family("amend.say.", []string{"yes", "no"}), family("past.", kinds.Subjects), family("link_kind.", store.LinkKinds),
		family("event.", []string{proposal.EventNote, proposal.EventLink, proposal.EventUnlink}),
		family("case_at.", []string{"before", "unread", "future"}), []string{"side.main"})
}
