// Package supervision shows the whole bureau: the overview, and the list of all cases in which its figures open.
//
// Only internal/web imports it; it must never import another room.
package supervision

import "github.com/banli/banli/internal/web/casefile"

// Room answers for the overview.
type Room struct {
	*casefile.Files
	store      Store
	temporalUI string // address of the Temporal Web UI; empty for no links
	namespace  string // where the workflows are
}

// New makes the room.
func New(files *casefile.Files, store Store, temporalUI, namespace string) *Room {
	return &Room{Files: files, store: store, temporalUI: temporalUI, namespace: namespace}
}
