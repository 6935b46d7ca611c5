// Package live tells open pages, by server-sent events, what other people have just done.
//
// Only internal/web imports it; it must never import another room.
package live

import (
	"context"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// Room answers for the stream.
type Room struct {
	*kit.Kit
	news *store.LiveNews
}

// New makes the room.
func New(k *kit.Kit, news *store.LiveNews) *Room { return &Room{Kit: k, news: news} }

// HearNews passes on to open pages what others do, until the context ends; then the streams end too. Run it once.
func (s *Room) HearNews(ctx context.Context) { s.news.Run(ctx) }
