package activities

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/banli/banli/internal/proposal"
	"go.temporal.io/sdk/activity"
)

// CasePosition is an unfinished case as its row has it.
type CasePosition struct {
	CaseID   string
	Position Position
	Asks     bool // somebody has a task of it
}

// stalled reports that nobody has the case and nothing will ever remind of it.
func (c CasePosition) stalled() bool {
	return !c.Asks && c.Position.RingAt.IsZero() &&
		!slices.ContainsFunc(c.Position.Strands, func(r StrandPosition) bool { return !r.RingAt.IsZero() })
}

// Drift is what a reconciliation found: how far workflows and rows had come apart. Behind, Missing, Failed and
// Stalled must read 0.
type Drift struct {
	At      time.Time `json:"at"` // UTC
	Checked int       `json:"checked"`
	Behind  int       `json:"behind"`  // a workflow had missed an action; it was told
	Missing int       `json:"missing"` // a case, or a strand of it, had no running workflow; one was started
	Failed  int       `json:"failed"`  // could not be compared or mended
	Stalled int       `json:"stalled"` // an unfinished case that has neither a task nor an armed clock
}

// Engine is the side of the engine that reconciliation needs.
type Engine interface {
	// Position asks a case's workflow where it believes to stand; ok is false if none runs.
	Position(ctx context.Context, caseID string) (p Position, ok bool, err error)
	// StrandPosition asks a strand's workflow the same.
	StrandPosition(ctx context.Context, caseID string, r StrandPosition) (p StrandPosition, ok bool, err error)
	// Adopt brings the workflow of a case, and those of its strands, to the position of its row, starting what does not run.
	Adopt(ctx context.Context, caseID string, p Position) error
}

// OpenCases lists the unfinished cases of the record and keeps drift reports.
type OpenCases interface {
	// OpenPositions returns up to limit unfinished cases with ids above after, in order of id.
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
		for i, trouble := range r.compare(ctx, batch) {
			if trouble != inStep {
				suspects = append(suspects, batch[i].CaseID)
			}
			if batch[i].stalled() {
				drift.Stalled++
			}
			drift.Checked++
			after = batch[i].CaseID
		}
		if len(batch) < reconcileBatch {
			return suspects, ctx.Err()
		}
	}
}

// trouble is how the workflows of a case and its row have come apart.
type trouble int

const (
	inStep      trouble = iota
	behind              // a workflow has missed an action
	missing             // one does not run
	unreachable         // one could not be asked
)

// compare tells for each case whether its workflows are in step with it.
func (r *Reconciler) compare(ctx context.Context, cases []CasePosition) []trouble {
	found := make([]trouble, len(cases))
	var asked sync.WaitGroup
	free := make(chan struct{}, lanes)
	for i, c := range cases {
		free <- struct{}{}
		asked.Go(func() {
			found[i] = r.ask(ctx, c.CaseID, c.Position)
			activity.RecordHeartbeat(ctx)
			<-free
		})
	}
	asked.Wait()
	return found
}

// ask compares a case's workflow, and those of its strands, with its row.
func (r *Reconciler) ask(ctx context.Context, caseID string, row Position) trouble {
	p, running, err := r.Engine.Position(ctx, caseID)
	switch {
	case err != nil:
		return unreachable
	case !running:
		return missing
	case p.Seq < row.Seq:
		return behind
	case p.Seq > row.Seq: // an action was committed since the row was read
		return inStep
	}
	for _, want := range row.Strands {
		believed, running, err := r.Engine.StrandPosition(ctx, caseID, want)
		switch {
		case err != nil:
			return unreachable
		case !running:
			return missing
		case !believed.Equal(want):
			return behind
		}
	}
	return inStep
}

// mend looks at one case again and, if its workflows are still not in step with its row, brings them there.
func (r *Reconciler) mend(ctx context.Context, caseID string, drift *Drift) {
	state, err := r.Cases.State(ctx, caseID)
	if err != nil {
		drift.Failed++
		return
	}
	if state.Finished() {
		return
	}
	row := PositionOf(state)
	switch r.ask(ctx, caseID, row) {
	case inStep:
		return
	case unreachable:
		drift.Failed++
		return
	case behind:
		drift.Behind++
	case missing:
		drift.Missing++
	}
	if err := r.Engine.Adopt(ctx, caseID, row); err != nil {
		drift.Failed++
	}
}
