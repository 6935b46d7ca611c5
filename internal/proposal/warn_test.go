package proposal

import (
	"testing"
	"time"
)

// watched carries a case to the stage under a pack that warns at half-time and by the plan.
func watched(t *testing.T, stage Stage) *file {
	t.Helper()
	c := at(t, Unregistered)
	c.facts.Pack.Watch.Draft, c.facts.Pack.Watch.Plan = 50, true
	for c.Stage != stage {
		c.do(c.next())
	}
	return c
}

// Assigned on 3 February 2020 and due on 6 May, half the time is gone on 20 March. Two reviews and the signature are to come after
// drafting, three working days each.
func TestR09WarningsComeEarly(t *testing.T) {
	c := watched(t, Drafting)
	if got := c.due(DraftClock); got != day("2020-03-20") {
		t.Errorf("half-time on %s", got)
	}
	if got := c.due(PlanClock); got != day("2020-04-21") || c.Clock(PlanClock).Ref != string(Drafting) {
		t.Errorf("the plan has drafting end on %s", got)
	}
	for _, bell := range []struct {
		at    time.Time
		role  Role
		light Light
	}{
		{day("2020-03-13").Start().Add(bellHour), Handler, Yellow},
		{day("2020-03-17").Start().Add(bellHour), Handler, Yellow},
		{day("2020-03-20").Start().Add(bellHour), Handler, Yellow},
		{day("2020-03-20").End(), Handler, Yellow},
		{day("2020-03-23").Start().Add(bellHour), DivisionHead, Red},
	} {
		told := c.rings(bell.at, DraftClock, "1")
		if len(told) != 1 || told[0].Role != bell.role || told[0].Light() != bell.light {
			t.Errorf("at %s told %+v, want %s to %s", bell.at, told, bell.light, bell.role)
		}
	}
	c.on("2020-03-25")
	c.do(c.next())
	if half := c.ClockOf(DraftClock, "1"); half.Open() || half.Armed() {
		t.Error("a draft is in review, and half-time still warns")
	}
	if got := c.due(PlanClock); got != day("2020-04-24") || c.Clock(PlanClock).Ref != string(DivisionReview) {
		t.Errorf("the plan has the review of the division end on %s", got)
	}
	c.do(head, &SendingBack{To: Drafting, Reason: "数字请注明出处"})
	if c.ClockOf(DraftClock, "1").Open() {
		t.Error("a draft that was sent back is warned about as if there were none")
	}
	for c.Stage != Answered {
		c.do(c.next())
	}
	if plan := c.Clock(PlanClock); plan != nil {
		t.Errorf("the reply is out, and the plan still warns: %+v", plan)
	}

	plain := at(t, Drafting)
	if plain.Clock(DraftClock) != nil || plain.Clock(PlanClock) != nil {
		t.Error("a pack that watches for nothing warns")
	}
	old := at(t, Registered, late)
	old.facts.Pack.Watch.Draft, old.facts.Pack.Watch.Plan = 50, true
	for old.Stage != Drafting {
		old.do(old.next())
	}
	if old.Clock(DraftClock) != nil || old.Clock(PlanClock) != nil {
		t.Error("an old case is warned about")
	}
}

// A stage that is entered too late for the plan is warned about at once; a deadline that has passed is red.
func TestR09LightsOfNotices(t *testing.T) {
	c := watched(t, Consulting)
	c.on("2020-04-29")
	c.do(c.next())
	if plan := c.Clock(PlanClock); plan.Ref != string(Drafting) || plan.RingsAt().After(c.facts.Now) {
		t.Errorf("drafting began behind the plan, and the bell rings at %s", plan.RingsAt())
	}
	for notice, light := range map[Notice]Light{
		{Kind: NoticeRemind, Clock: ReplyClock}: Yellow, {Kind: NoticeRanOut, Clock: ReplyClock}: Red, {Kind: NoticeEscalate, Clock: ReplyClock}: Red,
		{Kind: NoticeRanOut, Clock: PlanClock}: Yellow, {Kind: NoticeEscalate, Clock: PlanClock}: Red,
		{Kind: NoticeRemind, Clock: CallBackClock}: NoLight, {Kind: NoticeUrge}: NoLight,
	} {
		if got := notice.Light(); got != light {
			t.Errorf("%s of %s is %q, want %q", notice.Kind, notice.Clock, got, light)
		}
	}
}
