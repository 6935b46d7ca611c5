package workflows_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/testsuite"
)

// TestRandomWaysThroughTheWorkflow drives cases by chance through the real workflow and the real record in skipped time:
// actions in and out of turn, long waits, transactions whose workflow task was lost. Whatever happens, the workflow ends up where its
// row is, no bell is lost (R9), no event is lost or chained wrongly (R19), and every case comes to its end.
func TestRandomWaysThroughTheWorkflow(t *testing.T) {
	ways, seed := 40, uint64(time.Now().UnixNano())
	if testing.Short() {
		ways = 5
	}
	url, bureau := fixture.Database(t)
	record, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	t.Run("ways", func(t *testing.T) {
		for i := range ways {
			t.Run(fmt.Sprintf("%d seed %d", i, seed), func(t *testing.T) {
				t.Parallel()
				wander(t, url, bureau, i, rand.New(rand.NewPCG(seed, uint64(i))))
			})
		}
	})
	report, err := record.VerifyChain(t.Context(), nil)
	if err != nil || len(report.Breaks) > 0 {
		t.Errorf("%d broken chains, error %v", len(report.Breaks), err)
	}
	t.Logf("%d events of %d cases", report.Events, report.Cases)
}

func wander(t *testing.T, url string, bureau fixture.Bureau, i int, chance *rand.Rand) {
	record, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	o := &office{t: t, store: record, bureau: bureau}
	o.begin(monday.Add(time.Duration(i) * time.Hour))
	var moves []move
	for range 25 + chance.IntN(30) {
		moves = append(moves, o.anything(chance), looks(noBellIsLost))
	}
	moves = append(moves, onward(), looks(noBellIsLost), reconciles(), looks(inStep))
	o.play(fixture.Registration(fmt.Sprintf("R%03d", i), calendar.DateOf(o.env.Now())), moves...)
	o.env.SetWorkflowRunTimeout(1500 * day) // what is withheld is examined again every year, for ever
	o.execute()
	if err := errors.Join(o.errs...); err != nil {
		t.Error(err)
	}
	if s := o.state(); !s.Stage.Ended() {
		t.Errorf("it came to %s, not to an end", s.Stage)
	}
}

// anything is one thing that may happen to a case, whether it fits or not.
func (o *office) anything(chance *rand.Rand) move {
	b := o.bureau
	wild := []func(s proposal.State) proposal.Action{
		func(proposal.State) proposal.Action {
			return b.Action(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "再改。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.SendBack, proposal.LeaderInCharge, &proposal.SendingBack{To: proposal.Consulting, Reason: "再谈。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Division: fixture.Other, Question: "请提出意见。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.RedoOpinion, proposal.Handler, &proposal.OpinionRedo{StrandTarget: other, Reason: "没有数据。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.WaiveOpinion, proposal.DivisionHead, &proposal.OpinionWaiver{StrandTarget: other, Reason: "逾期。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.AnswerUrge, proposal.Handler, &proposal.UrgeAnswer{Text: "本周办结。"})
		},
		func(s proposal.State) proposal.Action {
			return b.Action(proposal.AskExtension, proposal.Handler, &proposal.ExtensionRequest{Until: s.ReplyDue().Due().AddDays(20), Reason: "论证。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.EndorseExtension, proposal.LeaderInCharge, &proposal.ExtensionEndorsement{})
		},
		func(s proposal.State) proposal.Action {
			return b.Action(proposal.DecideExtension, proposal.Assembly, &proposal.ExtensionVerdict{Granted: true, Until: s.ReplyDue().Due().AddDays(10), Text: "同意。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.Recall, proposal.Handler, &proposal.Recalling{})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.Tighten, proposal.Supervisor, &proposal.Tightening{Money: true, Reason: "涉及资金。"})
		},
		func(proposal.State) proposal.Action {
			return b.Action(proposal.Reroute, proposal.LeaderInCharge, &proposal.Rerouting{Lead: fixture.Leading, Reason: "转办。"})
		},
		func(proposal.State) proposal.Action { return b.Rate(proposal.NotSatisfied) },
		func(proposal.State) proposal.Action {
			return b.Action(proposal.TakeDown, proposal.Publisher, &proposal.Takedown{Reason: "有误。"})
		},
	}
	pick, lost, wait := chance.IntN(10), chance.IntN(8) == 0, time.Duration(chance.IntN(24*9))*time.Hour
	which := chance.IntN(len(wild))
	return func(o *office) (time.Duration, bool) {
		s := o.state()
		switch {
		case s.Stage.Ended():
			return 0, false
		case pick < 6:
			o.tries(o.bureau.Next(o.t, o.store, o.caseID), lost)
		default:
			o.tries(wild[which](s), lost)
		}
		return wait, false
	}
}

// tries sends an action that may be refused. A lost one is committed past the workflow, as if its task had been lost after the
// commit: the next action heals it.
func (o *office) tries(a proposal.Action, lost bool) {
	if err := o.store.SaveAction(o.t.Context(), o.caseID, a); err != nil {
		o.errs = append(o.errs, err)
		return
	}
	cmd := ledger.Command{CaseID: o.caseID, ActionID: a.ID, Kind: a.Kind}
	if lost {
		if _, err := o.cases.Record(o.t.Context(), cmd); err != nil {
			o.errs = append(o.errs, err)
		}
		return
	}
	o.env.UpdateWorkflow(workflows.ActUpdate, a.ID, &testsuite.TestUpdateCallback{
		OnAccept:   func() {},
		OnReject:   func(err error) { o.errs = append(o.errs, err) },
		OnComplete: func(_ any, err error) { o.errs = append(o.errs, err) },
	}, cmd)
}

// onward carries the case to its end by the ordinary way.
func onward() move {
	return func(o *office) (time.Duration, bool) {
		if errors.Join(o.errs...) != nil || o.state().Stage.Ended() {
			return time.Hour, false
		}
		o.tries(o.bureau.Next(o.t, o.store, o.caseID), false)
		return time.Hour, true
	}
}

// reconciles tells the workflow where its row is, as the reconciliation does: the last action may have been the lost one.
func reconciles() move {
	return func(o *office) (time.Duration, bool) {
		o.env.UpdateWorkflow(workflows.AdoptUpdate, "reconciled", &testsuite.TestUpdateCallback{
			OnAccept:   func() {},
			OnReject:   func(err error) { o.errs = append(o.errs, err) },
			OnComplete: func(_ any, err error) { o.errs = append(o.errs, err) },
		}, ledger.PositionOf(o.state()))
		return time.Hour, false
	}
}

// noBellIsLost: a workflow that is in step with its row has rung whatever was due. One that a lost task left behind rings by what
// it believed, until the next action.
func noBellIsLost(o *office, s proposal.State) {
	if believed := o.believes(); believed.Seq < s.Seq {
		return
	}
	for _, c := range s.Clocks {
		if c.Armed() && c.RingsAt().Before(o.env.Now().Add(-2*time.Hour)) && !s.Stage.Ended() {
			o.errs = append(o.errs, fmt.Errorf("R09: at %s in %s the bell of %s %s that was due at %s has not rung", o.env.Now(), s.Stage, c.Kind, c.Ref, c.RingsAt()))
		}
	}
}

// inStep: after an action the workflow is where its row is.
func inStep(o *office, s proposal.State) {
	if believed := o.believes(); believed.Seq != s.Seq || believed.Stage != s.Stage {
		o.errs = append(o.errs, fmt.Errorf("the workflow believes %+v, the row says %s after %d actions", believed, s.Stage, s.Seq))
	}
}

func (o *office) believes() (p ledger.Position) {
	value, err := o.env.QueryWorkflow(workflows.PositionQuery)
	if err == nil {
		err = value.Get(&p)
	}
	if err != nil {
		o.errs = append(o.errs, err)
	}
	return p
}
