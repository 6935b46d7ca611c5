package calendar_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the real Asia/Shanghai, to compare ours with

	"github.com/banli/banli/internal/calendar"
	"pgregory.net/rapid"
)

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestParseDateRefuses(t *testing.T) {
	for _, s := range []string{
		"", "2020", "2020-4-22", "2020-04-2", "20200422", "2020/04/22", "2020-02-30", "2019-02-29", "2020-13-01",
		"2020-00-10", "2020-04-00", "0000-01-01", "0001-01-01", "0999-12-31", "9001-01-01", "9999-12-31", " 2020-04-22", "2020-04-22 ", "2020-04-22T00:00:00Z", "-020-04-22",
		"+2020-04-22", "12020-04-22", "２０２０-04-22", "2020年4月22日",
	} {
		if d, err := calendar.ParseDate(s); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", s, d)
		} else if !d.IsZero() {
			t.Errorf("ParseDate(%q) gave %v beside its error", s, d)
		}
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2020-04-22", "2020-02-29", "1000-01-01", "9000-12-31", "2019-02-29", "", "2020-4-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := calendar.ParseDate(s)
		if err != nil {
			return
		}
		if d.String() != s {
			t.Errorf("ParseDate(%q).String() = %q", s, d)
		}
		if d != calendar.NewDate(d.Year, d.Month, d.Day) {
			t.Errorf("ParseDate(%q) is a day that does not exist", s)
		}
	})
}

func TestDateOfTurnsAtShanghaiMidnight(t *testing.T) {
	for instant, want := range map[string]string{
		"2020-04-21T15:59:59Z":      "2020-04-21",
		"2020-04-21T16:00:00Z":      "2020-04-22",
		"2020-04-22T23:59:59+08:00": "2020-04-22",
		"2019-12-31T16:00:00Z":      "2020-01-01",
	} {
		at, err := time.Parse(time.RFC3339, instant)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.DateOf(at).String(); got != want {
			t.Errorf("DateOf(%s) = %s, want %s", instant, got, want)
		}
	}
}

func TestStartAndEnd(t *testing.T) {
	d := date(t, "2020-12-31")
	if got := d.Start().Format(time.RFC3339); got != "2020-12-30T16:00:00Z" {
		t.Errorf("start %s", got)
	}
	if got := d.End().Format(time.RFC3339); got != "2020-12-31T16:00:00Z" {
		t.Errorf("end %s", got)
	}
}

// The fixed offset must agree with the tz database wherever Banli has dates.
func TestShanghaiAgreesWithTZDatabase(t *testing.T) {
	real, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	for d := date(t, "1992-01-01"); d.Year < 2100; d = d.AddDays(1) {
		if want := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, real); !d.Start().Equal(want) {
			t.Fatalf("%s starts at %s, in the tz database at %s", d, d.Start(), want)
		}
	}
}

func anyDate() *rapid.Generator[calendar.Date] {
	return rapid.Custom(func(t *rapid.T) calendar.Date {
		return calendar.NewDate(2008, time.January, 1).AddDays(rapid.IntRange(0, 22*366).Draw(t, "day"))
	})
}

func TestDateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, e := anyDate().Draw(t, "d"), anyDate().Draw(t, "e")
		n := rapid.IntRange(-5000, 5000).Draw(t, "n")
		if got := d.AddDays(n).Sub(d); got != n {
			t.Fatalf("%s.AddDays(%d) is %d days on", d, n, got)
		}
		if d.AddDays(e.Sub(d)) != e {
			t.Fatalf("%s and %s are not %d days apart", d, e, e.Sub(d))
		}
		if c := d.Compare(e); c != strings.Compare(d.String(), e.String()) || c != -e.Compare(d) ||
			d.Before(e) != (c < 0) || d.After(e) != (c > 0) || (d == e) != (c == 0) {
			t.Fatalf("Compare(%s, %s) = %d", d, e, c)
		}
		if d.Weekday() != d.Start().In(calendar.Shanghai).Weekday() {
			t.Fatalf("%s is a %s", d, d.Weekday())
		}
		if calendar.DateOf(d.Start()) != d || calendar.DateOf(d.End().Add(-1)) != d || calendar.DateOf(d.End()) != d.AddDays(1) {
			t.Fatalf("%s does not begin and end at its own midnights", d)
		}
	})
}

func TestDateInJSON(t *testing.T) {
	type record struct {
		Due calendar.Date `json:"due"`
	}
	for text, want := range map[string]calendar.Date{
		`{"due":"2020-04-22"}`: date(t, "2020-04-22"),
		`{"due":""}`:           {},
	} {
		var r record
		if err := json.Unmarshal([]byte(text), &r); err != nil || r.Due != want {
			t.Errorf("%s read as %v, %v", text, r.Due, err)
		}
		if out, err := json.Marshal(r); err != nil || string(out) != text {
			t.Errorf("%v written as %s, %v", want, out, err)
		}
	}
	kept := record{Due: date(t, "2020-04-22")}
	if err := json.Unmarshal([]byte(`{"due":"22.4.2020"}`), &kept); err == nil || kept.Due != date(t, "2020-04-22") {
		t.Errorf("a bad date: error %v, value %v", err, kept.Due)
	}
}

func TestDateInSQL(t *testing.T) {
	want := date(t, "2020-04-22")
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range []any{
		"2020-04-22", []byte("2020-04-22"),
		time.Date(2020, 4, 22, 0, 0, 0, 0, time.UTC), time.Date(2020, 4, 22, 0, 0, 0, 0, newYork),
	} {
		var d calendar.Date
		if err := d.Scan(src); err != nil || d != want {
			t.Errorf("Scan(%T %v) = %v, %v", src, src, d, err)
		}
	}
	for _, src := range []any{"infinity", 20200422, time.Date(2020, 4, 22, 16, 0, 0, 0, time.UTC)} {
		d := want
		if err := d.Scan(src); err == nil || d != want {
			t.Errorf("Scan(%T %v) gave %v, %v; want an error and the old value", src, src, d, err)
		}
	}
	d := want
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("Scan(nil) = %v, %v", d, err)
	}
	if v, err := want.Value(); err != nil || v != "2020-04-22" {
		t.Errorf("Value() = %v, %v", v, err)
	}
	if v, err := (calendar.Date{}).Value(); err != nil || v != nil {
		t.Errorf("Value() of no date = %v, %v", v, err)
	}
}
