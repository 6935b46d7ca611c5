// Package desk is where an officer's day begins: the lists of tasks and of the bureau's cases with their filters, views and columns, the next task, and
// work on many cases at once.
//
// Only internal/web imports it; it must never import another room.
package desk

import (
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/workflows"
)

// Room answers for the desk.
type Room struct {
	*casefile.Files
	store Store
	cases *workflows.Client
}

// New makes the room.
func New(files *casefile.Files, store Store, cases *workflows.Client) *Room {
	return &Room{Files: files, store: store, cases: cases}
}
