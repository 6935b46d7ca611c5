package casefile

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Store is what is read and written of the record here.
type Store interface {
	Bureau(ctx context.Context, signed calendar.Date) (proposal.Bureau, error)
	Case(ctx context.Context, id string) (*store.Case, error)
	Divisions(ctx context.Context) ([]store.Division, error)
	DraftFacts(ctx context.Context, caseID string) (f proposal.Facts, err error)
	Pack(id string) (*proposal.Pack, bool)
	People(ctx context.Context) ([]store.Person, error)
	ReadDrafts(ctx context.Context, by proposal.PersonID, versions map[string]int) (map[string]bool, error)
	SaveAttachment(ctx context.Context, by proposal.PersonID, caseID string, actionID string, info store.AttachmentInfo, data []byte) (store.AttachmentInfo, error)
	States(ctx context.Context, ids []string) (map[string]proposal.State, error)
	Tasks(ctx context.Context, person proposal.PersonID, f store.TaskFilter) (store.Page[store.CaseRow], error)
	Typed(ctx context.Context, person proposal.PersonID, caseID string) ([]store.Typed, error)
	Watchers(ctx context.Context, caseID string) ([]store.Person, error)
	Work(ctx context.Context, caseID string, by proposal.PersonID) (store.Work, error)
}
