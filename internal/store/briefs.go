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
	Since  time.Time // since when it tells what changed: when the last one was sent; without one the last working day began, or a week ago the day
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

// briefing is which digest comes on a working day, if any.
func (s *Store) briefing(ctx context.Context, chosen proposal.Briefing, day calendar.Date) (weekly, comes bool, err error) {
	rules, err := s.WatchRules(ctx)
	if err != nil {
		return false, false, err
	}
	days, err := s.Calendar(ctx)
	wants := cmp.Or(chosen, rules.Brief)
	if weekly = wants != proposal.BriefDaily && firstOfWeek(days, day); weekly {
		return true, wants != proposal.BriefOff, err
	}
	return false, wants == proposal.BriefDaily || wants == proposal.BriefBoth, err
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
	for _, one := range append([]proposal.Briefing{""}, proposal.Briefings...) {
		_, comes, err := s.briefing(ctx, one, day)
		if err != nil {
			return nil, err
		}
		if comes {
			chosen = append(chosen, one)
		}
	}
	return chosen, nil
}

// Oversees reports whether the person answers for others' cases.
func (p *Person) Oversees() bool { return slices.ContainsFunc(Overseers, p.Has) }
