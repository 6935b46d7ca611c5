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
	AccountUse(ctx context.Context, person proposal.PersonID) (store.AccountUse, error)
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	CreateBulk(ctx context.Context, b proposal.Bulk, items []proposal.BulkItem) error
	DivisionHolds(ctx context.Context, code proposal.DivisionID) (store.DivisionHolds, error)
	Divisions(ctx context.Context) ([]store.Division, error)
	Edit(ctx context.Context, by proposal.PersonID, change func(*store.Edit) error) error
	FinishSetup(ctx context.Context, code string, change func(*store.Edit) error) error
	HandlerLoads(ctx context.Context) (loads map[proposal.PersonID]store.HandlerLoad, soon calendar.Date, err error)
	Held(ctx context.Context, person proposal.PersonID) ([]proposal.BulkItem, error)
	People(ctx context.Context) ([]store.Person, error)
	Person(ctx context.Context, id proposal.PersonID) (store.Person, error)
	PersonByPasswordLink(ctx context.Context, secret string) (store.Person, error)
	LookAtSeal(ctx context.Context, by proposal.PersonID) (seal store.Seal, picture []byte, err error)
	SaveBureau(ctx context.Context, by proposal.PersonID, b proposal.Bureau) error
	Seal(ctx context.Context) (seal store.Seal, ok bool, err error)
	SaveSetupTyped(ctx context.Context, code string, typed url.Values) error
	SetupTyped(ctx context.Context, code string) (url.Values, error)
	StaffChanges(ctx context.Context, logins bool, limit int) ([]store.StaffChange, error)
	Tokens(ctx context.Context, person proposal.PersonID) ([]store.Token, error)
	UsePasswordLink(ctx context.Context, secret, plain string) error
	WithoutPassword(ctx context.Context) ([]proposal.PersonID, error)
}

// Cases carries what is handed over.
type Cases interface {
	StartBulk(ctx context.Context, bulkID string) error
}

// Profiles lists the rules that a bureau may follow on a day: of each profile the pack that is in force.
type Profiles func(on calendar.Date) []*proposal.Pack
