package demo

import (
	"sort"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
)

// days reckons the dates of one case from today.
type days struct {
	*script
	now   time.Time
	today calendar.Date
	cal   *calendar.Calendar
	pack  *proposal.Pack

	assigned calendar.Date
	due      calendar.Date                   // the day that the assigning body names, if it does
	official map[proposal.Kind]calendar.Date // of a late registration
}

func (c *script) days(now time.Time) *days {
	d := &days{script: c, now: now, today: calendar.DateOf(now), cal: calendar.National()}
	d.pack = rulepack.BuiltIn()["shenyang-1"]
	switch {
	case c.Late != nil && c.Late.Dates != nil:
		d.assigned, d.official = c.Late.AssignedOn, c.Late.Dates
	case c.Late != nil:
		d.assigned = d.cal.AddWorkdays(d.today.AddDays(-c.Late.Assigned), 0).End
		d.official = d.reckon()
	case c.Assigned != nil:
		d.assigned = d.today.AddDays(-*c.Assigned)
	case c.Contact != nil:
		d.assigned = d.cal.AddWorkdays(d.workday(*c.Contact), -d.pack.Limits[proposal.LimitFirstContact].Workdays).End
		if c.Named {
			d.due = d.workday(*c.Legal)
		}
	case c.Legal != nil:
		target := d.workday(*c.Legal)
		d.assigned = d.assignedFor(target, func(reply calendar.Date) calendar.Date { return reply })
		if c.Named {
			d.due = target
		}
	default:
		d.assigned = d.assignedFor(d.workday(*c.Internal), func(reply calendar.Date) calendar.Date {
			return d.pack.InternalDue(proposal.State{}, reply, d.cal)
		})
	}
	return d
}

// workday is the n-th working day from today, before it if n is negative.
func (d *days) workday(n int) calendar.Date { return d.cal.AddWorkdays(d.today, n).End }

// farthest is how many days ago a case may have been assigned for its clocks to be of interest.
const farthest = 150

// assignedFor is the day on which a case is assigned whose due day is the target. Month ends and holidays leave some days out:
// then it is due a little later, but what is to be overdue a little earlier.
func (d *days) assignedFor(target calendar.Date, due func(reply calendar.Date) calendar.Date) calendar.Date {
	months := d.pack.Limits[string(proposal.ReplyClock)].Months
	dueOf := func(day calendar.Date) calendar.Date { return due(d.cal.AddMonths(day, months).End) }
	first := d.today.AddDays(-farthest)
	day := first.AddDays(sort.Search(farthest, func(n int) bool { return !dueOf(first.AddDays(n)).Before(target) }))
	if target.Before(d.today) && dueOf(day).After(target) {
		return day.AddDays(-1)
	}
	return day
}

// reckon spreads the official dates of an old case over the time from its assignment to its publication.
func (d *days) reckon() map[proposal.Kind]calendar.Date {
	after := func(day calendar.Date, n int) calendar.Date {
		end := d.cal.AddWorkdays(day, n).End
		if end.After(d.today) {
			return d.today
		}
		return end
	}
	sign, publish := d.workday(-d.Late.Signed), d.workday(-d.Late.Published)
	return map[proposal.Kind]calendar.Date{
		proposal.Register:          d.assigned,
		proposal.ProposeAssignment: after(d.assigned, 1),
		proposal.ApproveAssignment: after(d.assigned, 2),
		proposal.Accept:            after(d.assigned, 3),
		proposal.Contact:           after(d.assigned, 6+d.seed()%8),
		proposal.Submit:            after(sign, -4),
		proposal.PassReview:        after(sign, -3),
		proposal.DecideOpenness:    after(sign, -1),
		proposal.Sign:              sign,
		proposal.AssignNumber:      sign,
		proposal.Dispatch:          after(sign, 1),
		proposal.Publish:           publish,
		proposal.RecordFeedback:    after(publish, 6),
		proposal.Close:             after(publish, 8),
	}
}

// replyDue is the legal due day.
func (d *days) replyDue() calendar.Date {
	if !d.due.IsZero() {
		return d.due
	}
	return d.cal.AddMonths(d.assigned, d.pack.Limits[proposal.LimitReply].Months).End
}

// called is when the n-th attempt to reach the deputy was made, from 0; the zero time is now.
func (d *days) called(n int) time.Time {
	day, clock := d.official[proposal.Contact], d.officeHour(n)
	if d.Late == nil {
		day = d.cal.AddWorkdays(d.assigned, 4+3*n).End
		if !day.Before(d.today) {
			return time.Time{}
		}
	} else if at, err := time.Parse("15:04", d.Late.Call); err == nil {
		clock = time.Duration(at.Hour()*60+at.Minute()) * time.Minute
	}
	return day.Start().Add(clock)
}

// officeHour is a time of day at which one calls: from 9:05 to 11:24 or from 14:00 to 16:39.
func (d *days) officeHour(n int) time.Duration {
	const morning, afternoon = 140, 160
	minute := (d.seed()*7 + n*113) % (morning + afternoon)
	if minute < morning {
		return 9*time.Hour + time.Duration(5+minute)*time.Minute
	}
	return 14*time.Hour + time.Duration(minute-morning)*time.Minute
}

// calledOn is the day of that attempt.
func (d *days) calledOn(n int) calendar.Date {
	if at := d.called(n); !at.IsZero() {
		return calendar.DateOf(at)
	}
	return d.today
}

// callBack is the hour that the deputy asked to be called at: this afternoon, or the next working day's.
func (d *days) callBack() time.Time {
	const hour = 14*time.Hour + 30*time.Minute
	if at := d.today.Start().Add(hour); d.cal.IsWorkday(d.today) && at.Sub(d.now) > 30*time.Minute {
		return at
	}
	return d.workday(1).Start().Add(hour)
}

// promised is the day by which the commitment is to be kept.
func (d *days) promised() calendar.Date {
	if !d.Promise.On.IsZero() {
		return d.Promise.On
	}
	return d.cal.AddWorkdays(d.today.AddDays(d.Promise.Days), 0).End
}
