package workflows_test

import (
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// office is one case in the skipped time of a test environment, on a real record.
type office struct {
	t      *testing.T
	env    *testsuite.TestWorkflowEnvironment
	store  *store.Store
	cases  *activities.Cases
	bureau fixture.Bureau
	caseID string
	day    time.Duration // when the next action happens, since the start
	errs   []error
}

var monday = time.Date(2020, 2, 3, 1, 0, 0, 0, time.UTC) // 9:00 in Shanghai

func newOffice(t *testing.T) *office {
	database, bureau := fixture.Database(t)
	record, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(record.Close)
	o := &office{t: t, store: record, bureau: bureau}
	o.begin(monday)
	return o
}

// begin makes a fresh environment on the same record, at a time of its own.
func (o *office) begin(at time.Time) {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	o.env = suite.NewTestWorkflowEnvironment()
	o.cases = &activities.Cases{Ledger: o.store, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: o.env.Now}
	o.store.Now = o.env.Now
	o.env.SetStartTime(at)
	for _, strand := range []any{workflows.CoHandling, workflows.Publication, workflows.Commitment} {
		o.env.RegisterWorkflow(strand)
	}
	o.env.RegisterActivity(o.cases.Record)
	o.env.RegisterActivity(o.cases.Ring)
	o.env.SetDetachedChildWait(false) // strands outlive their case
	o.env.SetTestTimeout(time.Minute)
	o.env.SetWorkflowRunTimeout(10 * 365 * 24 * time.Hour)
}

// after makes what follows happen so much later.
func (o *office) after(d time.Duration) { o.day += d }

// do sends an action through the workflow at the current time of the script. want is nil or the code it is refused with.
func (o *office) do(action func() proposal.Action, want proposal.RefusalCode) {
	o.env.RegisterDelayedCallback(func() {
		a := action()
		if err := o.store.SaveAction(o.t.Context(), o.caseID, a); err != nil {
			o.errs = append(o.errs, err)
			return
		}
		cmd := ledger.Command{CaseID: o.caseID, ActionID: a.ID, Kind: a.Kind}
		o.env.UpdateWorkflow(workflows.ActUpdate, a.ID, &testsuite.TestUpdateCallback{
			OnAccept: func() {},
			OnReject: func(err error) { o.errs = append(o.errs, err) },
			OnComplete: func(result any, err error) {
				outcome, _ := result.(ledger.Outcome)
				switch {
				case err != nil:
					o.errs = append(o.errs, err)
				case want == "" && outcome.Refusal != nil:
					o.errs = append(o.errs, outcome.Refusal)
				case want != "" && (outcome.Refusal == nil || outcome.Refusal.Code != want):
					o.errs = append(o.errs, errors.New("want refusal "+string(want)))
				}
			},
		}, cmd)
	}, o.day)
	o.day += time.Minute
}

func (o *office) register(r *proposal.Registration) {
	o.caseID = workflows.CaseID(r.RegisterKey)
	o.do(func() proposal.Action { return o.bureau.Register(r) }, "")
}

// next carries the case so many stages on.
func (o *office) next(times int) {
	for range times {
		o.do(func() proposal.Action { return o.bureau.Next(o.t, o.store, o.caseID) }, "")
	}
}

// check looks at the case at the current time of the script.
func (o *office) check(look func(s proposal.State)) {
	o.env.RegisterDelayedCallback(func() {
		state, err := o.store.State(o.t.Context(), o.caseID)
		if err != nil {
			o.errs = append(o.errs, err)
			return
		}
		look(state)
	}, o.day)
	o.day += time.Minute
}

// run plays the script to the end of the workflow.
func (o *office) run() {
	o.t.Helper()
	o.execute()
	if !o.env.IsWorkflowCompleted() {
		o.t.Error("the workflow did not end")
	}
	if err := errors.Join(append(o.errs, o.env.GetWorkflowError())...); err != nil {
		o.t.Error(err)
	}
}

// execute runs the case's workflow under its id, at which its strands' workflows find it.
func (o *office) execute() {
	o.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflows.WorkflowID(o.caseID)})
	o.env.ExecuteWorkflow(workflows.Proposal, workflows.ProposalInput{CaseID: o.caseID})
}

func (o *office) rung(kind proposal.ClockKind) func(proposal.State) {
	return func(s proposal.State) {
		if c := s.Clock(kind); c == nil || c.Rung.IsZero() {
			o.t.Errorf("at %s the %s clock has not rung", o.env.Now(), kind)
		}
	}
}

func (o *office) silent(kind proposal.ClockKind) func(proposal.State) {
	return func(s proposal.State) {
		if c := s.Clock(kind); c == nil || !c.Rung.IsZero() {
			o.t.Errorf("at %s the %s clock is not set, or has rung", o.env.Now(), kind)
		}
	}
}

var assigned = calendar.NewDate(2020, time.February, 3)

const day = 24 * time.Hour

func TestProposalFromIntakeToClosure(t *testing.T) {
	o := newOffice(t)
	o.register(fixture.Registration("0392", assigned))
	o.next(14)
	o.run()
	state, err := o.store.State(t.Context(), o.caseID)
	if err != nil || state.Stage != proposal.Closed || state.Seq != 15 {
		t.Errorf("stage %s after %d actions, error %v; want closed after 15", state.Stage, state.Seq, err)
	}
}

func TestProposalRingsEachClockOnceAtTheEndOfItsDay(t *testing.T) {
	o := newOffice(t)
	o.register(fixture.Registration("0392", assigned)) // due 6 May, internally 22 April
	o.next(1)
	o.after(endOf(2020, time.April, 22) - o.day - 2*time.Minute)
	o.check(o.silent(proposal.InternalClock))
	o.after(2 * time.Minute)
	o.check(o.rung(proposal.InternalClock))
	o.check(o.silent(proposal.ReplyClock))
	o.after(endOf(2020, time.May, 6) - o.day + time.Minute)
	o.check(o.rung(proposal.ReplyClock))
	var seq int
	o.after(100 * day) // the last escalations are behind it
	o.check(func(s proposal.State) { seq = s.Seq })
	o.after(100 * day)
	o.check(func(s proposal.State) {
		if s.Seq != seq {
			t.Errorf("%d actions after 100 quiet days, want %d: a bell rang twice", s.Seq, seq)
		}
	})
	o.next(13)
	o.run()
}

func TestProposalKeepsItsClockThroughASendBack(t *testing.T) {
	o := newOffice(t)
	o.register(fixture.Registration("0392", assigned))
	o.next(5) // in division review
	o.do(func() proposal.Action {
		return o.bureau.Action(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "数字要有出处。"})
	}, "")
	o.after(endOf(2020, time.April, 22) - o.day + time.Minute)
	o.check(o.rung(proposal.InternalClock))
	o.next(10)
	o.run()
}

func TestProposalEndsWhenRegistrationIsRefused(t *testing.T) {
	o := newOffice(t)
	r := fixture.Registration("0392", assigned.AddDays(30)) // not assigned yet
	o.caseID = workflows.CaseID(r.RegisterKey)
	o.do(func() proposal.Action { return o.bureau.Register(r) }, proposal.InvalidInput)
	o.run()
}

func TestProposalLetsNobodyActOutOfTurn(t *testing.T) {
	o := newOffice(t)
	o.register(fixture.Registration("0392", assigned))
	o.do(func() proposal.Action {
		return o.bureau.Action(proposal.Sign, proposal.LeaderInCharge, &proposal.Signature{SHA256: "00"})
	}, proposal.NotInStage)
	o.next(14)
	o.run()
}

// The worst moment for a crash (ADR 0002): the transaction of an action commits, the workflow task that carried it is lost for good, and
// another action comes next. The row is ahead; the workflow must let the action through and adopt the row.
func TestProposalAdoptsARowThatIsAhead(t *testing.T) {
	o := newOffice(t)
	o.register(fixture.Registration("0392", assigned))
	o.check(func(proposal.State) { // past the workflow, as if its task had been lost after the commit
		for range 3 {
			a := o.bureau.Next(t, o.store, o.caseID)
			if err := o.store.SaveAction(t.Context(), o.caseID, a); err != nil {
				t.Fatal(err)
			}
			outcome, err := o.cases.Record(t.Context(), ledger.Command{CaseID: o.caseID, ActionID: a.ID, Kind: a.Kind})
			if err != nil || outcome.Refusal != nil {
				t.Fatal(err, outcome.Refusal)
			}
		}
	})
	o.env.RegisterDelayedCallback(func() { o.wantPosition(proposal.Registered, 1) }, o.day)
	o.next(1) // an action that the workflow believes impossible
	o.env.RegisterDelayedCallback(func() { o.wantPosition(proposal.Drafting, 5) }, o.day)
	o.after(endOf(2020, time.April, 22) - o.day + time.Minute)
	o.check(o.rung(proposal.InternalClock)) // a clock that the workflow had never heard of
	o.next(10)
	o.run()
}

func (o *office) wantPosition(stage proposal.Stage, seq int) {
	var p ledger.Position
	value, err := o.env.QueryWorkflow(workflows.PositionQuery)
	if err == nil {
		err = value.Get(&p)
	}
	if err != nil || p.Stage != stage || p.Seq != seq {
		o.t.Errorf("the workflow believes %+v, error %v; want %s after %d actions", p, err, stage, seq)
	}
}

// endOf is the time from the start of the script to the end of a day in Shanghai.
func endOf(y int, m time.Month, d int) time.Duration {
	return calendar.NewDate(y, m, d).End().Sub(monday)
}
