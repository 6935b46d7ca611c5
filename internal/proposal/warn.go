package proposal

import (
	"slices"

	"github.com/banli/banli/internal/calendar"
)

// Some clocks ask for nothing by themselves: they tell early what would be late (预警), where the rule pack watches for it (Pack.Watch). Their
// ladders say whom they tell, and how often again.

// Rules of these clocks.
const (
	RuleHalfway = "halfway" // so much of the time to the reply limit is gone
	RulePlan    = "plan"    // counted back from the limit by the limits of the stages that are still to come (倒排)
)

// warns are the clocks that only warn: they follow other days, and are nobody's deadline.
var warns = []ClockKind{DraftClock, PlanClock}

// warn sets the clocks that warn as the case stands now. While the clocks stand still nothing is counted; an old case is not warned about.
func (s *State) warn(f Facts) {
	if s.Late || s.Handling == ReadingOnly || s.OpenStrand(SuspensionStrand) != nil {
		return
	}
	reply := s.ReplyDue()
	if reply == nil || !reply.Open() || !s.Stage.Before(Answered) {
		s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return slices.Contains(warns, c.Kind) && c.Open() })
		return
	}
	s.warnOfDraft(*reply, f)
	s.warnOfPlan(*reply, f)
}

// warnOfDraft sets the day by which a draft must have gone to review, once a round.
func (s *State) warnOfDraft(reply Clock, f Facts) {
	by := f.Pack.draftBy(*s, reply.Due(), f.Calendar)
	c := s.ClockOf(DraftClock, s.roundRef())
	switch {
	case by.IsZero():
	case !s.Stage.Before(DivisionReview):
		s.meet(DraftClock, s.roundRef(), f.Today())
	case c == nil, c.Open() && c.Due() != by:
		s.set(DraftClock, s.roundRef(), RuleHalfway, f.Calendar.On(by), f)
	}
}

// draftBy is the day, of a reply that is due on that day; no date if the pack watches for none.
func (p *Pack) draftBy(s State, reply calendar.Date, cal *calendar.Calendar) calendar.Date {
	if p.Watch.Draft == 0 {
		return calendar.Date{}
	}
	start := s.ReplyDue().Span.Start
	if start.IsZero() { // a day that somebody named
		start = s.AssignedOn
	}
	return cal.AddWorkdays(start.AddDays(reply.Sub(start)*p.Watch.Draft/100), 0).End
}

// warnOfPlan sets the last day of this stage that leaves the stages that are still to come their limits: after it the reply will be late
// unless somebody is faster than the pack allows.
func (s *State) warnOfPlan(reply Clock, f Facts) {
	s.Clocks = slices.DeleteFunc(s.Clocks, func(c Clock) bool { return c.Kind == PlanClock && c.Ref != string(s.Stage) })
	last := f.Pack.planned(*s, reply.Due(), f.Calendar)
	if c := s.ClockOf(PlanClock, string(s.Stage)); !last.IsZero() && (c == nil || c.Due() != last) {
		s.set(PlanClock, string(s.Stage), RulePlan, f.Calendar.On(last), f)
	}
}

// planned is the last day of the stage, for a reply that is to be sent on the day; no date if the pack does not watch for it, or no stage with
// a limit is to come.
func (p *Pack) planned(s State, due calendar.Date, cal *calendar.Calendar) calendar.Date {
	ahead := 0
	for _, stage := range slices.Concat([]Stage{Accepting, Consulting, Drafting}, p.Chain(s), []Stage{SignOff, Numbering, Dispatching}) {
		if s.Stage.Before(stage) {
			ahead += p.Stages[stage]
		}
	}
	if !p.Watch.Plan || ahead == 0 {
		return calendar.Date{}
	}
	return cal.AddWorkdays(due, -ahead).End
}

// Light is how urgent a notice of a deadline is.
type Light string

const (
	NoLight Light = ""
	Yellow  Light = "yellow" // 黄灯: it will be late if nobody acts
	Red     Light = "red"    // 红灯: it is late, or those who were warned did not act
)

// Lights lists those that are shown.
var Lights = []Light{Yellow, Red}

// Light is the notice's.
func (n Notice) Light() Light {
	switch {
	case n.Clock == CallBackClock:
		return NoLight
	case n.Kind == NoticeRemind, n.Kind == NoticeRanOut && slices.Contains(warns, n.Clock):
		return Yellow
	case n.Kind == NoticeRanOut, n.Kind == NoticeEscalate:
		return Red
	}
	return NoLight
}
