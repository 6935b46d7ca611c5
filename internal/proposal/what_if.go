package proposal

import (
	"cmp"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
)

// PackEffect is one thing that would be different about a case under another pack.
type PackEffect struct {
	What     string        // kind of a clock; or signer, review, series, co_signers, class, ground
	Ref      string        // of the clock
	From, To string        // days, roles, stages, words of the packs; To "": not to be had
	Due      calendar.Date // of a clock: the new day; no date if there would be none
}

// WhatIf lists what would be different if a case under one pack were under another; it changes nothing. A clock is counted
// from its own start; a day that somebody named, promised or granted stays, and so does what is over. Draft is the newest
// version, empty if there is none.
func WhatIf(s State, draft Draft, from, to *Pack, cal *calendar.Calendar) []PackEffect {
	var changes []PackEffect
	for _, c := range s.Clocks {
		// What the calendar alone would move is not the pack's doing.
		was, is := from.dueOf(s, c, cal), to.dueOf(s, c, cal)
		if c.Open() && was != is && c.Due() != is {
			changes = append(changes, PackEffect{What: string(c.Kind), Ref: c.Ref, From: c.Due().String(), To: is.String(), Due: is})
		}
	}
	if s.Handling == ReadingOnly {
		return changes
	}
	if s.Stage.Before(Numbering) {
		changes = differ(changes, "signer", string(from.SignerRole(s)), string(to.SignerRole(s)))
		changes = differ(changes, "review", listed(from.Chain(s)), listed(to.Chain(s)))
		changes = differ(changes, "series", from.SeriesOf(s.Body, s.Handling).String(), to.SeriesOf(s.Body, s.Handling).String())
	}
	if s.Stage.Before(Answered) {
		changes = differ(changes, "reply_title", cmp.Or(from.Reply[s.Body].Title, CommonTitle), cmp.Or(to.Reply[s.Body].Title, CommonTitle))
		changes = differ(changes, "co_signers", string(from.Reply[s.Body].CoSigners), string(to.Reply[s.Body].CoSigners))
		changes = append(changes, unfit(draft, from, to)...)
	}
	return changes
}

// WhatIfNew lists what would be different for a case that is assigned on the day of the registration, before anything is done to it, if it were under
// the other pack.
func WhatIfNew(r Registration, from, to *Pack, cal *calendar.Calendar) []PackEffect {
	s, f := State{Stage: Registered, Round: 1}, Facts{Now: r.AssignedOn.Start(), Calendar: cal, Pack: from}
	s.Body, s.Level, s.Intersession, s.Proposer, s.Handling, s.AssignedOn = r.Body, r.Level, r.Intersession, r.Proposer, r.HandlingType, r.AssignedOn
	s.startClocks(&r, f)
	s.set(InternalClock, "", LimitInternal, cal.On(from.internalOf(s, cal)), f)
	return WhatIf(s, Draft{}, from, to, cal)
}

func listed(stages []Stage) string {
	var names []string
	for _, stage := range stages {
		names = append(names, string(stage))
	}
	return strings.Join(names, ", ")
}

func differ(changes []PackEffect, what, was, is string) []PackEffect {
	if was == is {
		return changes
	}
	return append(changes, PackEffect{What: what, From: was, To: is})
}

// dueOf is the due day of a clock under the pack; no date if it would have no such clock.
func (p *Pack) dueOf(s State, c Clock, cal *calendar.Calendar) calendar.Date {
	_, counted := p.Limits[c.Rule]
	n := len(c.Shifts)
	switch {
	case c.Kind == InternalClock && counted && (n == 0 || c.Shifts[n-1].Why == ShiftByExtension):
		return p.internalOf(s, cal)
	case c.Kind == DraftClock && c.Open():
		return p.draftBy(s, p.dueOf(s, *s.ReplyDue(), cal), cal)
	case c.Kind == PlanClock:
		return p.planned(s, p.dueOf(s, *s.ReplyDue(), cal), cal)
	case n > 0:
		return c.Due()
	case c.Kind == StageClock && p.Stages[Stage(c.Ref)] == 0:
		return calendar.Date{}
	case c.Kind == StageClock:
		return cal.AddWorkdays(c.Span.Start, p.Stages[Stage(c.Ref)]).End
	case counted && !c.Span.Start.IsZero():
		return p.span(c.Rule, s, c.Span.Start, cal).End
	}
	return c.Due()
}

// internalOf is the internal due date of the round: that of the reply if there is no room for an earlier one.
func (p *Pack) internalOf(s State, cal *calendar.Calendar) calendar.Date {
	clock := *s.ReplyDue()
	reply := p.dueOf(s, clock, cal)
	internal := p.InternalDue(s, reply, cal)
	if clock.Kind == RehandlingClock && !internal.After(clock.Span.Start) || internal.Before(s.AssignedOn) {
		return reply
	}
	return internal
}

// unfit is what the draft says that the other pack does not allow.
func unfit(d Draft, from, to *Pack) []PackEffect {
	var changes []PackEffect
	if was, ok := from.Class(d.Class); ok {
		is, ok := to.Class(d.Class)
		outside := slices.ContainsFunc(d.Answers, func(a PointAnswer) bool { return a.Status != "" && !slices.Contains(is.Statuses, a.Status) })
		switch {
		case !ok || outside:
			changes = append(changes, PackEffect{What: "class", From: d.Class})
		case was.Needs != is.Needs:
			changes = append(changes, PackEffect{What: "class", From: d.Class, To: d.Class + " needs " + cmp.Or(string(is.Needs), "nothing")})
		}
	}
	if _, ok := from.Ground(d.Ground); ok {
		if _, ok := to.Ground(d.Ground); !ok {
			changes = append(changes, PackEffect{What: "ground", From: d.Ground})
		}
	}
	return changes
}
