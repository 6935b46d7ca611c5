package activities

import (
	"context"
	"sync"
	"time"

	"github.com/banli/banli/internal/proposal"
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
	// State reads the state of one case.
	State(ctx context.Context, caseID string) (proposal.State, error)
	SaveDrift(ctx context.Context, d Drift) error
}

// Reconciler compares every open case with its workflow.
type Reconciler struct {
	Cases  OpenCases
	Engine Engine
	Now    func() time.Time
}

const (
	// reconcileBatch is how many cases are read at a time.
	reconcileBatch = 500
	// settling is how long an action that was under way at the first look has to reach its workflow.
	settling = 3 * time.Second
	// lanes is how many workflows are asked at a time. One that a killed worker held in its cache answers only after the
	// sticky timeout of a second: one after another, a thousand open cases would take a quarter of an hour.
	lanes = 32
)

// Reconcile compares every open case with its workflow, brings those behind to their row's position, and reports the
// drift. It is run at every worker start and nightly.
func (r *Reconciler) Reconcile(ctx context.Context) (Drift, error) {
	drift := Drift{At: r.Now().UTC()}
	suspects, err := r.look(ctx, &drift)
	if err != nil {
		return drift, err
	}
	if len(suspects) > 0 {
		select {
		case <-ctx.Done():
			return drift, ctx.Err()
		case <-time.After(settling):
		}
	}
	for _, caseID := range suspects {
		r.mend(ctx, caseID, &drift)
		activity.RecordHeartbeat(ctx, drift)
	}
	return drift, r.Cases.SaveDrift(ctx, drift)
}

// look returns the cases whose workflow is not where the row is. Some of them only have an action under way.
func (r *Reconciler) look(ctx context.Context, drift *Drift) (suspects []string, err error) {
	for after := ""; ; {
		batch, err := r.Cases.OpenPositions(ctx, after, reconcileBatch)
		if err != nil {
			return nil, err
		}
		for i, behind := range r.compare(ctx, batch) {
			if behind {
				suspects = append(suspects, batch[i].CaseID)
			}
			drift.Checked++
			after = batch[i].CaseID
		}
		if len(batch) < reconcileBatch {
			return suspects, ctx.Err()
		}
	}
}

// compare tells for each case whether its workflow is behind it, missing, or not to be reached.
func (r *Reconciler) compare(ctx context.Context, cases []CasePosition) (behind []bool) {
	behind = make([]bool, len(cases))
	var asked sync.WaitGroup
	free := make(chan struct{}, lanes)
	for i, c := range cases {
		free <- struct{}{}
		asked.Go(func() {
			p, running, err := r.Engine.Position(ctx, c.CaseID)
			behind[i] = err != nil || !running || p.Seq < c.Position.Seq
			activity.RecordHeartbeat(ctx)
			<-free
		})
	}
	asked.Wait()
	return behind
}

// mend looks at one case again and, if its workflow is still behind its row, brings it there.
func (r *Reconciler) mend(ctx context.Context, caseID string, drift *Drift) {
	state, err := r.Cases.State(ctx, caseID)
	if err != nil {
		drift.Failed++
		return
	}
	believed, running, err := r.Engine.Position(ctx, caseID)
	switch {
	case err != nil:
		drift.Failed++
		return
	case running && believed.Seq >= state.Seq, !running && state.Stage == proposal.Closed:
		return
	case running:
		drift.Behind++
	default:
		drift.Missing++
	}
	if err := r.Engine.Adopt(ctx, caseID, PositionOf(state)); err != nil {
		drift.Failed++
	}
}
