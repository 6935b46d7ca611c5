// Package supervision shows the whole bureau: the overview, the list of all cases in which its figures open, and the engine underneath.
//
// Only internal/web imports it; it must never import another room.
package supervision

import (
	"net/http"

	"github.com/banli/banli/internal/web/casefile"
)

// Room answers for the overview.
type Room struct {
	*casefile.Files
	store     Store
	engineUI  http.Handler // nil if it is not ours to show
	namespace string       // where the workflows are
}

// New makes the room.
func New(files *casefile.Files, store Store, engineUI http.Handler, namespace string) *Room {
	return &Room{Files: files, store: store, engineUI: engineUI, namespace: namespace}
}
