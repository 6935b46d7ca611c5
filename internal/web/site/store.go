package site

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	Case(ctx context.Context, id string) (*store.Case, error)
	Draft(ctx context.Context, caseID string, version int) (store.SavedDraft, error)
	OpenDeputyLink(ctx context.Context, secret string, from string) (link store.DeputyLink, rests time.Time, err error)
	Pack(id string) (*proposal.Pack, bool)
	PublicList(ctx context.Context, f store.PublicFilter) (store.Page[store.PublicItem], error)
	PublicReply(ctx context.Context, id string) (store.PublicReply, error)
	PublicTakenDown(ctx context.Context, id string) (gone bool, err error)
	PublicYears(ctx context.Context) ([]store.PublicYear, error)
}
