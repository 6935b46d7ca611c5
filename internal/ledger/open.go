package ledger

import (
	"context"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
)

// CasePosition is an unfinished case as its row has it.
type CasePosition struct {
	CaseID   string
	Position Position
	Stuck    bool      // proposal.Staff.Stuck: it has no way on today (R21)
	MovedAt  time.Time // when somebody last acted
}

// Drift is what a reconciliation found: how far workflows and rows had come apart. Behind, Missing, Failed and
// Stalled must read 0.
type Drift struct {
	At      time.Time `json:"at"` // UTC
	Checked int       `json:"checked"`
	Behind  int       `json:"behind"`  // a workflow had missed an action or a bell; it was told
	Missing int       `json:"missing"` // a case, or a strand of it, had no running workflow, or one that did not get on; one was started
	Failed  int       `json:"failed"`  // could not be compared or mended
	Stalled int       `json:"stalled"` // an unfinished case that has no way on (R21): the overview lists them
	Watch   bool      `json:"watch"`   // found between two reconciliations, among the workflows that somebody had interfered with
}

// Apart counts what had come apart.
func (d Drift) Apart() int { return d.Behind + d.Missing + d.Failed }

// OpenCases lists the unfinished cases of the record and keeps drift reports.
type OpenCases interface {
	// OpenPositions returns up to limit unfinished cases with ids above after, in order of id.
	OpenPositions(ctx context.Context, after string, limit int) ([]CasePosition, error)
	// State reads the state of one case.
	State(ctx context.Context, caseID string) (proposal.State, error)
	// Key is what the case is registered under.
	Key(ctx context.Context, caseID string) (assembly.RegisterKey, error)
	// ReconciledAt is when the last reconciliation began; zero if there was none.
	ReconciledAt(ctx context.Context) (time.Time, error)
	// SaveDrift keeps the report of a reconciliation.
	SaveDrift(ctx context.Context, d Drift) error
	// TookUp writes an event that says why a case was taken up again from its row, once for each id and, of a workflow that is stuck, once
	// an hour: false if it is written already.
	TookUp(ctx context.Context, caseID, id, kind string) (bool, error)
}

// Gone is somebody by whom a case waits, and who may no longer be who it needs.
type Gone struct {
	CaseID string
	Person proposal.PersonID
	Today  proposal.Person // zero: has left
	State  proposal.State
	Claims map[proposal.TaskKey]proposal.PersonID // those of the person
}

// PeopleRecord tells by whom cases wait.
type PeopleRecord interface {
	// Gone lists whoever has something of an open case and seems to be no longer there, or not that any more.
	Gone(ctx context.Context) ([]Gone, error)
}
