package locale

import (
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Due is a clock as people read it: the words first, then which clock and the date. The tone only repeats the words.
type Due struct {
	Tone  string // overdue, today, near, far, met, late-met: a class of app.css
	Words string
	Clock proposal.ClockKind
	Date  string // with 上班 when the day is a worked Saturday or Sunday
}

// Due puts a clock into words. It returns nil for no clock.
func (w *Words) Due(c *proposal.Clock, cal *calendar.Calendar, today calendar.Date) *Due {
	if c == nil {
		return nil
	}
	d := w.DueOn(c.Kind, c.Due(), cal, today)
	switch {
	case !c.Open() && !c.Met.After(c.Due()):
		d.Tone, d.Words = "met", w.T("due.met")
	case !c.Open():
		d.Tone, d.Words = "late-met", w.T("due.late_met", "N", max(1, cal.WorkdaysBetween(c.Due(), c.Met)))
	case !c.Stopped.IsZero():
		d.Tone, d.Words = "far", w.T("due.stopped")
	case c.Span.Provisional:
		d.Words = w.T("due.provisional", "Words", d.Words)
	}
	return d
}

// DueOn puts the day of a clock that still runs into words; nil for no day.
func (w *Words) DueOn(kind proposal.ClockKind, day calendar.Date, cal *calendar.Calendar, today calendar.Date) *Due {
	if day.IsZero() {
		return nil
	}
	d := &Due{Clock: kind, Date: w.Date(day)}
	if cal.Day(day).Kind == calendar.MakeUpWorkday {
		d.Date = w.T("due.worked_day", "Date", d.Date)
	}
	d.Tone, d.Words = running(w, day, cal, today)
	return d
}

func running(w *Words, due calendar.Date, cal *calendar.Calendar, today calendar.Date) (tone, text string) {
	left := cal.WorkdaysBetween(today, due)
	switch {
	case due.Before(today) && left == 0:
		return "overdue", w.T("due.overdue_off") // only days off since
	case due.Before(today):
		return "overdue", w.T("due.overdue", "N", -left)
	case due == today:
		return "today", w.T("due.today")
	case left == 0:
		return "near", w.T("due.only_off") // only days off until then
	case left <= store.NearDays:
		return "near", w.T("due.left", "N", left)
	}
	return "far", w.T("due.left", "N", left)
}

// Explanation answers why a clock ends on its day.
type Explanation struct {
	Clock  proposal.ClockKind
	About  string // whose clock it is, of those of which a case has several
	Due    string
	Lines  []ExplainLine
	Days   []ExplainDay // from today to the due day; empty when it has passed or is far away
	Silent bool         // late registration: it lay in the past when it was set
}

// ExplainLine is one line: its label is the message explain.<Label>.
type ExplainLine struct{ Label, Text string }

// ExplainDay is one calendar day of the strip. Worked days carry their count.
type ExplainDay struct {
	Day    int
	Count  int
	Kind   string // off, today, due-day or empty
	Spoken string
}

// stripDays is the longest strip that a popover shows.
const stripDays = 100

// Explain says why a clock ends on its day.
func (w *Words) Explain(c *proposal.Clock, pack *proposal.Pack, cal *calendar.Calendar, today calendar.Date) Explanation {
	span := c.Span
	e := Explanation{Clock: c.Kind, Due: w.Date(c.Due()), Silent: c.Silent}
	add := func(label, text string) {
		if text != "" {
			e.Lines = append(e.Lines, ExplainLine{label, text})
		}
	}
	rule := pack.Limits[c.Rule].Name
	if rule == "" {
		rule = w.T("explain.rule." + c.Rule)
	}
	add("rule", rule)
	on := span.Start
	if on.IsZero() {
		on = c.Due()
	}
	add("source", pack.Source(c.Rule, on))
	if !span.Start.IsZero() {
		add("start", w.T("explain.start_text", "Date", w.Date(span.Start)))
	}
	if (span.Unit == calendar.Months || span.Unit == calendar.Days) && span.Nominal != span.End {
		add("nominal", w.Date(span.Nominal)+w.dayOff(cal.Day(span.Nominal)))
		add("shift", w.T("explain.shift_text", "N", len(span.Skipped), "Date", w.Date(span.End)))
	}
	for _, shift := range c.Shifts {
		add("moved", w.T("explain.moved_text."+string(shift.Why), "Date", w.Date(shift.To), "On", w.Date(shift.On)))
	}
	if !c.Stopped.IsZero() {
		add("stopped", w.T("explain.stopped_text", "Date", w.Date(c.Stopped)))
	}
	if span.Provisional {
		add("provisional", w.T("explain.provisional_text", "Year", missingYear(c, cal)))
	}
	if c.Open() {
		_, text := running(w, c.Due(), cal, today)
		if c.Due().Before(today) {
			add("passed", text)
		} else {
			add("left", w.T("explain.left_text", "Words", text))
		}
		if !c.NextAt.IsZero() && c.Stopped.IsZero() {
			add("bell", w.Moment(c.NextAt))
		}
		e.Days = strip(w, c.Due(), cal, today)
	} else {
		add("met", w.Date(c.Met))
	}
	return e
}

// dayOff says why a day is off, ready to follow its date.
func (w *Words) dayOff(d calendar.Day) string {
	switch {
	case d.Kind == calendar.Holiday && w.Has("holiday."+d.Holiday):
		return w.T("explain.in_holiday", "Name", w.T("holiday."+d.Holiday))
	case !d.Worked():
		return w.T("explain.day_off")
	}
	return ""
}

func strip(w *Words, due calendar.Date, cal *calendar.Calendar, today calendar.Date) []ExplainDay {
	if due.Before(today) || due.Sub(today) > stripDays {
		return nil
	}
	var days []ExplainDay
	count := 0
	for d := today; !d.After(due); d = d.AddDays(1) {
		cell := ExplainDay{Day: d.Day, Spoken: w.Date(d)}
		switch {
		case d == today:
			cell.Kind = "today"
		case !cal.IsWorkday(d):
			cell.Kind = "off"
		default:
			count++
			cell.Count = count
		}
		if d == due {
			cell.Kind = "due-day"
		}
		days = append(days, cell)
	}
	return days
}

// missingYear is the year whose notice a provisional due date waits for: its own or, in the last days of December, the next.
func missingYear(c *proposal.Clock, cal *calendar.Calendar) int {
	year := c.Due().Year
	if cal.Published(year) {
		year++
	}
	return year
}
