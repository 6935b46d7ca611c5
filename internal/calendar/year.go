package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"time"
	"unicode/utf8"
)

// Year is one year's file: what the State Council's notice (国务院办公厅关于部分节假日安排的通知) says
// of that year's days off and of the weekend days worked for them (调休).
type Year struct {
	Year     int             `json:"year"`
	Sources  []Source        `json:"sources"` // the yearly notice first, then the notices that changed it
	Holidays []HolidayPeriod `json:"holidays"`
}

// Source is a notice that a year's days come from.
type Source struct {
	Title  string `json:"title"`
	Number string `json:"number"` // 国办发明电〔2019〕16号
}

// HolidayPeriod is one stretch of days off, weekend days in it included.
type HolidayPeriod struct {
	Key    string `json:"key"`  // labour; Day.Holiday carries it, catalogues translate it
	Name   string `json:"name"` // as the notice says it, for a key that no catalogue knows yet
	First  Date   `json:"first"`
	Last   Date   `json:"last"`
	Worked []Date `json:"worked,omitempty"` // Saturdays and Sundays worked for it
}

// longestHoliday is a bound against a mistyped date. The longest so far is 10 days (spring 2020).
const longestHoliday = 15

var holidayKey = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Parse reads and checks one year's file. The error says which line cannot be read, or which holiday and which day is wrong.
func Parse(data []byte) (Year, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // Windows' editor puts it before the text
	if at := invalidUTF8(data); at >= 0 {
		// The decoder would put a mark in place of each character of a file in GB 18030.
		return Year{}, fmt.Errorf("calendar: year file: line %d: not UTF-8", lineAt(data, at))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var y Year
	if err := dec.Decode(&y); err != nil {
		return Year{}, fmt.Errorf("calendar: year file: %s%w", placeOf(data, err), err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Year{}, errors.New("calendar: year file: something follows the closing brace")
	}
	if err := y.check(); err != nil {
		return Year{}, err
	}
	return y, nil
}

// placeOf is the line that the decoder stumbled over, for errors that do not name a value to look for.
func placeOf(data []byte, err error) string {
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return fmt.Sprintf("line %d: ", lineAt(data, int(syntax.Offset)-1))
	}
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return fmt.Sprintf("line %d: ", lineAt(data, int(wrong.Offset)-1))
	}
	return ""
}

// lineAt is the number, from 1, of the line that the byte stands in.
func lineAt(data []byte, offset int) int {
	return 1 + bytes.Count(data[:max(0, min(offset, len(data)))], []byte("\n"))
}

// invalidUTF8 is where the first byte stands that is no text, or -1.
func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// load reads every *.json file at the root of fsys with LoadFile: National() is made of them.
func load(fsys fs.FS) ([]Year, error) {
	names, err := fs.Glob(fsys, "*.json")
	if err != nil {
		return nil, err
	}
	var years []Year
	for _, name := range names {
		y, err := LoadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		years = append(years, y)
	}
	return years, nil
}

// LoadFile reads one file at the root of fsys with Parse. It must be named after its year, which catches last year's file
// copied and not edited. The error begins with the name.
func LoadFile(fsys fs.FS, name string) (Year, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Year{}, err
	}
	y, err := Parse(data)
	if err != nil {
		return Year{}, fmt.Errorf("%s: %w", name, err)
	}
	if want := fmt.Sprintf("%d.json", y.Year); name != want {
		return Year{}, fmt.Errorf("%s: calendar: the file of year %d must be named %s", name, y.Year, want)
	}
	return y, nil
}

// check holds a year to what every notice has in common. It is called by New too, for years that
// did not come through Parse.
func (y Year) check() error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("calendar: year %d: %s", y.Year, fmt.Sprintf(format, args...))
	}
	if y.Year < 1949 || y.Year > 9999 {
		return fail("not a year of the People's Republic")
	}
	if len(y.Sources) == 0 {
		return fail("no source: name the notice")
	}
	for _, s := range y.Sources {
		if s.Title == "" || s.Number == "" {
			return fail("a source needs a title and a number")
		}
	}
	seen := map[Date]string{}
	for _, h := range y.Holidays {
		if err := y.checkHoliday(h, seen); err != nil {
			return fail("holiday %q: %v", h.Key, err)
		}
	}
	// These days are off by law on the same date every year (全国年节及纪念日放假办法), so a file
	// without one of them is incomplete or carries the wrong year.
	for _, d := range []Date{
		NewDate(y.Year, time.January, 1), NewDate(y.Year, time.May, 1), NewDate(y.Year, time.October, 1),
		NewDate(y.Year, time.October, 2), NewDate(y.Year, time.October, 3),
	} {
		if seen[d] != "off" {
			return fail("%s is not a day off, but the law makes it one", d)
		}
	}
	return nil
}

// checkHoliday checks one holiday and notes its days in seen as "off" or "worked".
func (y Year) checkHoliday(h HolidayPeriod, seen map[Date]string) error {
	if !holidayKey.MatchString(h.Key) {
		return errors.New("the key must be lower-case letters, digits and underscores")
	}
	if h.Name == "" {
		return errors.New("no name")
	}
	if h.First.IsZero() || h.Last.IsZero() || h.Last.Before(h.First) {
		return fmt.Errorf("first %q and last %q are not a stretch of days", h.First, h.Last)
	}
	if n := h.Last.Sub(h.First) + 1; n > longestHoliday {
		return fmt.Errorf("%d days off, more than %d: is a date mistyped?", n, longestHoliday)
	}
	note := func(d Date, what string) error {
		if d.Before(NewDate(y.Year, time.January, 1).AddDays(-newYearReach)) || d.Year > y.Year {
			return fmt.Errorf("%s does not belong in the file of %d", d, y.Year)
		}
		if was, ok := seen[d]; ok {
			return fmt.Errorf("%s is listed twice, as %s and as %s", d, was, what)
		}
		seen[d] = what
		return nil
	}
	for d := h.First; !d.After(h.Last); d = d.AddDays(1) {
		if err := note(d, "off"); err != nil {
			return err
		}
	}
	for _, d := range h.Worked {
		if !weekend(d) {
			return fmt.Errorf("%s is a %s: only weekend days can be worked for a holiday", d, d.Weekday())
		}
		if err := note(d, "worked"); err != nil {
			return err
		}
	}
	return nil
}

// days lists every day that the file speaks of.
func (y Year) days() []Day {
	var days []Day
	for _, h := range y.Holidays {
		for d := h.First; !d.After(h.Last); d = d.AddDays(1) {
			days = append(days, Day{Date: d, Kind: Holiday, Holiday: h.Key})
		}
		for _, d := range h.Worked {
			days = append(days, Day{Date: d, Kind: MakeUpWorkday, Holiday: h.Key})
		}
	}
	return days
}
