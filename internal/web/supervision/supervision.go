// Package supervision shows the whole bureau: the overview, the statistics, the start pages of publisher, assembly, auditor and
// administrator, how the engine runs, and the Temporal Web UI behind the login.
//
// Only internal/web imports it; it must never import another room.
package supervision

import (
	"net/http"
	"sync"

	"github.com/banli/banli/internal/web/casefile"
)

// Room answers for these pages.
type Room struct {
	*casefile.Files
	*Figures
	store     Store
	engine    Engine
	engineUI  http.Handler // nil if it is not ours to show
	codec     http.Handler // nil if what the engine keeps is not encrypted
	mail      bool         // mails are sent
	push      bool         // to-dos are handed to a portal
	past      daily[pastStays]
	forecasts sync.Map // *daily[forecasts] by the divisions that they are of
}

// New makes the room.
func New(files *casefile.Files, store Store, engine Engine, engineUI, codec http.Handler, mail, push bool) *Room {
	return &Room{Files: files, Figures: &Figures{Store: store, Days: files.Days, Now: files.Now}, store: store, engine: engine, engineUI: engineUI, codec: codec, mail: mail, push: push}
}
