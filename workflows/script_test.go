package workflows_test

import (
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/testsuite"
)

// move is one thing that happens to a case in a script, at the current time of the test environment. It says how long to
// wait before the next, and whether it is to be made again first.
type move func(o *office) (wait time.Duration, again bool)

// play registers a case and makes the moves one after another while the workflow runs.
func (o *office) play(r *proposal.Registration, moves ...move) {
	o.caseID = workflows.CaseID(r.RegisterKey)
	moves = append([]move{func(o *office) (time.Duration, bool) {
		o.send(o.bureau.Register(r), "")
		return time.Hour, false
	}}, moves...)
	var from func(i int)
	from = func(i int) {
		if i == len(moves) {
			return
		}
		wait, again := moves[i](o)
		if !again {
			i++
		}
		o.env.RegisterDelayedCallback(func() { from(i) }, max(wait, time.Minute))
	}
	o.env.RegisterDelayedCallback(func() { from(0) }, time.Minute)
}

// send puts an action through the workflow now. want is nil or the code it is refused with.
func (o *office) send(a proposal.Action, want proposal.RefusalCode) {
	if err := o.store.SaveAction(o.t.Context(), o.caseID, a); err != nil {
		o.errs = append(o.errs, err)
		return
	}
	wrong := func(err error) { o.errs = append(o.errs, fmt.Errorf("%s at %s: %w", a.Kind, o.env.Now(), err)) }
	cmd := ledger.Command{CaseID: o.caseID, ActionID: a.ID, Kind: a.Kind}
	o.env.UpdateWorkflow(workflows.ActUpdate, a.ID, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: wrong,
		OnComplete: func(result any, err error) {
			outcome, _ := result.(ledger.Outcome)
			switch {
			case err != nil:
				wrong(err)
			case want == "" && outcome.Refusal != nil:
				wrong(outcome.Refusal)
			case want != "" && (outcome.Refusal == nil || outcome.Refusal.Code != want):
				wrong(errors.New("want refusal " + string(want)))
			}
		},
	}, cmd)
}

func (o *office) state() proposal.State {
	s, err := o.store.State(o.t.Context(), o.caseID)
	if err != nil {
		o.errs = append(o.errs, err)
	}
	return s
}

// until carries the case on by the ordinary way until it stands in the stage.
func until(stage proposal.Stage) move {
	return func(o *office) (time.Duration, bool) {
		if len(o.errs) > 0 || o.state().Stage == stage {
			return 0, false
		}
		o.send(o.bureau.Next(o.t, o.store, o.caseID), "")
		return time.Hour, true
	}
}

// does is one action of whoever has the role.
func does(kind proposal.Kind, by proposal.Role, input proposal.Input) move {
	return refused("", kind, by, input)
}

func refused(want proposal.RefusalCode, kind proposal.Kind, by proposal.Role, input proposal.Input) move {
	return func(o *office) (time.Duration, bool) {
		o.send(o.bureau.Action(kind, by, input), want)
		return time.Hour, false
	}
}

// doesNow is an action that depends on where the case stands.
func doesNow(kind proposal.Kind, by proposal.Role, input func(o *office, s proposal.State) proposal.Input) move {
	return func(o *office) (time.Duration, bool) {
		o.send(o.bureau.Action(kind, by, input(o, o.state())), "")
		return time.Hour, false
	}
}

// waits lets time pass.
func waits(d time.Duration) move {
	return func(*office) (time.Duration, bool) { return d, false }
}

// looks checks the case.
func looks(look func(o *office, s proposal.State)) move {
	return func(o *office) (time.Duration, bool) {
		look(o, o.state())
		return 0, false
	}
}

// saves keeps a draft that differs from the fixture's, and submits it.
func saves(change func(d *proposal.Draft)) move {
	return func(o *office) (time.Duration, bool) {
		d := fixture.Draft(2)
		change(&d)
		a := o.bureau.Action(proposal.Submit, proposal.Handler, nil)
		saved, err := o.store.SaveDraft(o.t.Context(), o.caseID, a.By, a.ID, 0, d)
		if err != nil {
			o.errs = append(o.errs, err)
			return 0, false
		}
		o.send(o.bureau.Action(proposal.Submit, proposal.Handler, &proposal.Submission{Version: saved.Version, SHA256: saved.SHA256}), "")
		return time.Hour, false
	}
}

var other = proposal.StrandTarget{Ref: string(fixture.Other)}

func asksOther() move {
	return does(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Division: fixture.Other, Question: "请提出会办意见。"})
}
