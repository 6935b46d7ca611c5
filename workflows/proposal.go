package workflows

import (
	"errors"
	"slices"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// Proposal carries one case from intake to closure.
func Proposal(ctx workflow.Context, in ProposalInput) error {
	p := &process{caseID: in.CaseID, at: in.Position}
	if err := p.listen(ctx); err != nil {
		return err
	}
	return p.run(ctx)
}

// cases names the activities, checked by the compiler; nothing is called on it. A method expression would do for a worker but
// not for the replayer, which knows no activities.
var cases *activities.Cases

// process is one case on its way. The record in Postgres decides; process follows it.
type process struct {
	caseID  string
	at      activities.Position
	refused bool // a first action was refused, so there may be no case
	alarm   alarm
}

// run is the process. Each step returns when the case has left it, or at once if the case is elsewhere; a case that is
// sent back takes another turn.
func (p *process) run(ctx workflow.Context) error {
	steps := []func(workflow.Context) error{
		p.intake,
		p.assignment,
		p.consultation,
		p.drafting,
		p.approval,
		p.dispatch,
		p.publication,
		p.closure,
	}
	for p.at.Stage != proposal.Closed {
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return err
			}
		}
		if p.at.Stage == proposal.Unregistered {
			return nil // the registration was refused: there is no case
		}
	}
	return nil
}

// intake (登记): the liaison registers the proposal. The legal clock starts.
func (p *process) intake(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool {
		return p.at.Stage != proposal.Unregistered || p.refused && workflow.AllHandlersFinished(ctx)
	})
}

// assignment (分办): the liaison proposes a division and an internal due date, the deputy head approves, the division head
// accepts and names the handler, or refuses and the case is routed again.
func (p *process) assignment(ctx workflow.Context) error {
	return p.during(ctx, proposal.Registered, proposal.Assigning, proposal.Accepting)
}

// consultation (沟通): the handler tries to reach the deputy until the points are confirmed, or the division head waives it.
func (p *process) consultation(ctx workflow.Context) error {
	return p.during(ctx, proposal.Consulting)
}

// drafting (拟稿): the handler writes; only the version that is submitted is an action.
func (p *process) drafting(ctx workflow.Context) error {
	return p.during(ctx, proposal.Drafting)
}

// approval (审核、签发): division head, office and openness reviewer pass the draft, the leader signs it; each may send it back.
func (p *process) approval(ctx workflow.Context) error {
	return p.during(ctx, proposal.DivisionReview, proposal.OfficeReview, proposal.OpennessReview, proposal.SignOff)
}

// dispatch (编号用印、送达): the office numbers, seals and sends the letter. The reply clocks are met, that of publication starts.
func (p *process) dispatch(ctx workflow.Context) error {
	return p.during(ctx, proposal.Numbering, proposal.Dispatching)
}

// publication (公开): the publisher puts the signed text on the public site. A reply that may not be published skips it.
func (p *process) publication(ctx workflow.Context) error {
	return p.during(ctx, proposal.Publishing)
}

// closure (办结归档): the liaison files the case.
func (p *process) closure(ctx workflow.Context) error {
	return p.during(ctx, proposal.Closing)
}

// during stays while the case is in one of the stages, and rings its clocks.
func (p *process) during(ctx workflow.Context, stages ...proposal.Stage) error {
	here := func() bool { return slices.Contains(stages, p.at.Stage) }
	for here() {
		p.alarm.set(ctx, p.at.RingAt)
		err := workflow.Await(ctx, func() bool {
			return !here() || p.alarm.rings() || p.alarm.tooLate(p.at.RingAt) || p.historyFull(ctx)
		})
		switch {
		case err != nil:
			return err
		case p.alarm.rings():
			if err := p.ring(ctx); err != nil {
				return err
			}
		case here() && p.historyFull(ctx):
			return workflow.NewContinueAsNewError(ctx, Proposal, ProposalInput{CaseID: p.caseID, Position: p.at})
		}
	}
	return nil
}

// historyFull reports that the engine wants a fresh history and no action is under way.
func (p *process) historyFull(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() && workflow.AllHandlersFinished(ctx)
}

// ring records that the clock which is due has run out. A clock that was met, moved or rung meanwhile is left alone.
func (p *process) ring(ctx workflow.Context) error {
	p.alarm = alarm{}
	if p.at.RingAt.IsZero() || workflow.Now(ctx).Before(p.at.RingAt) {
		return nil
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 10 * time.Second})
	var outcome activities.Outcome
	cmd := activities.RingCommand{CaseID: p.caseID, Clock: p.at.Clock, At: p.at.RingAt}
	if err := workflow.ExecuteActivity(ctx, cases.Ring, cmd).Get(ctx, &outcome); err != nil {
		return err
	}
	p.adopt(outcome.Position)
	if outcome.Refusal != nil && outcome.Refusal.Code == proposal.NotDue {
		return workflow.Sleep(ctx, time.Second) // this worker's clock is behind the engine's
	}
	return nil
}

// listen accepts what comes from outside.
func (p *process) listen(ctx workflow.Context) error {
	return errors.Join(
		workflow.SetUpdateHandlerWithOptions(ctx, ActUpdate, p.act, workflow.UpdateHandlerOptions{Validator: validCommand}),
		workflow.SetUpdateHandler(ctx, AdoptUpdate, func(_ workflow.Context, row activities.Position) error {
			p.adopt(row)
			return nil
		}),
		workflow.SetQueryHandler(ctx, PositionQuery, func() (activities.Position, error) { return p.at, nil }),
	)
}

// act records one action of a person. It answers when the row is committed. It lets through actions that this workflow
// believes impossible: the row decides, and heals a workflow that is behind it.
func (p *process) act(ctx workflow.Context, cmd activities.Command) (activities.Outcome, error) {
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 8 * time.Second,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, MaximumAttempts: 3},
	})
	var outcome activities.Outcome
	err := workflow.ExecuteLocalActivity(ctx, cases.Record, cmd).Get(ctx, &outcome)
	p.adopt(outcome.Position)
	p.refused = p.refused || err != nil || outcome.Refusal != nil
	return outcome, err
}

// adopt follows the row: its position wins unless it is the older one.
func (p *process) adopt(row activities.Position) {
	if row.Seq > p.at.Seq {
		p.at = row
	}
}

// validCommand checks shape and size alone.
func validCommand(_ workflow.Context, cmd activities.Command) error {
	return errors.Join(uuid.Validate(cmd.CaseID), uuid.Validate(cmd.ActionID))
}

// alarm is the one durable timer of a case. It is set anew only when an earlier time appears: one that fires early is
// cheaper than one cancelled at every action.
type alarm struct {
	at     time.Time
	timer  workflow.Future
	cancel workflow.CancelFunc
}

func (a *alarm) set(ctx workflow.Context, at time.Time) {
	if at.IsZero() || a.timer != nil && !a.tooLate(at) {
		return
	}
	if a.cancel != nil {
		a.cancel()
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	a.at, a.cancel = at, cancel
	a.timer = workflow.NewTimer(timerCtx, at.Sub(workflow.Now(ctx)))
}

// rings reports that the time has come.
func (a *alarm) rings() bool { return a.timer != nil && a.timer.IsReady() }

// tooLate reports that the alarm would ring after the wanted time.
func (a *alarm) tooLate(wanted time.Time) bool {
	return !wanted.IsZero() && (a.timer == nil || wanted.Before(a.at))
}
