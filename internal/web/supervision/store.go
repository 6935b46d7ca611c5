package supervision

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/workflows"
)

// Engine is what is asked of the engine here.
type Engine interface {
	EngineState(ctx context.Context, namespace string) (workflows.EngineState, error)
}

// Store is what is read and written of the record here.
type Store interface {
	FigureStore
	Ages(ctx context.Context, person proposal.PersonID, f store.TaskFilter) ([]store.AgedCase, error)
	AnswersThrough(ctx context.Context, person proposal.PersonID, f store.TaskFilter, people []proposal.PersonID, from calendar.Date) ([]store.AnswerDays, error)
	BulkCases(ctx context.Context, reader proposal.Person, ids []string) (map[string]store.BulkCase, error)
	BriefOf(ctx context.Context, person proposal.PersonID, day calendar.Date, weekly bool) (store.Brief, error)
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	CaseHeads(ctx context.Context, ids []string) (map[string]store.CaseHead, error)
	DivisionHolds(ctx context.Context, code proposal.DivisionID) (store.DivisionHolds, error)
	Divisions(ctx context.Context) ([]store.Division, error)
	Hands(ctx context.Context, person proposal.PersonID, f store.TaskFilter, from calendar.Date) (map[store.Gate]map[proposal.PersonID]int, error)
	Lacking(ctx context.Context) (map[proposal.Role][]string, error)
	LastBackup(ctx context.Context) (at time.Time, ok bool, err error)
	LastDrift(ctx context.Context) (d store.Drift, ok bool, err error)
	LeftBehind(ctx context.Context) ([]store.Behind, error)
	LedgerLines(ctx context.Context, person proposal.PersonID, f store.TaskFilter) ([]store.LedgerLine, error)
	Look(ctx context.Context, person proposal.PersonID) (before time.Time, err error)
	LookedBefore(ctx context.Context, person proposal.PersonID) (before time.Time, err error)
	MailQueue(ctx context.Context) (store.MailQueue, error)
	Outcomes(ctx context.Context, ids []string) (map[string]store.Outcome, error)
	OutgoingOf(ctx context.Context, viewer proposal.Person, year int) ([]store.Outgoing, error)
	OutgoingYears(ctx context.Context) ([]int, error)
	OwedSince(ctx context.Context, divisions []proposal.DivisionID, since calendar.Date) ([]store.Owed, error)
	Overview(ctx context.Context, today calendar.Date, near calendar.Date) (store.Overview, error)
	Pack(id string) (*proposal.Pack, bool)
	PackFor(profile string, on calendar.Date) (*proposal.Pack, bool)
	People(ctx context.Context) ([]store.Person, error)
	Proxies(ctx context.Context, person proposal.PersonID) ([]store.Proxy, error)
	PushQueue(ctx context.Context) (store.PushQueue, error)
	RecentEvents(ctx context.Context, viewer proposal.Person, kinds []string, limit int) ([]store.CaseEvent, error)
	RulesNow(ctx context.Context) (*proposal.Pack, error)
	Scores(ctx context.Context, viewer proposal.Person, p store.Period, by []proposal.ScoringItem) ([]store.DivisionScore, error)
	Statistics(ctx context.Context, viewer proposal.Person, p store.Period, by store.Cut, of []store.Rate) ([]store.RateRow, error)
	StatisticsOfTwoYears(ctx context.Context, viewer proposal.Person, p store.Period, by store.Cut, of []store.Rate) ([]store.RateRow, error)
	StatisticsCases(ctx context.Context, viewer proposal.Person, p store.Period) ([]store.RateCase, error)
	Stays(ctx context.Context, p store.Period) ([]store.Stay, error)
	StuckCases(ctx context.Context) (ids []string, err error)
	Suppose(ctx context.Context, of store.Supposition) (store.Supposed, error)
	TaskReasons(ctx context.Context, rows []store.CaseRow) (map[string]*store.TaskReason, error)
	Undelivered(ctx context.Context, person proposal.PersonID) ([]store.UndeliveredMail, error)
	WatchRules(ctx context.Context) (proposal.WatchRules, error)
	WithoutPassword(ctx context.Context) ([]proposal.PersonID, error)
}
