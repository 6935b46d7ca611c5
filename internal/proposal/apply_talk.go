package proposal

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// apply puts what is true in the place of what was recorded of an attempt, and all that rests on it follows: whether the deputy was
// consulted (R2), the day of the first contact, the call that was promised. A reply that is on its way although nobody talked to the
// deputy goes back to where the talk is due; one that was sent stays sent.
func (in *ContactCorrection) apply(s *State, a Action, f Facts) (Stage, *Refusal) {
	at := slices.IndexFunc(f.Talks, func(t Talk) bool { return t.No == in.Talk })
	switch {
	case at < 0:
		return "", wrongField("talk", UnknownValue)
	case in.At.After(f.Now):
		return "", wrongField("at", DayInFuture)
	case calendar.DateOf(in.At).Before(s.AssignedOn):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "at", Code: DayBeforeStart, Date: s.AssignedOn}}}
	case !in.CallBackAt.IsZero() && in.CallBackAt.Before(in.At):
		return "", wrongField("call_back_at", DayInPast)
	case !in.Sure && !in.CallBackAt.IsZero() && f.farAhead(calendar.DateOf(in.CallBackAt), f.Today()):
		return "", &Refusal{Code: InvalidInput, Fields: []FieldError{{Field: "call_back_at", Code: FarOff, Date: f.Today()}}}
	}
	was, is := f.Talks[at], Talk{in.Talk, in.Outcome, in.Mode, in.At.UTC(), in.SpokeWith, in.CallBackAt.UTC(), in.Words, in.MetBy}
	if is.sameAs(was) {
		return "", wrongField("outcome", Unchanged)
	}
	talks := slices.Clone(f.Talks)
	talks[at] = is
	before := len(talks) - s.Attempts // the talks of earlier rounds
	if in.Outcome == NoContact {
		talks = slices.Delete(talks, at, at+1)
		if at >= before {
			s.Attempts--
		}
	}
	s.firstContact(was, talks, f)
	if s.Stage == Consulting && at == len(f.Talks)-1 {
		s.callBack(is.CallBackAt, f)
	}
	if at < before {
		return s.Stage, nil
	}
	return s.consultedBy(talks[before:], f), nil
}

// sameAs compares moments as forms write them: to the minute.
func (t Talk) sameAs(o Talk) bool {
	same := func(a, b time.Time) bool { return a.Truncate(time.Minute).Equal(b.Truncate(time.Minute)) }
	if !same(t.At, o.At) || !same(t.CallBackAt, o.CallBackAt) {
		return false
	}
	t.At, t.CallBackAt = o.At, o.CallBackAt
	return t == o
}

// firstContact sets anew the day on which the first contact was due and made, if the talk that was corrected had met it or another
// meets it now.
func (s *State) firstContact(was Talk, talks []Talk, f Facts) {
	c := s.Clock(FirstContactClock)
	if c == nil || s.Waived {
		return
	}
	if f.Pack.Contact.reached(was) && c.Met == calendar.DateOf(was.At) {
		c.Met = calendar.Date{}
		c.wind(f)
		if standing := s.OpenStrand(SuspensionStrand); standing != nil {
			c.Stopped = calendar.DateOf(standing.Last.At)
		}
	}
	for _, t := range talks {
		if f.Pack.Contact.reached(t) {
			s.meet(FirstContactClock, "", calendar.DateOf(t.At))
		}
	}
	if !s.DispatchedOn.IsZero() {
		s.meet(FirstContactClock, "", s.DispatchedOn)
	}
}

// consultedBy is where the case goes once the talks of this round are known to have been these.
func (s *State) consultedBy(talks []Talk, f Facts) Stage {
	reached := slices.ContainsFunc(talks, f.Pack.Contact.reached)
	was := s.Consulted
	s.Consulted = reached
	switch {
	case reached && s.Stage == Consulting:
		s.ReturnedFrom = ""
		return Drafting
	case was && s.draftOrTalk() == Consulting && Consulting.Before(s.Stage) && s.Stage.Before(Answered):
		s.ReturnedFrom = s.Stage
		s.void()
		s.sendBack(Drafting)
		return Consulting
	}
	return s.Stage
}
