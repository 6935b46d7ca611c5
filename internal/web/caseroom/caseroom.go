// Package caseroom is where officers work on one case: its page with the one form that may be sent now, the editor of the reply,
// the review of it, and everything that is added to a case on the way: notes, links, files, comments, sources of figures.
//
// Case, draft and review are one room: each of them draws the page of the case again when something is wrong. Only internal/web
// imports it; it must never import another room.
package caseroom

import (
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/workflows"
)

// Room answers for one case.
type Room struct {
	*casefile.Files
	store       Store
	cases       *workflows.Client
	sealService bool // a service seals replies
}

// New makes the room.
func New(files *casefile.Files, store Store, cases *workflows.Client, sealService bool) *Room {
	return &Room{files, store, cases, sealService}
}
