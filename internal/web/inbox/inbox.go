// Package inbox has the list of a person's notices, the mails that say the same, and the page of settings: what comes by mail, and how pages are
// drawn.
//
// Only internal/web imports it, and internal/app for the mails; it must never import another room.
package inbox

import "github.com/banli/banli/internal/web/kit"

// Room answers for notices and settings.
type Room struct {
	*kit.Kit
	store Store
	mail  bool // mails are sent: a mail server is set up
}

// New makes the room.
func New(k *kit.Kit, store Store, mail bool) *Room { return &Room{Kit: k, store: store, mail: mail} }
