package admin

import (
	"context"
	"net/url"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	AccountUse(ctx context.Context, person proposal.PersonID) (store.AccountUse, error)
	AtProvider(ctx context.Context, person proposal.PersonID) (*store.AtProvider, error)
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	CaseHeads(ctx context.Context, ids []string) (map[string]store.CaseHead, error)
	CreateBulk(ctx context.Context, b proposal.Bulk, items []proposal.BulkItem) error
	Directory(ctx context.Context, f store.DirectoryFilter) (items []store.DirectoryItem, total int, err error)
	DirectoryItem(ctx context.Context, id string) (store.DirectoryItem, error)
	DivisionHolds(ctx context.Context, code proposal.DivisionID) (store.DivisionHolds, error)
	Divisions(ctx context.Context) ([]store.Division, error)
	Edit(ctx context.Context, by proposal.PersonID, change func(*store.Edit) error) error
	FinishSetup(ctx context.Context, code string, change func(*store.Edit) error) error
	HandlerLoads(ctx context.Context) (loads map[proposal.PersonID]store.HandlerLoad, soon calendar.Date, err error)
	Held(ctx context.Context, person proposal.PersonID) ([]proposal.BulkItem, error)
	KeptRules(ctx context.Context) ([]store.KeptRules, error)
	LookUp(ctx context.Context, by proposal.PersonID, id string) (directory.Entry, error)
	LookUpAll(ctx context.Context, by proposal.PersonID, kind directory.Kind) ([]directory.Entry, error)
	LookAtSeal(ctx context.Context, by proposal.PersonID) (seal store.Seal, picture []byte, err error)
	OpenUnder(ctx context.Context) (map[string]int, error)
	OwnWords(ctx context.Context) (store.Wording, error)
	Pack(id string) (*proposal.Pack, bool)
	Packs() rulepack.Set
	Factors(ctx context.Context, person proposal.PersonID) ([]store.Factor, error)
	KeepsSecrets() bool
	OpenSecret(person proposal.PersonID, sealed []byte) (string, error)
	SealSecret(person proposal.PersonID, secret string) ([]byte, error)
	People(ctx context.Context) ([]store.Person, error)
	Person(ctx context.Context, id proposal.PersonID) (store.Person, error)
	PersonByPasswordLink(ctx context.Context, secret string) (store.Person, error)
	PublicList(ctx context.Context, f store.PublicFilter) (store.Page[store.PublicItem], error)
	PutRules(ctx context.Context, by proposal.PersonID, source string) (*proposal.Pack, error)
	SaveBureau(ctx context.Context, by proposal.PersonID, b proposal.Bureau) error
	SaveSetupTyped(ctx context.Context, code string, typed url.Values) error
	Seal(ctx context.Context) (seal store.Seal, ok bool, err error)
	SetWords(ctx context.Context, by proposal.PersonID, words store.Wording) error
	SetupTyped(ctx context.Context, code string) (url.Values, error)
	StaffChanges(ctx context.Context, of store.ChangesOf, after string, limit int) (store.Page[store.StaffChange], error)
	Tokens(ctx context.Context, person proposal.PersonID) ([]store.Token, error)
	TryRules(ctx context.Context, source string) (*proposal.Pack, error)
	UsePasswordLink(ctx context.Context, secret, plain string) error
	WhatIf(ctx context.Context, pack *proposal.Pack) (cases []store.WhatIfCase, unfinished int, err error)
	WhatIfNew(ctx context.Context, from, to *proposal.Pack) ([]store.WhatIfKind, error)
	WithdrawRules(ctx context.Context, by proposal.PersonID, id string) error
	WithoutPassword(ctx context.Context) ([]proposal.PersonID, error)
}

// Cases carries what is handed over.
type Cases interface {
	StartBulk(ctx context.Context, bulkID string) error
}
