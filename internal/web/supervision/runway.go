package supervision

import (
	"context"
	"fmt"
	"math"
	"slices"
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

// outlook is what is to be replied to by the day on which most of it falls due, and the pace up to now.
type outlook struct {
	today         calendar.Date
	period        store.Period // from the year of the day on, or from the oldest that is not replied to, to the day
	answers       answers      // what is due in it
	sent, missing int
	left          []calendar.Date // the working days from tomorrow to the day
	past          []int           // replies of each working day over which the pace is taken
}

// outlookOf reads it from all that is owed, up to a day.
func outlookOf(counts []store.AnswerDays, days *calendar.Calendar, today, to calendar.Date) (o outlook) {
	o.today, o.period = today, store.Period{From: calendar.NewDate(to.Year, 1, 1), To: to}
	for _, d := range counts {
		if d.On.IsZero() && d.Due.Before(o.period.From) {
			o.period.From = d.Due
		}
	}
	for _, d := range counts {
		if !d.Due.Before(o.period.From) && !d.Due.After(o.period.To) {
			o.answers = append(o.answers, d)
		}
	}
	o.sent = o.answers.sent(today)
	o.missing = o.answers.owed(o.period.To) - o.sent
	for day := today.AddDays(1); !day.After(o.period.To); day = day.AddDays(1) {
		if days.IsWorkday(day) {
			o.left = append(o.left, day)
		}
	}
	o.past = o.answers.pace(days, today)
	return o
}

// foresee says how many of what is missing will be replied to, at the pace up to now.
func (o outlook) foresee() (likely, sure int) {
	return foresee(slices.Repeat([][]int{o.past}, len(o.left)), o.missing)
}

// need is how many replies it takes a working day.
func (o outlook) need() string {
	return oneDecimal(math.Ceil(float64(10*o.missing) / float64(max(1, len(o.left)))))
}

// owedOf are the cases over which the answered rate is reckoned, in a period.
func owedOf(all store.TaskFilter, part store.Part, p store.Period) store.TaskFilter {
	all.Box, all.Rate = store.Every, store.CasesOf(store.AnsweredRate, part, p)
	return all
}

// outlookYears are those in which something is looked for that is still to fall due.
func outlookYears(today calendar.Date) store.Period {
	return store.Period{From: calendar.NewDate(today.Year-1, 1, 1), To: calendar.NewDate(today.Year+2, 12, 31)}
}

// runway is drawn of the outlook of the cases that the viewer looks after. Nil if nothing is still to fall due.
func (s *Figures) runway(ctx context.Context, w *locale.Words, who *store.Person, all store.TaskFilter) (*Runway, error) {
	days, today := s.Days(ctx), calendar.DateOf(s.Now())
	counts, err := s.Store.AnswerDays(ctx, who.ID, all, store.AnsweredRate, outlookYears(today))
	if err != nil {
		return nil, err
	}
	peak := answers(counts).busiest(today)
	if peak.IsZero() {
		return nil, nil
	}
	o := outlookOf(counts, days, today, peak)
	list := func(n int, f store.TaskFilter) ListCount { return ListCount{n, casefile.ListPath(f)} }
	of := func(part store.Part) store.TaskFilter { return owedOf(all, part, o.period) }
	a := o.answers
	r := &Runway{
		Date: w.Day(o.period.To), Left: len(o.left), Need: o.need(),
		All: list(o.sent+o.missing, of(store.PartOf)), Sent: list(o.sent, of(store.PartCounted)), Missing: list(o.missing, of(store.PartMissed)),
	}
	points := a.points(today, o.period.To)
	for i, day := range points {
		if i > 0 && day != today && day != o.period.To && a.owed(day) == a.owed(points[i-1]) && (day.After(today) || a.sent(day) == a.sent(points[i-1])) {
			continue // nothing happened that week
		}
		owed, answered := owedOf(all, store.PartOf, store.Period{From: o.period.From, To: day}), of(store.PartOf)
		answered.AnsweredBy = day
		r.Weeks = append(r.Weeks, RunwayWeek{
			Date: w.Day(day), Today: day == today, ToCome: day.After(today), Owed: list(a.owed(day), owed), Sent: list(a.sent(day), answered),
		})
	}
	likely, sure := o.foresee()
	r.Chart = a.chart(points, today, likely, sure)
	r.Chart.First, r.Chart.Last = w.Day(points[0]), r.Date
	switch replies := sum(o.past); {
	case replies < enough:
		r.Chart.Band, r.Forecast = "", w.T("runway.too_little", "N", replies, "Days", paceDays)
	case sure == o.missing:
		r.Forecast = w.T("runway.all", "Pace", aDay(replies), "Days", paceDays)
	default:
		r.Forecast = w.T("runway.forecast", "Pace", aDay(replies), "Days", paceDays, "Likely", o.missing-likely, "Sure", o.missing-sure)
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
