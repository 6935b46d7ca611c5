package store_test

import (
	"testing"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
)

// A case that comes back to a stage has its clock set again, perhaps for a time at which it has rung: it rings again, and then is behind it. Otherwise
// its workflow would ring for ever.
func TestAClockThatIsSetAgainRingsAgain(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	row := func() ledger.Position {
		t.Helper()
		state, err := w.State(t.Context(), id)
		check(t, err)
		return ledger.PositionOf(state)
	}
	rung := func() (plans int) {
		t.Helper()
		for p := row(); !p.RingAt.IsZero() && !p.RingAt.After(w.now); {
			out, err := w.cases.Ring(t.Context(), activities.RingCommand{CaseID: id, Clock: p.Clock, Ref: p.Ref, At: p.RingAt, Seq: p.Seq})
			check(t, err)
			if out.Refusal != nil || out.Position.Seq <= p.Seq {
				t.Fatalf("the %s clock rings for ever: %+v, %v", p.Clock, out.Position, out.Refusal)
			}
			if p.Clock == proposal.PlanClock {
				plans++
			}
			p = out.Position
		}
		return plans
	}
	state, err := w.State(t.Context(), id)
	check(t, err)
	w.now = state.ClockOf(proposal.PlanClock, string(proposal.Drafting)).Due().End().AddDate(0, 0, 1)
	if rung() == 0 {
		t.Fatal("the plan has run out and nothing rings")
	}
	for range 2 { // the first time it rings for another of its bells
		w.advance(t, id, proposal.DivisionReview)
		w.do(t, id, w.Action(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "请补充数据。"}))
		if rung() == 0 {
			t.Error("back in the stage after its day, nothing rings")
		}
	}
}
