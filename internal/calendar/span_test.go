package calendar_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"pgregory.net/rapid"
)

// The case of the design's pictures: assigned on 3 February 2020, looked at on 20 April.
func TestShenyangCase(t *testing.T) {
	c := calendar.National()
	s := c.AddMonths(date(t, "2020-02-03"), 3)
	if got, want := s.Nominal.String()+" "+s.End.String(), "2020-05-03 2020-05-06"; got != want {
		t.Errorf("nominal and end %s, want %s", got, want)
	}
	var skipped string
	for _, d := range s.Skipped {
		skipped += d.Date.String() + " " + string(d.Kind) + " " + d.Holiday + "\n"
	}
	if want := "2020-05-03 holiday labour\n2020-05-04 holiday labour\n2020-05-05 holiday labour\n"; skipped != want {
		t.Errorf("skipped\n%swant\n%s", skipped, want)
	}
	today := date(t, "2020-04-20")
	if n := c.WorkdaysBetween(today, s.End); n != 10 {
		t.Errorf("%d working days left of the legal limit, want 10", n)
	}
	if n := c.WorkdaysBetween(today, date(t, "2020-04-22")); n != 2 {
		t.Errorf("%d working days left of the internal limit, want 2", n)
	}
}

func TestAddMonths(t *testing.T) {
	c := calendar.National()
	for _, tc := range []struct {
		name, start string
		months      int
		nominal     string
		end         string
		skipped     int
	}{
		{"ends on a working day", "2020-03-10", 3, "2020-06-10", "2020-06-10", 0},
		{"Saturday", "2020-03-13", 3, "2020-06-13", "2020-06-15", 2},
		{"Sunday that is worked", "2020-01-26", 3, "2020-04-26", "2020-04-26", 0},
		{"no 31 June: the month's last day", "2020-03-31", 3, "2020-06-30", "2020-06-30", 0},
		{"no 30 February, leap year", "2019-11-30", 3, "2020-02-29", "2020-03-02", 2},
		{"no 29 February", "2018-11-29", 3, "2019-02-28", "2019-02-28", 0},
		{"the last day of a short month is a day number, not a month's end", "2020-02-29", 3, "2020-05-29", "2020-05-29", 0},
		{"into the prolonged Spring Festival", "2019-10-31", 3, "2020-01-31", "2020-02-03", 3},
		{"National Day, then a worked Saturday", "2020-07-03", 3, "2020-10-03", "2020-10-09", 6},
		{"over New Year", "2022-10-01", 3, "2023-01-01", "2023-01-03", 2},
		{"six months, the most the law allows", "2020-02-03", 6, "2020-08-03", "2020-08-03", 0},
		{"more than a year", "2019-12-31", 14, "2021-02-28", "2021-03-01", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := c.AddMonths(date(t, tc.start), tc.months)
			if s.Nominal.String() != tc.nominal || s.End.String() != tc.end || len(s.Skipped) != tc.skipped || s.Provisional {
				t.Errorf("got %+v", s)
			}
			if s.Start.String() != tc.start || s.Unit != calendar.Months || s.N != tc.months {
				t.Errorf("does not say what was asked: %+v", s)
			}
		})
	}
}

func TestAddWorkdays(t *testing.T) {
	c := calendar.National()
	for _, tc := range []struct {
		name, start string
		n           int
		end         string
		skipped     int
	}{
		{"the next day", "2020-04-20", 1, "2020-04-21", 0},
		{"over Labour Day with a worked Sunday", "2020-04-20", 10, "2020-05-06", 6},
		{"Friday to worked Sunday", "2020-04-24", 1, "2020-04-26", 1},
		{"from inside a holiday", "2020-10-03", 1, "2020-10-09", 5},
		{"return window of a suggestion assigned on 3 February 2020", "2020-02-03", 5, "2020-02-10", 2},
		{"none, on a working day", "2020-04-22", 0, "2020-04-22", 0},
		{"none, on a day off", "2020-05-01", 0, "2020-05-06", 5},
		{"back over the weekend", "2020-04-20", -1, "2020-04-17", 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := c.AddWorkdays(date(t, tc.start), tc.n)
			if s.End.String() != tc.end || len(s.Skipped) != tc.skipped || s.Provisional {
				t.Errorf("got %+v", s)
			}
			if s.Start.String() != tc.start || s.Unit != calendar.Workdays || s.N != tc.n {
				t.Errorf("does not say what was asked: %+v", s)
			}
		})
	}
}

func TestOnStaysOnADayOff(t *testing.T) {
	day := date(t, "2025-08-31") // a Sunday
	s := calendar.National().On(day)
	if s.Nominal != day || s.End != day || s.Unit != calendar.Fixed || len(s.Skipped) != 0 || s.Provisional {
		t.Errorf("got %+v", s)
	}
}

func TestWorkdaysBetween(t *testing.T) {
	c := calendar.National()
	for _, tc := range []struct {
		name, from, to string
		want           int
	}{
		{"today", "2020-04-22", "2020-04-22", 0},
		{"tomorrow", "2020-04-21", "2020-04-22", 1},
		{"over the worked Saturday 9 May", "2020-05-06", "2020-05-11", 4},
		{"late since yesterday", "2020-04-23", "2020-04-22", -1},
		{"two working days late on Monday after Thursday", "2020-04-20", "2020-04-16", -2},
		{"due on Friday, now Saturday: no working day has begun", "2020-04-18", "2020-04-17", 0},
		{"due on a Sunday, now Friday", "2020-04-17", "2020-04-19", 0},
		{"no date", "2020-04-17", "", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var to calendar.Date
			if tc.to != "" {
				to = date(t, tc.to)
			}
			if got := c.WorkdaysBetween(date(t, tc.from), to); got != tc.want {
				t.Errorf("got %d, want %d", got, tc.want)
			}
		})
	}
}

func TestSpanIsProvisionalOnlyByTheDaysThatDecideIt(t *testing.T) {
	c, y2021 := twoYears(t) // 2021's file is still to come
	for _, tc := range []struct {
		name string
		span calendar.Span
		want bool
	}{
		{"months into the unknown year", c.AddMonths(date(t, "2020-11-05"), 3), true},
		{"months to the last week of December", c.AddMonths(date(t, "2020-09-28"), 3), true},
		{"months before it", c.AddMonths(date(t, "2020-09-22"), 3), false},
		{"working days across the year's end", c.AddWorkdays(date(t, "2020-12-28"), 10), true},
		{"working days before it", c.AddWorkdays(date(t, "2020-12-01"), 10), false},
		{"a named day needs no calendar", c.On(date(t, "2021-08-20")), false},
	} {
		if tc.span.Provisional != tc.want {
			t.Errorf("%s: %+v", tc.name, tc.span)
		}
	}
	whole, err := c.With(y2021)
	if err != nil {
		t.Fatal(err)
	}
	before, after := c.AddMonths(date(t, "2020-11-12"), 3), whole.AddMonths(date(t, "2020-11-12"), 3)
	if before.End != date(t, "2021-02-12") || after.End != date(t, "2021-02-18") || after.Provisional {
		t.Errorf("12 February 2021 is in the Spring Festival: %s without the file, %s with it", before.End, after.End)
	}
}

func TestSpanProperties(t *testing.T) {
	c := calendar.National()
	rapid.Check(t, func(t *rapid.T) {
		start := anyDate().Draw(t, "start")
		months := rapid.IntRange(0, 24).Draw(t, "months")
		s := c.AddMonths(start, months)
		if s.End.Before(s.Nominal) || !c.IsWorkday(s.End) {
			t.Fatalf("%+v ends before its nominal day or on a day off", s)
		}
		if at := s.Nominal.Year*12 + int(s.Nominal.Month) - start.Year*12 - int(start.Month); at != months {
			t.Fatalf("%+v is nominally %d months on", s, at)
		}
		if s.Nominal.Day != start.Day && (s.Nominal.Day > start.Day || s.Nominal.AddDays(1).Day != 1) {
			t.Fatalf("%+v has neither the same day number nor the month's last", s)
		}
		if len(s.Skipped) != s.End.Sub(s.Nominal) {
			t.Fatalf("%+v moved by %d days, explained by %d", s, s.End.Sub(s.Nominal), len(s.Skipped))
		}
		if later := c.AddMonths(start.AddDays(1), months); later.End.Before(s.End) {
			t.Fatalf("a day later the limit is earlier: %+v, %+v", s, later)
		}
		for _, day := range s.Skipped {
			if day.Worked() || day != c.Day(day.Date) {
				t.Fatalf("%+v skips %+v", s, day)
			}
		}
	})
}

func TestWorkdayProperties(t *testing.T) {
	c := calendar.National()
	rapid.Check(t, func(t *rapid.T) {
		start, other := anyDate().Draw(t, "start"), anyDate().Draw(t, "other")
		n := rapid.IntRange(0, 400).Draw(t, "n")
		s := c.AddWorkdays(start, n)
		if !c.IsWorkday(s.End) || s.End != s.Nominal && n > 0 {
			t.Fatalf("%+v", s)
		}
		if n > 0 && c.WorkdaysBetween(start, s.End) != n {
			t.Fatalf("%+v is %d working days away", s, c.WorkdaysBetween(start, s.End))
		}
		if n > 0 && s.End.Sub(start) != n+len(s.Skipped) {
			t.Fatalf("%+v spans %d days, %d of them explained", s, s.End.Sub(start), n+len(s.Skipped))
		}
		if back := c.AddWorkdays(s.End, -n); n > 0 && c.IsWorkday(start) && back.End != start {
			t.Fatalf("%s plus %d working days, minus as many, is %s", start, n, back.End)
		}
		if a, b := c.WorkdaysBetween(start, other), c.WorkdaysBetween(other, start); a != -b {
			t.Fatalf("%d working days from %s to %s, %d back", a, start, other, b)
		}
		if sum := c.WorkdaysBetween(start, s.End) + c.WorkdaysBetween(s.End, other); sum != c.WorkdaysBetween(start, other) {
			t.Fatalf("by way of %s there are %d working days from %s to %s", s.End, sum, start, other)
		}
	})
}

// A Span is kept with the case, so what was explained then can be explained for ever.
func TestSpanInJSON(t *testing.T) {
	s := calendar.National().AddMonths(date(t, "2020-02-04"), 3)
	out, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"start":"2020-02-04","nominal":"2020-05-04","end":"2020-05-06","unit":"months","n":3,"skipped":[` +
		`{"date":"2020-05-04","kind":"holiday","holiday":"labour"},{"date":"2020-05-05","kind":"holiday","holiday":"labour"}]}`
	if string(out) != want {
		t.Errorf("got  %s\nwant %s", out, want)
	}
	var back calendar.Span
	if err := json.Unmarshal(out, &back); err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("read back as %+v, %v", back, err)
	}
}
