package calendar

import "time"

// Unit is what a Span was counted in. Its text is stored and is a catalogue key.
type Unit string

const (
	Months   Unit = "months"
	Days     Unit = "days" // calendar days
	Workdays Unit = "workdays"
	Fixed    Unit = "fixed" // a calendar day that somebody named; nothing was counted
)

// Span is a counted deadline with everything needed to explain it.
type Span struct {
	Start   Date `json:"start"`   // the day that set it off, itself not counted; no date for Fixed
	Nominal Date `json:"nominal"` // where counting ended
	End     Date `json:"end"`     // the last day on time: Nominal, or the working day that it moved to
	Unit    Unit `json:"unit"`
	N       int  `json:"n"` // how many units; 0 for Fixed
	// Skipped holds, in order of counting, the days off that changed the end: for Months and Days those from
	// Nominal up to the day before End, for Workdays those that were passed over.
	Skipped []Day `json:"skipped,omitempty"`
	// Provisional: a day that decided the end is provisional, so count again when the year's file
	// arrives.
	Provisional bool `json:"provisional,omitempty"`
}

// AddWorkdays counts n working days from the day after start, so that End is the n-th. With n = 0
// it is start itself, or the next working day. A negative n counts back.
func (c *Calendar) AddWorkdays(start Date, n int) Span {
	s := Span{Start: start, Unit: Workdays, N: n}
	if n == 0 {
		s.Nominal = start
		c.moveToWorkday(&s)
		return s
	}
	step, left := 1, n
	if n < 0 {
		step, left = -1, -n
	}
	d := start
	for left > 0 {
		d = d.AddDays(step)
		if c.see(&s, d) {
			left--
		}
	}
	s.Nominal, s.End = d, d
	return s
}

// AddMonths counts months after 民法典 arts. 201 to 203: the starting day is not counted, the last
// day has its day number, or is the month's last day if that month has no such number; if it is a
// day off, the next working day takes its place.
func (c *Calendar) AddMonths(start Date, months int) Span {
	first := NewDate(start.Year, start.Month+time.Month(months), 1)
	lastDay := NewDate(first.Year, first.Month+1, 0).Day
	s := Span{Start: start, Unit: Months, N: months}
	s.Nominal = NewDate(first.Year, first.Month, min(start.Day, lastDay))
	c.moveToWorkday(&s)
	return s
}

// AddDays counts calendar days from the day after start; if the last is a day off, the next working day takes its place (民法典
// arts. 201 and 203).
func (c *Calendar) AddDays(start Date, n int) Span {
	s := Span{Start: start, Nominal: start.AddDays(n), Unit: Days, N: n}
	c.moveToWorkday(&s)
	return s
}

// On is a limit at a calendar day that an authority named, such as 20 August. It stays there even
// on a day off: 民法典 art. 203 moves the end of a counted period, not a named day, and an answer
// given later would be late in the eyes of who named it.
func (c *Calendar) On(date Date) Span {
	return Span{Nominal: date, End: date, Unit: Fixed}
}

// moveToWorkday sets s.End to the first working day from s.Nominal on.
func (c *Calendar) moveToWorkday(s *Span) {
	s.End = s.Nominal
	for !c.see(s, s.End) {
		s.End = s.End.AddDays(1)
	}
}

// see notes what d contributes to s and reports whether d is worked.
func (c *Calendar) see(s *Span, d Date) bool {
	day := c.Day(d)
	s.Provisional = s.Provisional || day.Provisional
	if !day.Worked() {
		s.Skipped = append(s.Skipped, day)
	}
	return day.Worked()
}

// WorkdaysBetween counts the working days from the day after from until to, to included: those
// left if from is today and to is the due day. It is negative, by the working days that have begun
// since, when to has passed. It is 0 not only on the day itself but also while only days off lie
// between; compare the dates to tell these apart. No date on either side gives 0.
func (c *Calendar) WorkdaysBetween(from, to Date) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	if to.Before(from) {
		return -c.WorkdaysBetween(to, from)
	}
	n := 0
	for d := from; d.Before(to); {
		d = d.AddDays(1)
		if c.IsWorkday(d) {
			n++
		}
	}
	return n
}
