package workflows_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"
)

// bells counts the rings of a clock in the case's events.
func (o *office) bells(clock proposal.ClockKind) (n int) {
	c, err := o.store.Case(o.t.Context(), o.caseID)
	if err != nil {
		o.errs = append(o.errs, err)
		return 0
	}
	for _, e := range c.Events {
		if in, ok := ring(e.Kind, e.Input); ok && in.Clock == clock {
			n++
		}
	}
	return n
}

func TestR09RemindersSurviveASendBack(t *testing.T) {
	o := newOffice(t)
	var before int
	o.play(
		fixture.Registration("0392", assigned), // due 6 May, internally 22 April
		until(proposal.DivisionReview),
		func(o *office) (time.Duration, bool) { return untilDay(o, 2020, time.April, 20), false },
		looks(func(o *office, s proposal.State) {
			before = o.bells(proposal.ReplyClock)
			if before != 1 { // 30 days before; the fifteenth day before is tomorrow
				t.Errorf("%d reminders by 20 April, want one", before)
			}
		}),
		does(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "数字要有出处。"}),
		func(o *office) (time.Duration, bool) { return untilDay(o, 2020, time.April, 22), false },
		looks(func(o *office, s proposal.State) {
			if n := o.bells(proposal.ReplyClock); n != before+1 {
				t.Errorf("%d reminders after the send-back, want %d: the reminder vanished", n, before+1)
			}
		}),
		until(proposal.Closed),
	)
	o.run()
}

func TestR08AnExtensionMovesTheAlarm(t *testing.T) {
	o := newOffice(t)
	later := calendar.NewDate(2020, time.June, 30)
	o.play(
		fixture.Registration("0392", assigned),
		until(proposal.Drafting),
		does(proposal.AskExtension, proposal.Handler, &proposal.ExtensionRequest{Until: later, Reason: "需专家论证。"}),
		does(proposal.EndorseExtension, proposal.LeaderInCharge, &proposal.ExtensionEndorsement{}),
		does(proposal.DecideExtension, proposal.Assembly, &proposal.ExtensionVerdict{Granted: true, Until: later, Text: "同意。"}),
		does(proposal.TellExtension, proposal.Handler, &proposal.ExtensionNotice{Mode: proposal.PhoneContact}),
		func(o *office) (time.Duration, bool) { return untilDay(o, 2020, time.May, 8), false },
		looks(func(o *office, s proposal.State) {
			if c := s.Clock(proposal.ReplyClock); !c.Rung.IsZero() || c.Due() != later {
				t.Errorf("on 8 May the reply is due %s and has rung at %s, want silent until %s", c.Due(), c.Rung, later)
			}
		}),
		func(o *office) (time.Duration, bool) { return untilDay(o, 2020, time.July, 1), false },
		looks(func(o *office, s proposal.State) {
			if c := s.Clock(proposal.ReplyClock); !c.Rung.Equal(later.End()) {
				t.Errorf("the extended reply rang at %s, want %s", c.Rung, later.End())
			}
		}),
		until(proposal.Closed),
	)
	o.run()
}

func TestR05CoHandlingHasItsOwnClockBesideTheCase(t *testing.T) {
	o := newOffice(t)
	o.play(
		fixture.Registration("0392", assigned),
		until(proposal.Drafting),
		asksOther(), // due a month later, 3 March
		refused(proposal.NotOverdue, proposal.WaiveOpinion, proposal.DivisionHead, &proposal.OpinionWaiver{StrandTarget: other, Reason: "不等了。"}),
		func(o *office) (time.Duration, bool) { return untilDay(o, 2020, time.March, 4), false },
		looks(func(o *office, s proposal.State) {
			if c := s.ClockOf(proposal.OpinionClock, other.Ref); c.Rung.IsZero() {
				t.Errorf("on 4 March the opinion due %s has not rung", c.Due())
			}
			if o.bells(proposal.OpinionClock) < 2 {
				t.Error("nobody was reminded of the opinion before it was late")
			}
		}),
		does(proposal.WaiveOpinion, proposal.DivisionHead, &proposal.OpinionWaiver{StrandTarget: other, Reason: "不等了。"}),
		until(proposal.Closed),
	)
	o.run()
}

// A withdrawal ends everything that was asked of others: no bell rings afterwards.
func TestR17WithdrawalEndsWhatRunsBeside(t *testing.T) {
	o := newOffice(t)
	o.play(
		fixture.Registration("0392", assigned),
		until(proposal.Drafting),
		asksOther(),
		does(proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "来函撤回。", Agreed: []string{"倪琛善", "王桂兰"}}),
	)
	o.run() // until the workflow of the opinion, too, has ended
	if s := o.state(); s.Stage != proposal.Withdrawn || !s.Finished() {
		t.Errorf("stage %s, finished %v; want withdrawn and nothing open", s.Stage, s.Finished())
	}
	c, err := o.store.Case(t.Context(), o.caseID)
	if err != nil {
		t.Fatal(err)
	}
	if last := c.Events[len(c.Events)-1]; last.Kind != string(proposal.Withdraw) {
		t.Errorf("%s was recorded after the withdrawal", last.Kind)
	}
}

func TestR13TheSecondRoundHasItsOwnClock(t *testing.T) {
	o := newOffice(t)
	o.play(
		fixture.Registration("0392", assigned),
		until(proposal.Answered),
		doesNow(proposal.Publish, proposal.Publisher, func(_ *office, s proposal.State) proposal.Input {
			return &proposal.PublicationOrder{SHA256: s.DraftSHA256}
		}),
		does(proposal.RecordFeedback, proposal.Assembly, &proposal.Feedback{
			Source: proposal.FeedbackFromAssembly, Attitude: proposal.Satisfied, Result: proposal.NotSatisfied, Words: "没有回应第二点。",
		}),
		looks(func(o *office, s proposal.State) {
			if s.Stage != proposal.Assigning || s.Round != 2 || s.ReplyDue().Kind != proposal.RehandlingClock {
				t.Errorf("stage %s, round %d, clock %s; want a second round with its own clock", s.Stage, s.Round, s.ReplyDue().Kind)
			}
		}),
		waits(60*day),
		looks(func(o *office, s proposal.State) {
			if s.Clock(proposal.RehandlingClock).Rung.IsZero() {
				t.Error("the clock of the second round has not rung after 60 days")
			}
		}),
		until(proposal.Closed),
	)
	o.run()
}

// A promise due two years on: its workflow continues as new once a year and rings when the day has passed; the closed case
// keeps a workflow that takes the actions.
func TestR14ACommitmentOutlivesItsCase(t *testing.T) {
	o := newOffice(t)
	due := calendar.NewDate(2022, time.March, 1)
	o.play(
		fixture.Registration("0392", assigned),
		until(proposal.Drafting),
		saves(func(d *proposal.Draft) {
			d.Class, d.Answers[0].Status = "B", proposal.PointUnderWay
			d.Commitments = []replytext.Promise{{Text: "建成服务中心", DueOn: due}}
		}),
		until(proposal.Closed),
		waits(30*day),
		does(proposal.ReportMilestone, proposal.Handler, &proposal.Milestone{Text: "已开工。"}),
		does(proposal.FulfilCommitment, proposal.Handler, &proposal.Fulfilment{Result: "已建成。"}),
		does(proposal.ReplyAgain, proposal.Handler, &proposal.SecondReply{Mode: proposal.DispatchByPost, Text: "服务中心已建成。"}),
	)
	o.run()
	if s := o.state(); s.Stage != proposal.Closed || !s.Finished() {
		t.Errorf("stage %s, finished %v", s.Stage, s.Finished())
	}
}

func TestR14TwoYearsOnTheCommitmentRings(t *testing.T) {
	o := newOffice(t)
	due := calendar.NewDate(2022, time.March, 1)
	o.play(
		fixture.Registration("0392", assigned),
		until(proposal.Drafting),
		saves(func(d *proposal.Draft) {
			d.Class, d.Answers[0].Status = "B", proposal.PointUnderWay
			d.Commitments = []replytext.Promise{{Text: "建成服务中心", DueOn: due}}
		}),
		until(proposal.Closed),
	)
	o.env.SetWorkflowRunTimeout(30 * day) // the case's own workflow waits on
	o.execute()
	if err := errors.Join(o.errs...); err != nil {
		t.Fatal(err)
	}
	s := o.state()
	row := ledger.PositionOf(s)
	if len(row.Strands) != 1 || s.Stage != proposal.Closed {
		t.Fatalf("stage %s, strands %+v; want a closed case with one commitment", s.Stage, row.Strands)
	}
	o.begin(monday.Add(30 * day))
	// keeper stands in the place of the case's workflow. The environment follows the runs of the commitment, as the engine does.
	keeper := func(ctx workflow.Context) error {
		workflow.ExecuteChildWorkflow(ctx, workflows.Commitment, workflows.StrandInput{CaseID: o.caseID, Seq: s.Seq, At: row.Strands[0]})
		return workflow.Sleep(ctx, due.End().Add(time.Hour).Sub(workflow.Now(ctx)))
	}
	o.env.RegisterWorkflow(keeper)
	o.env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: workflows.WorkflowID(o.caseID)})
	o.env.ExecuteWorkflow(keeper)
	if err := o.env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	s = o.state()
	c := s.ClockOf(proposal.CommitmentClock, "1.1")
	if !c.Rung.Equal(due.End()) {
		t.Errorf("the commitment due %s rang at %s, want the end of that day", due, c.Rung)
	}
}

// untilDay is how long it is until the morning of a day.
func untilDay(o *office, y int, m time.Month, d int) time.Duration {
	return calendar.NewDate(y, m, d).Start().Add(8 * time.Hour).Sub(o.env.Now())
}

// ring reads a ring from an event.
func ring(kind string, input []byte) (in proposal.RungClock, ok bool) {
	return in, kind == string(proposal.Ring) && json.Unmarshal(input, &in) == nil
}

// A run lives a year at most, whether anything happens or not, and hands on what it knows.
func TestR14ARunOfACommitmentLivesAYear(t *testing.T) {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(monday)
	env.SetWorkflowRunTimeout(10 * 365 * day)
	in := workflows.StrandInput{CaseID: "case", Seq: 15, At: ledger.StrandPosition{
		Kind: proposal.CommitmentStrand, Ref: "1.1", Clock: proposal.CommitmentClock, RingAt: monday.Add(800 * day),
	}}
	env.ExecuteWorkflow(workflows.Commitment, in)
	renewal := (*workflow.ContinueAsNewError)(nil)
	if !errors.As(env.GetWorkflowError(), &renewal) {
		t.Fatalf("the run ended with %v, want it to continue as new", env.GetWorkflowError())
	}
	var next workflows.StrandInput
	if err := converter.GetDefaultDataConverter().FromPayloads(renewal.Input, &next); err != nil {
		t.Fatal(err)
	}
	if lived := env.Now().Sub(monday); lived != 365*day || !next.At.Equal(in.At) || next.Seq != in.Seq {
		t.Errorf("after %s it continues as %+v, want %+v after a year", lived, next, in)
	}
}

// deaf is a record that takes no bells until a time.
type deaf struct {
	*store.Store
	until time.Time
	now   func() time.Time
	asked int
}

func (d *deaf) SaveAction(ctx context.Context, caseID string, a proposal.Action) error {
	if a.Kind == proposal.Ring && d.now().Before(d.until) {
		d.asked++
		return errors.New("no bells today")
	}
	return d.Store.SaveAction(ctx, caseID, a)
}

// A bell that cannot be recorded is tried again every minute or so, and holds up nothing: the opinion that is asked for meanwhile has its
// workflow at once.
func TestABellThatFailsHoldsUpNothing(t *testing.T) {
	o := newOffice(t)
	record := &deaf{Store: o.store, until: calendar.NewDate(2020, time.April, 25).End(), now: o.env.Now}
	o.cases.Ledger = record
	o.play(
		fixture.Registration("0392", assigned),
		until(proposal.Drafting),
		func(o *office) (time.Duration, bool) { return untilDay(o, 2020, time.April, 24), false },
		looks(func(_ *office, s proposal.State) {
			if !s.Clock(proposal.InternalClock).Rung.IsZero() || record.asked == 0 {
				t.Errorf("the record was asked %d times and has the bell at %s", record.asked, s.Clock(proposal.InternalClock).Rung)
			}
		}),
		asksOther(),
		waits(time.Minute),
		looks(func(o *office, s proposal.State) {
			at := ledger.StrandPosition{Kind: proposal.OpinionStrand, Ref: other.Ref}
			if _, err := o.env.QueryWorkflowByID(workflows.StrandWorkflowID(o.caseID, at), workflows.PositionQuery); err != nil {
				t.Error("the opinion has no workflow yet:", err)
			}
		}),
		func(o *office) (time.Duration, bool) { return untilDay(o, 2020, time.April, 27), false },
		looks(func(o *office, s proposal.State) { o.rung(proposal.InternalClock)(s) }),
		until(proposal.Closed),
	)
	o.run()
}
