// Package supervision shows the whole bureau: the overview, the statistics, the start pages of publisher, assembly, auditor and
// administrator, and the Temporal Web UI behind the login.
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
	store    Store
	engineUI http.Handler // nil if it is not ours to show
}

// New makes the room.
func New(files *casefile.Files, store Store, engineUI http.Handler) *Room {
	return &Room{Files: files, store: store, engineUI: engineUI}
}
