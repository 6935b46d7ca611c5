package api

import (
	"context"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Attachment(ctx context.Context, caseID string, id string, reader proposal.Person) (a store.AttachmentInfo, data []byte, err error)
	BriefOf(ctx context.Context, person proposal.PersonID, day calendar.Date, weekly bool) (store.Brief, error)
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	CaseIDFor(ctx context.Context, key assembly.RegisterKey, candidate func(n int) string) (string, error)
	ClaimTask(ctx context.Context, by proposal.PersonID, caseID string, actionID string, key proposal.TaskKey) error
	CountTasks(ctx context.Context, person proposal.PersonID, filters []store.TaskFilter) ([]int, error)
	Directory(ctx context.Context, f store.DirectoryFilter) (items []store.DirectoryItem, total int, err error)
	Divisions(ctx context.Context) ([]store.Division, error)
	Edit(ctx context.Context, by proposal.PersonID, change func(*store.Edit) error) error
	KeptRules(ctx context.Context) ([]store.KeptRules, error)
	LookUp(ctx context.Context, by proposal.PersonID, id string) (directory.Entry, error)
	OpenUnder(ctx context.Context) (map[string]int, error)
	OwnWords(ctx context.Context) (store.Wording, error)
	Pack(id string) (*proposal.Pack, bool)
	Packs() rulepack.Set
	People(ctx context.Context) ([]store.Person, error)
	Person(ctx context.Context, id proposal.PersonID) (store.Person, error)
	PersonByLogin(ctx context.Context, login string) (store.Person, error)
	PersonByToken(ctx context.Context, secret string) (store.Person, error)
	PublicList(ctx context.Context, f store.PublicFilter) (store.Page[store.PublicItem], error)
	PublicReply(ctx context.Context, id string) (store.PublicReply, error)
	PutRules(ctx context.Context, by proposal.PersonID, source string) (*proposal.Pack, error)
	SetWords(ctx context.Context, by proposal.PersonID, words store.Wording) error
	ReleaseTask(ctx context.Context, by proposal.PersonID, caseID string, actionID string, key proposal.TaskKey) error
	RulesNow(ctx context.Context) (*proposal.Pack, error)
	SaveDraft(ctx context.Context, caseID string, by proposal.PersonID, actionID string, base int, d proposal.Draft) (store.SavedDraft, error)
	Scores(ctx context.Context, viewer proposal.Person, p store.Period, by []proposal.ScoringItem) ([]store.DivisionScore, error)
	SearchCases(ctx context.Context, viewer proposal.Person, f store.CaseFilter) (store.Page[store.CaseRow], error)
	StatisticsOfTwoYears(ctx context.Context, viewer proposal.Person, p store.Period, by store.Cut, of []store.Rate) ([]store.RateRow, error)
	TaskCounts(ctx context.Context, person proposal.PersonID) (map[store.Box]int, error)
	Tasks(ctx context.Context, person proposal.PersonID, f store.TaskFilter) (store.Page[store.CaseRow], error)
	TryRules(ctx context.Context, source string) (*proposal.Pack, error)
	WhatIf(ctx context.Context, pack *proposal.Pack) (cases []store.WhatIfCase, unfinished int, err error)
	WhatIfNew(ctx context.Context, from, to *proposal.Pack) ([]store.WhatIfKind, error)
	WithdrawRules(ctx context.Context, by proposal.PersonID, id string) error
}
