package admin

import (
	"context"
	"net/url"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	FinishSetup(ctx context.Context, code string, change func(*store.Edit) error) error
	SaveSetupTyped(ctx context.Context, code string, typed url.Values) error
	SetupTyped(ctx context.Context, code string) (url.Values, error)
}

// Profiles lists the rules that a bureau may follow on a day: of each profile the pack that is in force.
type Profiles func(on calendar.Date) []*proposal.Pack
