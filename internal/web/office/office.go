// Package office has the work around the cases: registering them, proxies, standard paragraphs, and the calendar by which deadlines are counted.
//
// Only internal/web imports it; it must never import another room.
package office

import (
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/workflows"
)

// Room answers for the office.
type Room struct {
	*casefile.Files
	store Store
	cases *workflows.Client
}

// New makes the room.
func New(files *casefile.Files, store Store, cases *workflows.Client) *Room {
	return &Room{Files: files, store: store, cases: cases}
}
