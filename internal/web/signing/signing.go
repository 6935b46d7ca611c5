// Package signing is the list of replies that wait for an officer's signature or review. Those that were read to the end can be decided with one
// press; each is read, and what has to be chosen is chosen, on the page of its case.
//
// Only internal/web imports it; it must never import another room.
package signing

import (
	"context"

	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/workflows"
)

// Store is what is read of the record here, besides the queue.
type Store interface {
	Applied(ctx context.Context, actionIDs []string) ([]string, error)
}

// Room answers for what waits to be signed.
type Room struct {
	*casefile.Files
	store Store
	cases *workflows.Client
}

// New makes the room.
func New(files *casefile.Files, store Store, cases *workflows.Client) *Room {
	return &Room{Files: files, store: store, cases: cases}
}
