package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Overseers are the roles that answer for others' cases, the bureau's or those of their divisions (domain §3).
var Overseers = []proposal.Role{proposal.Supervisor, proposal.BureauHead, proposal.LeaderInCharge, proposal.Liaison, proposal.DivisionHead}

// Brief says what a digest for somebody who supervises is about.
type Brief struct {
	Day    calendar.Date
	Weekly bool
	Since  time.Time // since when it tells what changed: when the last one was sent; without one from the start of the last working day, or, weekly, of the day a week ago
}

// BriefOf is the digest of a day, as the person would be sent it on that day, or be shown it.
func (s *Store) BriefOf(ctx context.Context, person proposal.PersonID, day calendar.Date, weekly bool) (Brief, error) {
	b := Brief{Day: day, Weekly: weekly}
	err := s.pool.QueryRow(ctx, `select max(made_at) from mails where person = $1 and brief and day < $2 and state = 'sent'`, person, day).
		Scan(instant{&b.Since})
	if err != nil || !b.Since.IsZero() {
		return b, edge(err)
	}
	days, err := s.Calendar(ctx)
	if err != nil {
		return b, err
	}
	b.Since = days.AddWorkdays(day, -1).End.Start()
	if weekly {
		b.Since = day.AddDays(-7).Start()
	}
	return b, nil
}

// briefing is which digest comes on a working day, if any, of what somebody chose; "" is as usual. first: the day is the first of its week.
func briefing(chosen, usual proposal.Briefing, first bool) (weekly, comes bool) {
	wants := cmp.Or(chosen, usual)
	if first && wants != proposal.BriefDaily {
		return true, wants != proposal.BriefOff
	}
	return false, wants == proposal.BriefDaily || wants == proposal.BriefBoth
}

// briefDay is what briefing wants to know of the bureau and of the day.
func (s *Store) briefDay(ctx context.Context, day calendar.Date) (usual proposal.Briefing, first bool, err error) {
	rules, err := s.WatchRules(ctx)
	if err != nil {
		return "", false, err
	}
	days, err := s.Calendar(ctx)
	if err != nil {
		return "", false, err
	}
	return rules.Brief, firstOfWeek(days, day), nil
}

// firstOfWeek reports whether a working day is the first of its week.
func firstOfWeek(days *calendar.Calendar, day calendar.Date) bool {
	for before := sundayOf(day).AddDays(-6); before.Before(day); before = before.AddDays(1) {
		if days.IsWorkday(before) {
			return false
		}
	}
	return true
}

// briefed are the choices that have a digest come on the day; the person's own, or "" for the rule pack's.
func (s *Store) briefed(ctx context.Context, day calendar.Date) (chosen []proposal.Briefing, err error) {
	usual, first, err := s.briefDay(ctx, day)
	if err != nil {
		return nil, err
	}
	for _, one := range append([]proposal.Briefing{""}, proposal.Briefings...) {
		if _, comes := briefing(one, usual, first); comes {
			chosen = append(chosen, one)
		}
	}
	return chosen, nil
}

// Oversees reports whether the person answers for others' cases.
func (p *Person) Oversees() bool { return slices.ContainsFunc(Overseers, p.Has) }
