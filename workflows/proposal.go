package workflows

import (
	"errors"
	"slices"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// Proposal carries one case from intake to closure, through every round, and on until the last commitment is settled. Whether it ends
// is the record's to say: a cancellation that somebody asks of the engine is not heard.
func Proposal(ctx workflow.Context, in ProposalInput) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
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
	at      ledger.Position
	shown   shown
	refused bool // a first action was refused, so there may be no case
	alarm   alarm
	told    []ledger.StrandPosition // what the workflows of the strands have been told
	moved   workflow.ReceiveChannel // of RowMoved
}

// run is the process. Each step returns when the case has left it, or at once if the case is elsewhere; a case that is
// sent back, or whose deputy is not satisfied, takes another turn.
func (p *process) run(ctx workflow.Context) error {
	steps := []func(workflow.Context) error{
		p.intake,
		p.assignment,
		p.consultation,
		p.drafting,
		p.approval,
		p.dispatch,
		p.followUp,
		p.closure,
		p.commitments,
	}
	for {
		if p.finished() {
			// An action under way may open the case again, and whoever waits for its answer would get none from a workflow that has ended.
			err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) || !p.finished() })
			if err != nil || p.finished() {
				return err
			}
		}
		before := p.at.Seq
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return err
			}
		}
		if p.at.Stage == proposal.Unregistered {
			return nil // the registration was refused: there is no case
		}
		if p.at.Seq == before && !p.finished() {
			// A newer worker has taken the case to a stage that this code does not know.
			if err := p.while(ctx, func() bool { return p.at.Seq == before }); err != nil {
				return err
			}
		}
	}
}

// finished reports that nothing of the case asks for this workflow any more.
func (p *process) finished() bool {
	return p.at.Stage.Ended() && len(p.at.Strands) == 0 && len(p.told) == 0
}

// intake (登记): the liaison registers the proposal. The legal clock starts.
func (p *process) intake(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool {
		return p.at.Stage != proposal.Unregistered || p.refused && workflow.AllHandlersFinished(ctx)
	})
}

// assignment (分办): the liaison proposes a division and an internal due date, or asks the assigning body to take the case back
// (退件); the leader in charge approves; the division head accepts and names the handler, or refuses and the case is routed again.
func (p *process) assignment(ctx workflow.Context) error {
	return p.during(ctx, proposal.Registered, proposal.ReturnReview, proposal.ReturnDecision, proposal.Assigning, proposal.Accepting)
}

// consultation (沟通): the handler tries to reach the deputy until the points are confirmed, or the division head waives it. From
// here on co-opinions are asked for; each unit is carried by a workflow of its own.
func (p *process) consultation(ctx workflow.Context) error {
	return p.during(ctx, proposal.Consulting)
}

// drafting (拟稿): the handler writes; only the version that is submitted is an action.
func (p *process) drafting(ctx workflow.Context) error {
	return p.during(ctx, proposal.Drafting)
}

// approval (审核、签发): the reviewers of the rule pack's chain pass the draft, co-handling divisions countersign, the leader signs
// it; each may send it back.
func (p *process) approval(ctx workflow.Context) error {
	return p.during(ctx, proposal.DivisionReview, proposal.OfficeReview, proposal.LegalReview, proposal.OpennessReview, proposal.SignOff)
}

// dispatch (编号用印、送达): the office numbers, seals and sends the reply. The reply clocks are met.
func (p *process) dispatch(ctx workflow.Context) error {
	return p.during(ctx, proposal.Numbering, proposal.Dispatching)
}

// publishing is the stage that came after dispatch before publication and feedback ran side by side. Cases whose workflow
// was recorded then still believe in it.
const publishing proposal.Stage = "publication"

// followUp (公开 ∥ 征询意见): the reply is published, by a workflow of its own, while the deputy is asked; a deputy who is not
// satisfied takes the case into another round or, after the last, up to the congress (上报).
func (p *process) followUp(ctx workflow.Context) error {
	return p.during(ctx, proposal.Answered, publishing, proposal.ReportingUp)
}

// closure (办结归档): the liaison files the case.
func (p *process) closure(ctx workflow.Context) error {
	return p.during(ctx, proposal.Closing)
}

// commitments (承诺跟踪): the case has ended and promises are still to be kept, or what was withheld is still to be examined again.
// Their workflows ring; this one takes the actions.
func (p *process) commitments(ctx workflow.Context) error {
	return p.while(ctx, func() bool { return p.at.Stage.Ended() && !p.finished() })
}

// during stays while the case is in one of the stages.
func (p *process) during(ctx workflow.Context, stages ...proposal.Stage) error {
	return p.while(ctx, func() bool { return slices.Contains(stages, p.at.Stage) })
}

// while stays as long as the case is here, rings its clocks and tells its strands what has changed.
func (p *process) while(ctx workflow.Context, here func() bool) error {
	for here() {
		p.alarm.set(ctx, p.at.RingAt, string(p.at.Clock))
		err := workflow.Await(ctx, func() bool {
			return !here() || p.untold() || p.alarm.rings() || p.alarm.tooLate(p.at.RingAt) || p.historyFull(ctx)
		})
		switch {
		case err != nil:
			return err
		case p.untold():
			p.tellStrands(ctx)
		case p.alarm.rings():
			if err := p.ring(ctx); err != nil {
				return err
			}
		case here() && p.historyFull(ctx):
			for m := (RowMoved{}); p.moved.ReceiveAsync(&m); m = (RowMoved{}) {
				p.follow(m) // the next run will not hear of what came in the same moment
			}
			return workflow.NewContinueAsNewError(ctx, Proposal, ProposalInput{CaseID: p.caseID, Position: p.at})
		}
	}
	return nil
}

// historyFull reports that the engine wants a fresh history and no action is under way.
func (p *process) historyFull(ctx workflow.Context) bool {
	return workflow.GetInfo(ctx).GetContinueAsNewSuggested() && workflow.AllHandlersFinished(ctx)
}

// ring records the bell that is due. A clock that was met, moved or rung meanwhile is left alone.
func (p *process) ring(ctx workflow.Context) error {
	cmd := activities.RingCommand{CaseID: p.caseID, Clock: p.at.Clock, Ref: p.at.Ref, At: p.at.RingAt, Seq: p.at.Seq}
	bell, err := ringBell(ctx, cmd)
	p.alarm = alarm{notBefore: bell.again}
	if p.adopt(bell.row); err != nil {
		return err
	}
	return p.show(ctx)
}

// untold reports that a strand has changed and its workflow does not know.
func (p *process) untold() bool {
	return !slices.EqualFunc(p.told, p.at.Strands, ledger.StrandPosition.Equal)
}

// tellStrands starts the workflows of new strands and tells the others what has changed; one that is done ends. Each may
// run already, or may have been lost: the id is a function of the strand, and telling twice does no harm.
func (p *process) tellStrands(ctx workflow.Context) {
	row, told := p.at, p.told
	p.told = row.Strands
	for _, at := range row.Strands {
		known := slices.IndexFunc(told, at.Same)
		switch {
		case known < 0:
			if !p.begin(ctx, row.Seq, at) {
				p.tell(ctx, StrandChange{Seq: row.Seq, At: at})
			}
		case !told[known].Equal(at):
			if !p.tell(ctx, StrandChange{Seq: row.Seq, At: at}) {
				p.begin(ctx, row.Seq, at)
			}
		}
	}
	for _, at := range told {
		if _, open := row.Strand(at); !open {
			p.tell(ctx, StrandChange{Seq: row.Seq, At: at, Done: true})
		}
	}
}

// carriers are the workflows that carry strands, by kind.
var carriers = map[proposal.StrandKind]any{
	proposal.OpinionStrand: CoHandling, proposal.PublicationStrand: Publication, proposal.CommitmentStrand: Commitment,
}

// begin starts the workflow of a strand; false if it runs already. It is abandoned, not owned: this workflow may continue as
// new, or end, before it.
func (p *process) begin(ctx workflow.Context, seq int, at ledger.StrandPosition) bool {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            StrandWorkflowID(p.caseID, at),
		WorkflowTaskTimeout:   2 * time.Second,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:         p.shown.Number,
	})
	in := StrandInput{CaseID: p.caseID, Seq: seq, At: at}
	return workflow.ExecuteChildWorkflow(ctx, carriers[at.Kind], in).GetChildWorkflowExecution().Get(ctx, nil) == nil
}

// tell signals the workflow of a strand; false if none runs.
func (p *process) tell(ctx workflow.Context, change StrandChange) bool {
	return workflow.SignalExternalWorkflow(ctx, StrandWorkflowID(p.caseID, change.At), "", StrandSignal, change).Get(ctx, nil) == nil
}

// listen accepts what comes from outside.
func (p *process) listen(ctx workflow.Context) error {
	p.moved = workflow.GetSignalChannel(ctx, RowSignal)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var m RowMoved
			p.moved.Receive(ctx, &m)
			p.follow(m)
		}
	})
	return errors.Join(
		workflow.SetUpdateHandlerWithOptions(ctx, ActUpdate, p.act, workflow.UpdateHandlerOptions{Validator: validCommand}),
		workflow.SetUpdateHandler(ctx, AdoptUpdate, func(ctx workflow.Context, row ledger.Position) error {
			p.adopt(row)
			p.told = nil // whoever reconciles has found a strand without its workflow, or behind: all are told again
			return p.show(ctx)
		}),
		workflow.SetQueryHandler(ctx, PositionQuery, func() (ledger.Position, error) { return p.at, nil }),
	)
}

// act records one action of a person. It answers when the row is committed. It lets through actions that this workflow
// believes impossible: the row decides, and heals a workflow that is behind it.
func (p *process) act(ctx workflow.Context, cmd ledger.Command) (ledger.Outcome, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a handler's context is not the workflow's
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 8 * time.Second, // within which a database that was restarted is there again
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, MaximumInterval: time.Second},
	})
	var outcome ledger.Outcome
	err := workflow.ExecuteLocalActivity(ctx, cases.Record, cmd).Get(ctx, &outcome)
	p.adopt(outcome.Position)
	p.refused = p.refused || err != nil || outcome.Refusal != nil
	if err != nil {
		return outcome, err
	}
	return outcome, p.show(ctx)
}

// adopt follows the row: its position wins unless it is the older one.
func (p *process) adopt(row ledger.Position) {
	if row.Seq > p.at.Seq {
		p.at = row
	}
}

// follow takes over a position that a strand's workflow has brought about. That one need not be told.
func (p *process) follow(m RowMoved) {
	if m.Row.Seq <= p.at.Seq {
		return
	}
	p.adopt(m.Row)
	i := slices.IndexFunc(p.told, m.By.Same)
	if at, open := m.Row.Strand(m.By); open && i >= 0 {
		p.told = slices.Clone(p.told)
		p.told[i] = at
	}
}

// validCommand checks shape and size alone.
func validCommand(_ workflow.Context, cmd ledger.Command) error {
	return errors.Join(uuid.Validate(cmd.CaseID), uuid.Validate(cmd.ActionID))
}

// alarm is the one durable timer of a case. It is set anew only when an earlier time appears: one that fires early is
// cheaper than one cancelled at every action.
type alarm struct {
	at        time.Time
	timer     workflow.Future
	cancel    workflow.CancelFunc
	notBefore time.Time // a bell has just been tried in vain
}

// It bears the name of the clock for which it was set.
func (a *alarm) set(ctx workflow.Context, at time.Time, name string) {
	if !at.IsZero() && at.Before(a.notBefore) {
		at = a.notBefore
	}
	if at.IsZero() || a.timer != nil && !a.tooLate(at) {
		return
	}
	if a.cancel != nil {
		a.cancel()
	}
	timerCtx, cancel := workflow.WithCancel(ctx)
	a.at, a.cancel = at, cancel
	a.timer = workflow.NewTimerWithOptions(timerCtx, at.Sub(workflow.Now(ctx)), workflow.TimerOptions{Summary: name})
}

// rings reports that the time has come.
func (a *alarm) rings() bool { return a.timer != nil && a.timer.IsReady() }

// tooLate reports that the alarm would ring after the wanted time.
func (a *alarm) tooLate(wanted time.Time) bool {
	return !wanted.IsZero() && (a.timer == nil || wanted.Before(a.at) && a.notBefore.Before(a.at))
}
