package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
)

// CasePosition is an open case as its row has it.
type CasePosition struct {
	CaseID   string
	Position Position
}

// Drift is what a reconciliation found: how far workflows and rows had come apart. Behind, Missing and Failed must read 0.
type Drift struct {
	At      time.Time `json:"at"` // UTC
	Checked int       `json:"checked"`
	Behind  int       `json:"behind"`  // the workflow had missed an action; it was told
	Missing int       `json:"missing"` // an open case had no running workflow; one was started
	Failed  int       `json:"failed"`  // could not be compared or mended
}

// Engine is the side of the engine that reconciliation needs.
type Engine interface {
	// Position asks a case's workflow where it believes to stand; ok is false if none runs.
	Position(ctx context.Context, caseID string) (p Position, ok bool, err error)
	// Adopt brings the workflow of a case to the position of its row, starting it if none runs.
	Adopt(ctx context.Context, caseID string, p Position) error
}

// OpenCases lists the open cases of the record and keeps drift reports.
type OpenCases interface {
	// OpenPositions returns up to limit open cases with ids above after, in order of id.
	OpenPositions(ctx context.Context, after string, limit int) ([]CasePosition, error)
	SaveDrift(ctx context.Context, d Drift) error
}

// Reconciler compares every open case with its workflow.
type Reconciler struct {
	Cases  OpenCases
	Engine Engine
	Now    func() time.Time
}

// reconcileBatch is how many cases are read at a time.
const reconcileBatch = 500

// Reconcile compares every open case with its workflow, brings those behind to their row's position, and reports the
// drift. It is run at every worker start and nightly.
func (r *Reconciler) Reconcile(ctx context.Context) (Drift, error) {
	drift := Drift{At: r.Now().UTC()}
	for after := ""; ; {
		batch, err := r.Cases.OpenPositions(ctx, after, reconcileBatch)
		if err != nil {
			return drift, err
		}
		for _, c := range batch {
			r.compare(ctx, c, &drift)
			activity.RecordHeartbeat(ctx, drift.Checked)
			after = c.CaseID
		}
		if len(batch) < reconcileBatch {
			break
		}
	}
	return drift, r.Cases.SaveDrift(ctx, drift)
}

func (r *Reconciler) compare(ctx context.Context, c CasePosition, drift *Drift) {
	drift.Checked++
	believed, running, err := r.Engine.Position(ctx, c.CaseID)
	switch {
	case err != nil:
		drift.Failed++
		return
	case running && believed.Seq >= c.Position.Seq:
		return
	case running:
		drift.Behind++
	default:
		drift.Missing++
	}
	if err := r.Engine.Adopt(ctx, c.CaseID, c.Position); err != nil {
		drift.Failed++
	}
}
