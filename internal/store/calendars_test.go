package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/go-cmp/cmp"
)

// notice2027 is what a notice for 2027 might say, with the given last day of the Spring Festival.
func notice2027(t testing.TB, springEnds string) calendar.Year {
	t.Helper()
	y, err := calendar.Parse(fmt.Appendf(nil, `{
		"year": 2027,
		"sources": [{"title": "国务院办公厅关于2027年部分节假日安排的通知", "number": "国办发明电〔2026〕1号"}],
		"holidays": [
			{"key": "new_year", "name": "元旦", "first": "2027-01-01", "last": "2027-01-03"},
			{"key": "spring_festival", "name": "春节", "first": "2027-02-05", "last": %q, "worked": ["2027-02-14"]},
			{"key": "labour", "name": "劳动节", "first": "2027-05-01", "last": "2027-05-03"},
			{"key": "national", "name": "国庆节", "first": "2027-10-01", "last": "2027-10-07"}
		]}`, springEnds))
	check(t, err)
	return y
}

// A year comes, and is corrected: the calendar goes by the last file, and every load is kept.
func TestSaveCalendarYear(t *testing.T) {
	w := newWorld(t)
	friday := calendar.NewDate(2027, 2, 12)
	first, corrected := notice2027(t, "2027-02-11"), notice2027(t, "2027-02-12")

	before, err := w.Calendar(t.Context())
	check(t, err)
	if before.Published(2027) || before.Version() != calendar.National().Version() {
		t.Fatal("an empty database knows of more than the program")
	}
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", first))
	check(t, w.SaveCalendarYears(t.Context(), "somebody else", first)) // nothing new
	c, err := w.Calendar(t.Context())
	check(t, err)
	if !c.Published(2027) || !c.Published(2010) || !c.IsWorkday(friday) {
		t.Errorf("2027 known: %v, 2010: %v, %s worked: %v", c.Published(2027), c.Published(2010), friday, c.IsWorkday(friday))
	}
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", corrected))
	c, err = w.Calendar(t.Context())
	check(t, err)
	if c.IsWorkday(friday) {
		t.Errorf("%s is worked although the correction has it off", friday)
	}

	years, err := w.LoadedYears(t.Context())
	check(t, err)
	if len(years) != 1 || !cmp.Equal(years[0].Year, corrected) || years[0].By != "hanxue" || !years[0].At.Equal(w.now.UTC().Truncate(1000)) {
		t.Errorf("loaded: %+v", years)
	}
	if n := w.count(t, `select count(*) from calendar_loads where year = 2027 and loaded_by = 'hanxue'
		and sha256 = encode(sha256(convert_to(file::text, 'UTF8')), 'hex')`); n != 2 {
		t.Errorf("%d loads with the hash of their file, want 2", n)
	}
	if n := w.count(t, `select count(*) from calendar_loads`); n != 2 {
		t.Errorf("%d loads, want 2", n)
	}
}

// What makes no calendar together with the other years is refused, and nothing of it is kept; a day that moves from one file
// to the other is fine if both come at once.
func TestSaveCalendarYearRefuses(t *testing.T) {
	w := newWorld(t)
	saturday := calendar.NewDate(2026, 12, 26)
	y2026, _ := calendar.National().Year(2026)
	y2026.Holidays = slices.Clone(y2026.Holidays)
	y2026.Holidays[0].Worked = []calendar.Date{saturday}
	plain, early := notice2027(t, "2027-02-11"), notice2027(t, "2027-02-11")
	early.Holidays[0].Worked = []calendar.Date{saturday}

	for want, years := range map[string][]calendar.Year{
		"2026-12-26 is in the file of":           {y2026, early},
		"calendar: two files for 2027":           {plain, early},
		"calendar: year 0: not a year":           {{}},
		"is not a day off, but the law makes it": {{Year: 2027, Sources: plain.Sources}},
	} {
		err := w.SaveCalendarYears(t.Context(), "hanxue", years...)
		refused(t, err, proposal.InvalidInput)
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	refused(t, w.SaveCalendarYears(t.Context(), "", plain), proposal.InvalidInput)
	if n := w.count(t, `select count(*) from calendar_years`) + w.count(t, `select count(*) from calendar_loads`); n > 0 {
		t.Errorf("%d rows of refused years", n)
	}

	check(t, w.SaveCalendarYears(t.Context(), "hanxue", y2026, plain))
	y2026.Holidays[0].Worked = []calendar.Date{calendar.NewDate(2026, 1, 4)}
	refused(t, w.SaveCalendarYears(t.Context(), "hanxue", early), proposal.InvalidInput)
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", early, y2026))
}

// Two loads that are each sound and make no calendar together: whoever comes second is refused.
func TestSaveCalendarYearsAtOnce(t *testing.T) {
	w := newWorld(t)
	saturday := calendar.NewDate(2026, 12, 26)
	y2026, _ := calendar.National().Year(2026)
	y2026.Holidays = slices.Clone(y2026.Holidays)
	y2026.Holidays[0].Worked = []calendar.Date{saturday}
	early := notice2027(t, "2027-02-11")
	early.Holidays[0].Worked = []calendar.Date{saturday}

	results := make(chan error)
	for _, y := range []calendar.Year{y2026, early} {
		go func() { results <- w.SaveCalendarYears(t.Context(), "hanxue", y) }()
	}
	err := errors.Join(<-results, <-results)
	refused(t, err, proposal.InvalidInput)
	if n := w.count(t, `select count(*) from calendar_years`); n != 1 {
		t.Errorf("%d years saved, want 1", n)
	}
	_, err = w.Calendar(t.Context())
	check(t, err)
}

// The report is of the newest load; before any load, of a release that brought a year.
func TestCalendarMoves(t *testing.T) {
	w := newWorld(t)
	id := w.register(t)
	move := func(to string) {
		t.Helper()
		_, err := w.sql.Exec(t.Context(), `
			insert into calendar_moves (year, case_id, clock, from_due, to_due, at) values (2027, $1, 'reply', '2027-02-12', $2, '2026-11-20')`, id, to)
		check(t, err)
	}
	reported := func(want ...string) {
		t.Helper()
		moves, err := w.CalendarMoves(t.Context(), 10)
		check(t, err)
		var got []string
		for _, m := range moves {
			got = append(got, m.To.String())
			if m.CaseID != id || m.Key.Number == "" || m.Clock != proposal.ReplyClock || m.From != calendar.NewDate(2027, 2, 12) {
				t.Errorf("move %+v", m)
			}
		}
		if !cmp.Equal(got, want) {
			t.Errorf("moved to %v, want %v", got, want)
		}
	}
	move("2027-02-13")
	reported("2027-02-13")
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", notice2027(t, "2027-02-12")))
	reported()
	move("2027-02-14")
	move("2027-02-15")
	reported("2027-02-15", "2027-02-14")

	for constraint, statement := range map[string]string{
		"calendar_moves_moved":     `insert into calendar_moves (year, case_id, clock, from_due, to_due, at) select 2027, case_id, clock, to_due, to_due, at from calendar_moves limit 1`,
		"calendar_moves_load_fkey": `insert into calendar_moves (load, year, case_id, clock, from_due, to_due, at) select 1000, 2027, case_id, clock, from_due, to_due, at from calendar_moves limit 1`,
		"calendar_years_file":      `update calendar_years set year = 2028`,
		"23001":                    `update calendar_loads set loaded_by = 'nobody'`,
	} {
		_, err := w.sql.Exec(t.Context(), statement)
		violates(t, err, constraint)
	}
	for _, statement := range []string{`delete from calendar_loads`, `truncate calendar_moves`, `update calendar_moves set ref = 'x'`} {
		_, err := w.sql.Exec(t.Context(), statement)
		violates(t, err, "23001")
	}
}
