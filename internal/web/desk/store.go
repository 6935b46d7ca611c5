package desk

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Bulk(ctx context.Context, by proposal.PersonID, id string) (store.BulkView, error)
	BulkCases(ctx context.Context, reader proposal.Person, ids []string) (map[string]store.BulkCase, error)
	BulkItems(ctx context.Context, reader proposal.Person, bulkID string, after int, limit int) ([]store.BulkItemRow, error)
	BulksOf(ctx context.Context, by proposal.PersonID, limit int) ([]store.BulkView, error)
	CountTasks(ctx context.Context, person proposal.PersonID, filters []store.TaskFilter) ([]int, error)
	CreateBulk(ctx context.Context, b proposal.Bulk, items []proposal.BulkItem) error
	DeskSettings(ctx context.Context, person proposal.PersonID) (store.DeskSettings, error)
	Divisions(ctx context.Context) ([]store.Division, error)
	Draft(ctx context.Context, caseID string, version int) (store.SavedDraft, error)
	DoneToday(ctx context.Context, person proposal.PersonID) (d store.DayDone, err error)
	HandlerLoads(ctx context.Context) (loads map[proposal.PersonID]store.HandlerLoad, soon calendar.Date, err error)
	Outcomes(ctx context.Context, ids []string) (map[string]store.Outcome, error)
	NextTask(ctx context.Context, person proposal.PersonID, leave store.CaseTask, claim bool) (*store.CaseRow, error)
	Pack(id string) (*proposal.Pack, bool)
	People(ctx context.Context) ([]store.Person, error)
	Person(ctx context.Context, id proposal.PersonID) (store.Person, error)
	Proxies(ctx context.Context, person proposal.PersonID) ([]store.Proxy, error)
	RemoveView(ctx context.Context, by proposal.Person, id string) error
	SaveDeskSettings(ctx context.Context, person proposal.PersonID, d store.DeskSettings) error
	SaveView(ctx context.Context, by proposal.Person, v store.View) error
	SummarizeTasks(ctx context.Context, person proposal.PersonID, f store.TaskFilter, size int) (store.TaskSummary, error)
	TaskCounts(ctx context.Context, person proposal.PersonID) (map[store.Box]int, error)
	TaskKeysMatching(ctx context.Context, person proposal.PersonID, f store.TaskFilter, max int) ([]store.CaseTask, error)
	TaskReasons(ctx context.Context, rows []store.CaseRow) (map[string]*store.TaskReason, error)
	Topics(ctx context.Context) ([]string, error)
	TaskYears(ctx context.Context) ([]int, error)
	Tasks(ctx context.Context, person proposal.PersonID, f store.TaskFilter) (store.Page[store.CaseRow], error)
	Typed(ctx context.Context, person proposal.PersonID, caseID string) ([]store.Typed, error)
	View(ctx context.Context, p proposal.Person, id string) (store.View, error)
	Views(ctx context.Context, p proposal.Person) ([]store.View, error)
	WatchedAmong(ctx context.Context, person proposal.PersonID, cases []string) (map[string]bool, error)
}
