package workflows

import (
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// strand is something that runs beside a case in a workflow of its own, keeps its own clock and rings its bells. Like the
// case's workflow it follows the row: the case's workflow tells it what has changed, and it tells the case's when a bell rang.
type strand struct {
	caseID string
	seq    int // of the case, when at was true
	at     ledger.StrandPosition
	done   bool
	alarm  alarm
	told   workflow.ReceiveChannel // of StrandChange
}

// carry runs until the strand is done, or until it continues as a new run under the workflow's own name. It does so when
// the engine asks for it and, besides, once a year: a commitment may live for many years, and no code needs to be kept for
// runs that are older.
func carry(ctx workflow.Context, in StrandInput, under any) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // as in Proposal
	s := &strand{caseID: in.CaseID, seq: in.Seq, at: in.At}
	if err := s.listen(ctx); err != nil {
		return err
	}
	renewal := workflow.Now(ctx).Add(runsFor)
	for !s.done {
		next, name := s.at.RingAt, string(s.at.Clock)
		if next.IsZero() || renewal.Before(next) {
			next, name = renewal, "renewal of the run"
		}
		s.alarm.set(ctx, next, name)
		err := workflow.Await(ctx, func() bool {
			return s.done || s.alarm.rings() || s.alarm.tooLate(s.at.RingAt) || workflow.GetInfo(ctx).GetContinueAsNewSuggested()
		})
		switch {
		case err != nil:
			return err
		case s.done:
		case workflow.GetInfo(ctx).GetContinueAsNewSuggested() || !workflow.Now(ctx).Before(renewal):
			for change := (StrandChange{}); s.told.ReceiveAsync(&change); change = (StrandChange{}) {
				s.adopt(change) // the next run will not hear of what came in the same moment
			}
			if s.done {
				return nil
			}
			return workflow.NewContinueAsNewError(ctx, under, StrandInput{CaseID: s.caseID, Seq: s.seq, At: s.at})
		case s.alarm.rings():
			if err := s.ring(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// runsFor is how long one run of a strand's workflow lives at most.
const runsFor = 365 * 24 * time.Hour

func (s *strand) listen(ctx workflow.Context) error {
	s.told = workflow.GetSignalChannel(ctx, StrandSignal)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var change StrandChange
			s.told.Receive(ctx, &change)
			s.adopt(change)
		}
	})
	return workflow.SetQueryHandler(ctx, PositionQuery, func() (ledger.StrandPosition, error) { return s.at, nil })
}

// adopt follows the row, unless what was told is older than what is known. The same position may be told twice.
func (s *strand) adopt(change StrandChange) {
	if change.Seq >= s.seq {
		s.seq, s.at, s.done = change.Seq, change.At, change.Done
	}
}

// ring records the bell that is due and tells the case's workflow of the row's new position. A case that has no workflow any
// more has nobody to tell.
func (s *strand) ring(ctx workflow.Context) error {
	cmd := activities.RingCommand{CaseID: s.caseID, Clock: s.at.Clock, Ref: s.at.Ref, At: s.at.RingAt, Seq: s.seq}
	bell, err := ringBell(ctx, cmd)
	s.alarm = alarm{notBefore: bell.again}
	if err != nil || !bell.answered {
		return err
	}
	at, open := bell.row.Strand(s.at)
	s.adopt(StrandChange{Seq: bell.row.Seq, At: at, Done: !open})
	_ = workflow.SignalExternalWorkflow(ctx, WorkflowID(s.caseID), "", RowSignal, RowMoved{Row: bell.row, By: at}).Get(ctx, nil)
	return nil
}

// bell is what became of an attempt to ring one.
type bell struct {
	answered bool            // the record was asked and has answered; otherwise row is empty
	row      ledger.Position // where the record says that the case stands
	again    time.Time       // before which there is no sense in trying again; zero: no reason to wait
}

// ringBell records a bell whose time has come. If it has not, since the alarm was set for an earlier one, nothing is asked. A bell that the
// record does not take, or that gets no answer, is tried again later, and holds up nothing meanwhile.
func ringBell(ctx workflow.Context, cmd activities.RingCommand) (b bell, err error) {
	if cmd.At.IsZero() || workflow.Now(ctx).Before(cmd.At) {
		return b, nil
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{MaximumAttempts: 3},
	})
	var outcome ledger.Outcome
	failed := workflow.ExecuteActivity(ctx, cases.Ring, cmd).Get(ctx, &outcome)
	b.answered, b.row = failed == nil, outcome.Position
	pause := time.Minute
	switch {
	case b.answered && outcome.Refusal == nil:
		return b, nil
	case b.answered && outcome.Refusal.Code == proposal.ClockNotDue: // met or moved meanwhile, or this worker's clock is behind the engine's
		pause = time.Second
	}
	if workflow.GetVersion(ctx, "bells-hold-up-nothing", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return b, workflow.Sleep(ctx, pause)
	}
	b.again = workflow.Now(ctx).Add(pause)
	return b, nil
}
