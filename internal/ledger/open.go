package ledger

import (
	"context"
	"slices"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// CasePosition is an unfinished case as its row has it.
type CasePosition struct {
	CaseID   string
	Position Position
	Asks     bool      // somebody has a task of it
	MovedAt  time.Time // when somebody last acted
}

// Stalled reports that nobody has the case and nothing will ever remind of it.
func (c CasePosition) Stalled() bool {
	return !c.Asks && c.Position.RingAt.IsZero() &&
		!slices.ContainsFunc(c.Position.Strands, func(r StrandPosition) bool { return !r.RingAt.IsZero() })
}

// Drift is what a reconciliation found: how far workflows and rows had come apart. Behind, Missing, Failed and
// Stalled must read 0.
type Drift struct {
	At      time.Time `json:"at"` // UTC
	Checked int       `json:"checked"`
	Behind  int       `json:"behind"`  // a workflow had missed an action or a bell; it was told
	Missing int       `json:"missing"` // a case, or a strand of it, had no running workflow, or one that did not get on; one was started
	Failed  int       `json:"failed"`  // could not be compared or mended
	Stalled int       `json:"stalled"` // an unfinished case that has neither a task nor an armed clock
	Watch   bool      `json:"watch"`   // found between two reconciliations, among the workflows that somebody had interfered with
}

// Apart reports that something was found.
func (d Drift) Apart() bool { return d.Behind+d.Missing+d.Failed > 0 }

// OpenCases lists the unfinished cases of the record and keeps drift reports.
type OpenCases interface {
	// OpenPositions returns up to limit unfinished cases with ids above after, in order of id.
	OpenPositions(ctx context.Context, after string, limit int) ([]CasePosition, error)
	// State reads the state of one case.
	State(ctx context.Context, caseID string) (proposal.State, error)
	// Key is what the case is registered under.
	Key(ctx context.Context, caseID string) (proposal.RegisterKey, error)
	// ReconciledAt is when the last reconciliation began; zero if there was none.
	ReconciledAt(ctx context.Context) (time.Time, error)
	SaveDrift(ctx context.Context, d Drift) error
	// TookUp writes an event that says why a case was taken up again from its row, once for each id and, of a workflow that is stuck, once
	// an hour: false if it is written already.
	TookUp(ctx context.Context, caseID, id, kind string) (bool, error)
}
