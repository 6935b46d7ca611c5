package proposal

import (
	"slices"
	"testing"

	"github.com/banli/banli/internal/calendar"
)

func TestTakesFor(t *testing.T) {
	c := at(t, Drafting)
	task, _ := MainTask(c.State, c.facts.Pack)
	staff := Staff{handler, peer.covering(handler), head, otherHand.covering(head)}
	if got := staff.Without([]PersonID{handler.ID}).TakesFor(handler.ID, task, c.State, c.facts.Pack); !slices.Equal(got, []PersonID{peer.ID}) {
		t.Errorf("%v take over what the handler has, want whoever covers for them", got)
	}
	if got := staff.TakesFor(head.ID, task, c.State, c.facts.Pack); len(got) > 0 {
		t.Errorf("%v take for the head what is the handler's", got)
	}
}

// A day off moves what is counted over it and what warns of that, and nothing that somebody granted or that is done.
func TestMovedBy(t *testing.T) {
	granted := at(t, Drafting)
	due := granted.due(ReplyClock)
	is := granted.facts.Calendar.Supposing([]calendar.Date{due}, nil)
	moved := MovedBy(granted.State, granted.facts.Pack, granted.facts.Now, granted.facts.Calendar, is)
	if !slices.ContainsFunc(moved, func(m MovedClock) bool { return m.Kind == ReplyClock && m.From == due && m.To.After(due) }) {
		t.Errorf("moved: %+v", moved)
	}
	granted.ClockOf(ReplyClock, "").shift(ShiftByExtension, "1", day("2020-06-30"), granted.facts)
	for _, m := range MovedBy(granted.State, granted.facts.Pack, granted.facts.Now, granted.facts.Calendar, is) {
		if m.Kind == ReplyClock {
			t.Errorf("what was granted moved: %+v", m)
		}
	}
	if moved := MovedBy(granted.State, granted.facts.Pack, granted.facts.Now, granted.facts.Calendar, granted.facts.Calendar); len(moved) > 0 {
		t.Errorf("by the same calendar moved: %+v", moved)
	}
}
