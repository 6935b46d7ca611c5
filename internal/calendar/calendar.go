// Package calendar knows which days are worked in China. It counts deadlines in months and in
// working days, and says of each why it ends on that day. Every other package may import it; it imports
// the standard library only, reads no clock, and never learns what a deadline is for.
package calendar

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"time"
)

// DayKind says why a day is or is not worked. Its text is stored and is a catalogue key.
type DayKind string

const (
	Workday       DayKind = "workday"
	Weekend       DayKind = "weekend"
	Holiday       DayKind = "holiday"         // any day of a holiday's stretch, Sundays in it too
	MakeUpWorkday DayKind = "make_up_workday" // 调休上班: a Saturday or Sunday worked for a holiday
)

// Day is what the calendar knows of one date.
type Day struct {
	Date    Date    `json:"date"`
	Kind    DayKind `json:"kind"`
	Holiday string  `json:"holiday,omitempty"` // key of the holiday, of a worked weekend day's too: new_year, spring_festival, qingming, labour, dragon_boat, mid_autumn, national, …
	// Provisional: known from the weekday alone, because the notice that may say otherwise is not
	// loaded yet.
	Provisional bool `json:"provisional,omitempty"`
}

// Worked reports whether the day is a working day.
func (d Day) Worked() bool { return d.Kind == Workday || d.Kind == MakeUpWorkday }

// Calendar is a set of published years. It never changes once made and may be shared between
// goroutines; the zero value knows weekends only.
type Calendar struct {
	years map[int]Year
	days  map[Date]Day // only those that are not what their weekday says, or that belong to a holiday
}

// newYearReach is how many days before 1 January a year's notice may change: 2019's made Saturday
// 29 December 2018 a working day and Monday 31 December a day off.
const newYearReach = 7

//go:embed data/*.json
var yearFiles embed.FS

// National is the calendar of the files built into the program, 2010 onwards.
func National() *Calendar { return national() }

var national = sync.OnceValue(func() *Calendar {
	files, err := fs.Sub(yearFiles, "data")
	if err != nil {
		panic(err)
	}
	years, err := load(files)
	if err != nil {
		panic(err)
	}
	c, err := New(years...)
	if err != nil {
		panic(err)
	}
	return c
})

// New makes a calendar of the given years and refuses two files for one year, or one day listed by
// two files.
func New(years ...Year) (*Calendar, error) {
	c := &Calendar{years: map[int]Year{}, days: map[Date]Day{}}
	for _, y := range years {
		if err := y.check(); err != nil {
			return nil, err
		}
		if c.Published(y.Year) {
			return nil, fmt.Errorf("calendar: two files for %d", y.Year)
		}
		c.years[y.Year] = y
		for _, day := range y.days() {
			if _, ok := c.days[day.Date]; ok {
				return nil, fmt.Errorf("calendar: %s is in the file of %d and in that of a neighbouring year", day.Date, y.Year)
			}
			c.days[day.Date] = day
		}
	}
	return c, nil
}

// With returns a calendar that also has the given years, each in place of the one it had.
func (c *Calendar) With(years ...Year) (*Calendar, error) {
	all := slices.Clone(years)
	for _, old := range c.years {
		if !slices.ContainsFunc(years, func(y Year) bool { return y.Year == old.Year }) {
			all = append(all, old)
		}
	}
	return New(all...)
}

// Supposing is the calendar as it would be if it were off on some days and worked on others, whatever the notices say. It is for trying things out:
// its years and its version stay those of c, so nothing may be recorded by it.
func (c *Calendar) Supposing(off, worked []Date) *Calendar {
	supposed := &Calendar{years: c.years, days: maps.Clone(c.days)}
	set := func(d Date, kind DayKind) {
		supposed.days[d] = Day{Date: d, Kind: kind, Provisional: c.Day(d).Provisional}
	}
	for _, d := range off {
		set(d, Holiday)
	}
	for _, d := range worked {
		if weekend(d) {
			set(d, MakeUpWorkday)
		} else {
			set(d, Workday)
		}
	}
	return supposed
}

// Version names what the calendar knows: two calendars with the same years, word for word, have the same version.
func (c *Calendar) Version() string {
	data, err := json.Marshal(c.Years())
	if err != nil {
		panic(err) // strings, numbers and dates always encode
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// Published reports whether the year's file is loaded.
func (c *Calendar) Published(year int) bool {
	_, ok := c.years[year]
	return ok
}

// Year returns the year's file, to cite its notice and its holidays' names.
func (c *Calendar) Year(year int) (Year, bool) {
	y, ok := c.years[year]
	return y, ok
}

// Years lists the files that the calendar is made of, the earliest year first.
func (c *Calendar) Years() []Year {
	return slices.SortedFunc(maps.Values(c.years), func(a, b Year) int { return a.Year - b.Year })
}

// Change is a day of which two calendars do not say the same.
type Change struct{ Before, After Day }

// Changes lists, in order, the days of which next says something else than c: their kind, their holiday, or whether they are
// provisional. Days in years that neither has a file for are the same in both.
func (c *Calendar) Changes(next *Calendar) []Change {
	years := slices.Concat(c.Years(), next.Years())
	slices.SortFunc(years, func(a, b Year) int { return a.Year - b.Year })
	var changes []Change
	last := Date{} // looked at
	for _, y := range years {
		// A year's file decides the end of the December before it, too.
		d := NewDate(y.Year, time.January, 1).AddDays(-newYearReach)
		if !d.After(last) {
			d = last.AddDays(1)
		}
		for ; d.Year <= y.Year; d = d.AddDays(1) {
			if before, after := c.Day(d), next.Day(d); before != after {
				changes = append(changes, Change{before, after})
			}
			last = d
		}
	}
	return changes
}

// Day says what kind of day d is. In a year without a file it goes by the weekday and is
// provisional; so is the last week of a published December while the next year's file is missing.
func (c *Calendar) Day(d Date) Day {
	if day, ok := c.days[d]; ok {
		return day
	}
	day := Day{Date: d, Kind: Workday, Provisional: !c.Published(d.Year)}
	if weekend(d) {
		day.Kind = Weekend
	}
	if next := d.AddDays(newYearReach); next.Year > d.Year && !c.Published(next.Year) {
		day.Provisional = true
	}
	return day
}

// IsWorkday reports whether d is a working day, worked weekend days included.
func (c *Calendar) IsWorkday(d Date) bool { return c.Day(d).Worked() }

func weekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}
