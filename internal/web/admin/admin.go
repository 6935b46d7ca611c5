// Package admin is the bureau itself: its first set-up, its divisions, people and rules, and what was changed about them.
//
// Only internal/web imports it; it must never import another room.
package admin

import (
	"github.com/banli/banli/internal/web/kit"
)

// Room answers for the bureau.
type Room struct {
	*kit.Kit
	store Store
	cases Cases
	// sealService says that a service seals replies.
	sealService bool
	// mail says that mails are sent.
	mail bool
}

// New makes the room.
func New(k *kit.Kit, store Store, cases Cases, sealService, mail bool) *Room {
	return &Room{k, store, cases, sealService, mail}
}
