package activities

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
)

// Incident is a workflow of a case, or of a strand of one, that ended before its time, or that fails whenever it is to go on.
type Incident struct {
	CaseID     string
	WorkflowID string
	RunID      string
	Stuck      bool // it runs, and fails
}

// UnreadableError says that a workflow cannot be asked since its history cannot be read: the key is lost that encrypted it, or the code is not the one that
// wrote it. Only a new one from the row helps.
type UnreadableError struct {
	WorkflowID string
	Err        error
}

func (e *UnreadableError) Error() string {
	return "the history of workflow " + e.WorkflowID + " cannot be read: " + e.Err.Error()
}

func (e *UnreadableError) Unwrap() error { return e.Err }

// Engine is the side of the engine that reconciliation needs.
type Engine interface {
	// Position asks a case's workflow where it believes to stand; ok is false if none runs. The error may be an *UnreadableError.
	Position(ctx context.Context, caseID string) (p ledger.Position, ok bool, err error)
	// StrandPosition asks a strand's workflow the same.
	StrandPosition(ctx context.Context, caseID string, r ledger.StrandPosition) (p ledger.StrandPosition, ok bool, err error)
	// Adopt brings the workflow of a case, and those of its strands, to the position of its row, starting what does not run.
	Adopt(ctx context.Context, caseID string, p ledger.Position) error
	// Running lists what runs, by one question for all; what has just been started may be missing.
	Running(ctx context.Context) (Running, error)
	// Incidents lists the workflows that ended before their time since then, and those that are stuck now.
	Incidents(ctx context.Context, since time.Time) ([]Incident, error)
	// End terminates a workflow, that of the case itself if the incident names none.
	End(ctx context.Context, i Incident) error
}

// Running tells whether a case, and every strand of it, has a running workflow.
type Running interface {
	Complete(caseID string, p ledger.Position) bool
}

// Reconciler compares open cases with their workflows.
type Reconciler struct {
	Cases  ledger.OpenCases
	Engine Engine
	Ring   func(ctx context.Context, cmd RingCommand) (ledger.Outcome, error)
	Now    func() time.Time
	// Indexed: as in Cases.
	Indexed bool
}

const (
	// reconcileBatch is how many cases are read at a time.
	reconcileBatch = 500
	// settling is how long an action that was under way at the first look has to reach its workflow.
	settling = 3 * time.Second
	// lanes is how many workflows are asked at a time. One that a killed worker held in its cache answers only after the sticky timeout of a
	// second, but to ask all at once would shut the office: people's actions stand in the same queue.
	lanes = 4
	// breath is left to people between two questions of a lane.
	breath = 50 * time.Millisecond
	// overdue is how long after its time a bell may still be under way.
	overdue = 5 * time.Minute
)

// Reconcile looks for open cases that have come apart from their workflows, brings those to their row's position, and reports the drift. It
// reads the rows and asks only the workflows that may be behind. It is run at every worker start and hourly.
func (r *Reconciler) Reconcile(ctx context.Context) (ledger.Drift, error) {
	drift := ledger.Drift{At: r.Now().UTC()}
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
	r.mendAll(ctx, suspects, &drift)
	if ctx.Err() != nil {
		return drift, ctx.Err()
	}
	return drift, r.Cases.SaveDrift(ctx, drift)
}

// look reads every row, and returns the cases whose workflows may be behind: one of them does not run, a bell that is long due has not rung, or
// somebody has acted since the last reconciliation. Only when that began were all others known to be in step.
func (r *Reconciler) look(ctx context.Context, drift *ledger.Drift) (suspects []string, err error) {
	since, err := r.Cases.ReconciledAt(ctx)
	if err != nil {
		return nil, err
	}
	running, err := r.Engine.Running(ctx)
	if err != nil {
		return nil, err
	}
	for after := ""; ; {
		batch, err := r.Cases.OpenPositions(ctx, after, reconcileBatch)
		if err != nil {
			return nil, err
		}
		for _, c := range batch {
			_, late := r.lateBell(c.Position)
			if late || c.MovedAt.After(since.Add(-overdue)) || !running.Complete(c.CaseID, c.Position) {
				suspects = append(suspects, c.CaseID)
			}
			if c.Stuck {
				drift.Stalled++
			}
			drift.Checked++
			after = c.CaseID
		}
		activity.RecordHeartbeat(ctx)
		if len(batch) < reconcileBatch {
			return suspects, ctx.Err()
		}
	}
}

// mendAll asks the workflows of the cases, a few at a time and without haste, and mends what has come apart.
func (r *Reconciler) mendAll(ctx context.Context, cases []string, drift *ledger.Drift) {
	var asked sync.WaitGroup
	var mu sync.Mutex
	next := make(chan string)
	for range min(lanes, len(cases)) {
		asked.Go(func() {
			for caseID := range next {
				found := r.mend(ctx, caseID)
				mu.Lock()
				count(drift, found)
				mu.Unlock()
				activity.RecordHeartbeat(ctx)
				time.Sleep(breath)
			}
		})
	}
	for _, caseID := range cases {
		if ctx.Err() != nil {
			break
		}
		next <- caseID
	}
	close(next)
	asked.Wait()
}

// trouble is how the workflows of a case and its row have come apart.
type trouble int

const (
	inStep  trouble = iota
	behind          // a workflow has missed an action, or a bell
	missing         // one does not run
	ahead           // it knows of an action that the record has not
	failed          // one could not be asked, or not be mended
)

func count(d *ledger.Drift, t trouble) {
	switch t {
	case behind, ahead:
		d.Behind++
	case missing:
		d.Missing++
	case failed:
		d.Failed++
	}
}

// ask compares a case's workflow, and those of its strands, with its row. One that cannot be read is ended.
func (r *Reconciler) ask(ctx context.Context, caseID string, row ledger.Position) trouble {
	found := inStep
	p, running, err := r.Engine.Position(ctx, caseID)
	switch {
	case r.ended(ctx, caseID, err):
		found = missing
	case err != nil:
		return failed
	case !running:
		return missing
	case p.Seq < row.Seq:
		return behind
	case p.Seq > row.Seq:
		return ahead
	}
	for _, want := range row.Strands {
		believed, running, err := r.Engine.StrandPosition(ctx, caseID, want)
		switch {
		case r.ended(ctx, caseID, err):
			found = missing
		case err != nil:
			return failed
		case !running:
			return missing
		case !believed.Equal(want):
			return behind
		}
	}
	return found
}

// ended ends the workflow that an error says cannot be read.
func (r *Reconciler) ended(ctx context.Context, caseID string, err error) bool {
	unreadable := (*UnreadableError)(nil)
	return errors.As(err, &unreadable) && r.Engine.End(ctx, Incident{CaseID: caseID, WorkflowID: unreadable.WorkflowID}) == nil
}

// mend looks at one case and, if its workflows are not in step with its row, brings them there. A bell that its workflow could not ring is rung.
func (r *Reconciler) mend(ctx context.Context, caseID string) trouble {
	state, err := r.Cases.State(ctx, caseID)
	if err != nil {
		return failed
	}
	if state.Finished() {
		return inStep
	}
	row := ledger.PositionOf(state)
	found := r.ask(ctx, caseID, row)
	if found == ahead {
		now, err := r.Cases.State(ctx, caseID)
		if err != nil {
			return failed
		}
		if now.Seq > row.Seq { // an action was committed since the row was read
			return inStep
		}
		// The record is that of a backup, and the engine of later. The record is right.
		if err := r.Engine.End(ctx, Incident{CaseID: caseID}); err != nil {
			return failed
		}
	}
	if bell, late := r.lateBell(row); late && found == inStep {
		bell.CaseID = caseID
		outcome, err := r.Ring(ctx, bell)
		if err != nil || outcome.Refusal != nil {
			return failed
		}
		found, row = behind, outcome.Position
	}
	if found != inStep && found != failed {
		if r.Indexed {
			key, err := r.Cases.Key(ctx, caseID)
			if err != nil {
				return failed
			}
			row.Index = ledger.IndexOf(key, state)
		}
		if err := r.Engine.Adopt(ctx, caseID, row); err != nil {
			return failed
		}
	}
	return found
}

// lateBell is a bell of the case, or of a strand of it, that should have rung long ago.
func (r *Reconciler) lateBell(p ledger.Position) (RingCommand, bool) {
	late := func(at time.Time) bool { return !at.IsZero() && r.Now().Sub(at) > overdue }
	if late(p.RingAt) {
		return RingCommand{Clock: p.Clock, Ref: p.Ref, At: p.RingAt, Seq: p.Seq}, true
	}
	for _, s := range p.Strands {
		if late(s.RingAt) {
			return RingCommand{Clock: s.Clock, Ref: s.Ref, At: s.RingAt, Seq: p.Seq}, true
		}
	}
	return RingCommand{}, false
}

// takeUpSpace makes the id of the event about a run a function of it: however often the run is found, it is told once.
var takeUpSpace = uuid.MustParse("5f6f8f0b-6d52-4c43-9c1b-6d8a0f9b7e55")

// Watch looks for what somebody has done to workflows in the engine itself since a time: terminated, reset or broken them. Their cases are taken up
// again from their rows, with an event that says so. It asks the engine two questions, whatever the number of open cases, and reports only what it
// finds.
func (r *Reconciler) Watch(ctx context.Context, since time.Time) (ledger.Drift, error) {
	drift := ledger.Drift{At: r.Now().UTC(), Watch: true}
	incidents, err := r.Engine.Incidents(ctx, since)
	for _, incident := range incidents {
		found, problem := r.takeUp(ctx, incident)
		drift.Checked++
		count(&drift, found)
		err = errors.Join(err, problem)
	}
	if drift.Apart() > 0 {
		err = errors.Join(err, r.Cases.SaveDrift(ctx, drift))
	}
	return drift, err
}

func (r *Reconciler) takeUp(ctx context.Context, i Incident) (trouble, error) {
	state, err := r.Cases.State(ctx, i.CaseID)
	if refusal := refusalOf(err); err == nil && state.Finished() || refusal != nil && refusal.Code == proposal.NotFound {
		return inStep, nil // whose workflow may end as it likes
	} else if err != nil {
		return failed, err
	}
	kind := proposal.EventInterrupted
	if i.Stuck {
		kind = proposal.EventStuck
	}
	fresh, err := r.Cases.TookUp(ctx, i.CaseID, proposal.SystemID(takeUpSpace, i.RunID), kind)
	switch {
	case err != nil:
		return failed, err
	case i.Stuck && !fresh:
		return failed, nil // a start from the row has not helped: somebody must look at it
	case i.Stuck:
		if err := r.Engine.End(ctx, i); err != nil {
			return failed, err
		}
	}
	found := r.mend(ctx, i.CaseID)
	if found == inStep && fresh {
		return behind, nil // it was, until an action or the engine put it right
	}
	return found, nil
}
