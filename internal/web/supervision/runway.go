package supervision

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// Runway is the way to the day on which most falls due: how many replies are owed by then, how many are sent, and how many it still takes
// a working day.
type Runway struct {
	Date               string
	Left               int // working days until then
	All, Sent, Missing ListCount
	Need               string // replies a working day
	Forecast           string // what comes of the office's own pace
	Weeks              []RunwayWeek
	Chart              RunwayChart
}

// RunwayWeek is how far things are at the end of a week in which something was due or sent, today, and on the last day.
type RunwayWeek struct {
	Date       string
	Owed, Sent ListCount // due, and sent, by the end of that day
	Today      bool
	ToCome     bool // nothing is sent yet
}

// RunwayChart is lines through points x,y: from the first week to the last day, from nothing to all.
type RunwayChart struct {
	Width, Height    int
	Owed, Sent, Need string
	Band             string // between what is as likely as not and what is nearly sure; "" if nothing is foreseen
	Today            int    // x
	First, Last      string // days
}

const (
	chartWidth  = 720
	chartHeight = 120
	chartWeeks  = 16 // before today, at most
)

// answers are cases by the day on which they were to be answered, and on which they were.
type answers []store.AnswerDays

// owed counts what is due by the end of a day, sent what was replied to by then.
func (a answers) owed(by calendar.Date) (n int) {
	for _, d := range a {
		if !d.Due.After(by) {
			n += d.N
		}
	}
	return n
}

func (a answers) sent(by calendar.Date) (n int) {
	for _, d := range a {
		if !d.On.IsZero() && !d.On.After(by) {
			n += d.N
		}
	}
	return n
}

// busiest is the day, from today on, on which most of what is not replied to falls due; the first of several. Zero if there is none.
func (a answers) busiest(today calendar.Date) (day calendar.Date) {
	missing, most := map[calendar.Date]int{}, 0
	for _, d := range a {
		if d.On.IsZero() && !d.Due.Before(today) {
			missing[d.Due] += d.N
		}
	}
	for due, n := range missing {
		if n > most || n == most && due.Before(day) {
			day, most = due, n
		}
	}
	return day
}

// runway counts over what the answered rate is reckoned over, from the year of the day on, or from the oldest that is not replied to. Nil
// if nothing is still to fall due.
func (s *Figures) runway(ctx context.Context, w *locale.Words, who *store.Person, all store.TaskFilter) (*Runway, error) {
	days, today := s.Days(ctx), calendar.DateOf(s.Now())
	period := store.Period{From: calendar.NewDate(today.Year-1, 1, 1), To: calendar.NewDate(today.Year+2, 12, 31)}
	of := func(part store.Part) store.TaskFilter {
		f := all
		f.Box, f.Rate = store.Every, store.CasesOf(store.AnsweredRate, part, period)
		return f
	}
	counts, err := s.Store.AnswerDays(ctx, who.ID, of(store.PartOf))
	if err != nil {
		return nil, err
	}
	period.To = answers(counts).busiest(today)
	if period.To.IsZero() {
		return nil, nil
	}
	period.From = calendar.NewDate(period.To.Year, 1, 1)
	for _, d := range counts {
		if d.On.IsZero() && d.Due.Before(period.From) {
			period.From = d.Due
		}
	}
	var a answers
	for _, d := range counts {
		if !d.Due.Before(period.From) && !d.Due.After(period.To) {
			a = append(a, d)
		}
	}
	list := func(n int, f store.TaskFilter) ListCount { return ListCount{n, casefile.ListPath(f)} }
	total, sent := a.owed(period.To), a.sent(today)
	r := &Runway{
		Date: w.Day(period.To), Left: days.WorkdaysBetween(today, period.To),
		All: list(total, of(store.PartOf)), Sent: list(sent, of(store.PartCounted)), Missing: list(total-sent, of(store.PartMissed)),
	}
	r.Need = oneDecimal(math.Ceil(float64(10*r.Missing.N) / float64(max(1, r.Left))))
	points := a.points(today, period.To)
	for i, day := range points {
		if i > 0 && day != today && day != period.To && a.owed(day) == a.owed(points[i-1]) && (day.After(today) || a.sent(day) == a.sent(points[i-1])) {
			continue // nothing happened that week
		}
		owed, answered := of(store.PartOf), of(store.PartOf)
		owed.Rate, answered.AnsweredBy = store.CasesOf(store.AnsweredRate, store.PartOf, store.Period{From: period.From, To: day}), day
		r.Weeks = append(r.Weeks, RunwayWeek{
			Date: w.Day(day), Today: day == today, ToCome: day.After(today), Owed: list(a.owed(day), owed), Sent: list(a.sent(day), answered),
		})
	}
	past := a.pace(days, today)
	likely, sure := foresee(past, r.Left, r.Missing.N)
	r.Chart = a.chart(points, today, likely, sure)
	r.Chart.First, r.Chart.Last = w.Day(points[0]), r.Date
	switch replies := sum(past); {
	case replies < enough:
		r.Chart.Band, r.Forecast = "", w.T("runway.too_little", "N", replies, "Days", paceDays)
	case sure == r.Missing.N:
		r.Forecast = w.T("runway.all", "Pace", aDay(replies), "Days", paceDays)
	default:
		r.Forecast = w.T("runway.forecast", "Pace", aDay(replies), "Days", paceDays, "Likely", r.Missing.N-likely, "Sure", r.Missing.N-sure)
	}
	return r, nil
}

// pace is how many replies were sent on each working day over which the pace is taken. What was sent on a day off counts with the
// working day before it.
func (a answers) pace(days *calendar.Calendar, today calendar.Date) (past []int) {
	for day := paceFrom(days, today); !day.After(today); day = day.AddDays(1) {
		n := a.sent(day) - a.sent(day.AddDays(-1))
		if days.IsWorkday(day) {
			past = append(past, n)
		} else {
			past[len(past)-1] += n
		}
	}
	return past
}

// points are the days through which the lines go: Sundays from the first that has something to tell, today, and the last day.
func (a answers) points(today, last calendar.Date) (points []calendar.Date) {
	for day := today.AddDays(-7 * chartWeeks); day.Before(last); day = day.AddDays(1) {
		if day == today || day.Weekday() == time.Sunday && (day.After(today) || a.owed(day)+a.sent(day) > 0) {
			points = append(points, day)
		}
	}
	return append(points, last)
}

// chart draws the lines; likely and sure are replies foreseen by the last day.
func (a answers) chart(points []calendar.Date, today calendar.Date, likely, sure int) RunwayChart {
	first, last := points[0], points[len(points)-1]
	total, span, sent := max(1, a.owed(last)), max(1, last.Sub(first)), a.sent(today)
	x := func(day calendar.Date) int { return day.Sub(first) * chartWidth / span }
	at := func(day calendar.Date, n int) string {
		return fmt.Sprintf("%d,%d ", x(day), chartHeight-n*chartHeight/total)
	}
	c := RunwayChart{Width: chartWidth, Height: chartHeight, Today: x(today), Need: at(today, sent) + at(last, total)}
	for _, day := range points {
		c.Owed += at(day, a.owed(day))
		if !day.After(today) {
			c.Sent += at(day, a.sent(day))
		}
	}
	c.Band = at(today, sent) + at(last, sent+likely) + at(last, sent+sure)
	return c
}
