// Package casefile has a case as one person sees it: what may be shown of it, what the person may do, whose turn it is, what
// happened, what runs beside the main way, the case as a row of a list, and the queue of replies that wait for the person's signature.
//
// Rooms that show cases import it, and the package reply. It must never import a room.
package casefile

import "github.com/banli/banli/internal/web/kit"

// Files opens cases. Rooms that show cases embed it.
type Files struct {
	*kit.Kit
	store Store
}

// New makes the files of a store.
func New(k *kit.Kit, store Store) *Files { return &Files{Kit: k, store: store} }
