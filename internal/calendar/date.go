package calendar

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Shanghai is the one time zone of the program, UTC+8. It is a fixed offset rather than the tz
// database's Asia/Shanghai, so that a workflow replays alike on a machine with old or no zone
// data; the two have not differed since summer time ended in 1991.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a calendar day in Asia/Shanghai. It is comparable with ==; the zero value means no date.
// Make one with NewDate, ParseDate or DateOf, so that it names a day that exists.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// NewDate returns the given day. Values outside their range carry over as in time.Date:
// 31 April is 1 May.
func NewDate(y int, m time.Month, d int) Date {
	return dateIn(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
}

// Years that a day is read in: what is counted from it stays within the four digits that JSON and Postgres hold.
const firstYear, lastYear = 1000, 9000

// Holds reports whether the instant lies in a year that a day is read in.
func Holds(t time.Time) bool {
	year := t.In(Shanghai).Year()
	return firstYear <= year && year <= lastYear
}

// ParseDate reads "2020-04-22" and nothing else: four digits, two, two, and a day that exists, in a year from 1000 to 9000.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || !Holds(t) {
		return Date{}, fmt.Errorf("calendar: %q is not a date of the form 2020-04-22", s)
	}
	return dateIn(t), nil
}

// DateOf returns the day on which t falls in Asia/Shanghai.
func DateOf(t time.Time) Date { return dateIn(t.In(Shanghai)) }

// dateIn takes the day that t shows in its own location.
func dateIn(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// midnight is the day as a UTC time, for arithmetic only.
func (d Date) midnight() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}

// String returns "2020-04-22", or "" for the zero value.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// Chinese returns the day as Chinese documents write it, 2020年4月22日, or "" for the zero value.
func (d Date) Chinese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year, d.Month, d.Day)
}

// IsZero reports whether d is the zero value, no date.
func (d Date) IsZero() bool { return d == Date{} }

// Compare returns -1, 0 or +1 as d is before, on or after e; no date sorts first.
func (d Date) Compare(e Date) int {
	switch {
	case d == e:
		return 0
	case d.Year != e.Year:
		return sign(d.Year - e.Year)
	case d.Month != e.Month:
		return sign(int(d.Month) - int(e.Month))
	default:
		return sign(d.Day - e.Day)
	}
}

func sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After reports whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// AddDays returns the day n calendar days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return NewDate(d.Year, d.Month, d.Day+n) }

// Sub returns the calendar days from e to d: 1 if d is the day after e.
func (d Date) Sub(e Date) int {
	return int((d.midnight().Unix() - e.midnight().Unix()) / (24 * 60 * 60))
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// Start returns the first instant of the day in Asia/Shanghai, as a UTC time.
func (d Date) Start() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, Shanghai).UTC()
}

// End returns the first instant of the next day in Asia/Shanghai, as a UTC time: a deadline on
// this day is missed from then on.
func (d Date) End() time.Time { return d.AddDays(1).Start() }

// MarshalText writes "2020-04-22", or "" for the zero value; JSON and YAML use it.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value makes a Date a Postgres date, NULL for the zero value. It is text and not a time.Time,
// which a driver that does not know the column's type would send as an instant, to be cast to a
// day in the session's time zone.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a Postgres date. Drivers hand it over as text or as midnight in some zone, and the day
// is the one that the time shows. Any other hour is an instant, whose day depends on the zone, and
// is refused: scan it into a time.Time and use DateOf.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case time.Time:
		if h, m, s := v.Clock(); h != 0 || m != 0 || s != 0 || v.Nanosecond() != 0 {
			return fmt.Errorf("calendar: %s is an instant, not a date", v.Format(time.RFC3339Nano))
		}
		*d = dateIn(v)
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("calendar: a date cannot be read from a %T", src)
}
