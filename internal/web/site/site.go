// Package site is what people outside the bureau see: published replies, and the page on which a deputy rates a reply by a
// one-time link.
//
// Only internal/web imports it; it must never import another room, and never show who of the bureau did what.
package site

import (
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/workflows"
)

// Room answers for the public site.
type Room struct {
	*kit.Kit
	store Store
	cases *workflows.Client
}

// New makes the room.
func New(k *kit.Kit, store Store, cases *workflows.Client) *Room {
	return &Room{Kit: k, store: store, cases: cases}
}
