package proposal

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// What would be different if somebody were away, if there were one more, or if a day were another. Nothing here changes a case.

// Without is the staff while these people are away. What was theirs can be done by whoever covers for them; whom they cover for has one cover less.
func (staff Staff) Without(away []PersonID) Staff {
	return slices.DeleteFunc(slices.Clone(staff), func(p Person) bool { return slices.Contains(away, p.ID) })
}

// TakesFor are those of the staff who cover for the person and can do the task.
func (staff Staff) TakesFor(person PersonID, t Task, s State, pack *Pack) (takers []PersonID) {
	for _, p := range staff {
		if _, covers := p.As(person); covers && p.canDo(t, s, pack) {
			takers = append(takers, p.ID)
		}
	}
	return takers
}

// MovedBy are the deadlines of a case that would be others if they were counted by another calendar than that of now, as a recount does.
func MovedBy(s State, pack *Pack, now time.Time, was, is *calendar.Calendar) []MovedClock {
	counted := func(days *calendar.Calendar) State {
		next, f := s.clone(), Facts{Now: now, Calendar: days, Pack: pack}
		_, _ = (&Recounting{}).apply(&next, Action{}, f) // refused: nothing is to be counted again
		next.warn(f)
		return next
	}
	return movedClocks(counted(was), counted(is), calendar.DateOf(now))
}
