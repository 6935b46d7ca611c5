package proposal

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// regroup closes a division in favour of another, or takes that back.
func regroup(t *testing.T, c *file, from, to DivisionID, back bool) *Refusal {
	t.Helper()
	a := Action{ID: "g", Kind: Regroup, Input: &Regrouping{From: from, To: to, By: "admin", Back: back}}
	c.facts.Divisions = []DivisionID{office, leading, other}
	next, err := Apply(c.State, a, c.facts)
	if err != nil {
		return err.(*Refusal)
	}
	c.State = next
	return nil
}

// A division is closed in every stage: whatever it had of the case is the other's, who handles it and its limits stay, and it is brought back as it was.
func TestR21DivisionIsClosed(t *testing.T) {
	for _, stage := range []Stage{Accepting, Consulting, Drafting, DivisionReview, OfficeReview, SignOff, Numbering, Answered} {
		c := at(t, stage)
		if r := regroup(t, c, office, other, false); r == nil || r.Code != NotInStage {
			t.Errorf("%s: what a division does not have goes over: %+v", stage, r)
		}
		if r := regroup(t, c, leading, leading, false); r == nil || r.Fields[0].Field != "to" {
			t.Errorf("%s: into itself: %+v", stage, r)
		}
		before := c.State.clone()
		if r := regroup(t, c, leading, other, false); r != nil {
			t.Fatalf("%s: %+v", stage, r)
		}
		if c.Lead != other || c.Handler != before.Handler || c.Stage != stage || c.Holds(leading) || !c.Holds(other) || c.Prior != nil {
			t.Errorf("%s: led by %s, handled by %s in %s", stage, c.Lead, c.Handler, c.Stage)
		}
		if !cmp.Equal(c.Clocks, before.Clocks, cmp.AllowUnexported(Clock{})) {
			t.Errorf("%s: a limit moved", stage)
		}
		if !before.SignedOn.IsZero() && c.LetterLead() != leading {
			t.Errorf("%s: the letter names %s", stage, c.LetterLead())
		}
		if r := regroup(t, c, other, leading, true); r == nil || r.Code != NotUndoable {
			t.Errorf("%s: taken back without knowing to what: %+v", stage, r)
		}
		c.facts.Before = before
		c.facts.Before.Prior = nil
		if r := regroup(t, c, other, leading, true); r != nil {
			t.Fatalf("%s: %+v", stage, r)
		}
		c.State.Seq, before.Seq, before.Prior = 0, 0, nil
		if !cmp.Equal(c.State, before, cmp.AllowUnexported(Clock{})) {
			t.Errorf("%s: %s", stage, cmp.Diff(before, c.State, cmp.AllowUnexported(Clock{})))
		}
	}
}

// Where the closed division and the one that takes over both have a part, nobody asks themselves.
func TestR21DivisionsOfOneCaseBecomeOne(t *testing.T) {
	c := at(t, Drafting)
	c.do(handler, &OpinionRequest{Division: other, Question: "养老服务设施怎么衔接"})
	if r := regroup(t, c, other, leading, false); r != nil {
		t.Fatal(r)
	}
	if asked := c.Strand(OpinionStrand, string(other)); asked.Status != StrandCancelled || len(c.CoHandling) > 0 || c.Lead != leading {
		t.Errorf("%s, with %v", asked.Status, c.CoHandling)
	}
	if c.ClockOf(OpinionClock, string(other)) != nil && c.ClockOf(OpinionClock, string(other)).Armed() {
		t.Error("its clock still rings")
	}

	c = at(t, Drafting) // a third division
	c.do(handler, &OpinionRequest{Division: other, Question: "养老服务设施怎么衔接"})
	if r := regroup(t, c, other, office, false); r != nil {
		t.Fatal(r)
	}
	if asked := c.Strand(OpinionStrand, string(other)); asked.Status != StrandAsked || asked.Division != office || !cmp.Equal(c.CoHandling, []DivisionID{office}) {
		t.Errorf("%+v, with %v", asked, c.CoHandling)
	}
}
