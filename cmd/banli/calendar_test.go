package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// notice2027 is what a notice for 2027 might say.
const notice2027 = `{
  "year": 2027,
  "sources": [{"title": "国务院办公厅关于2027年部分节假日安排的通知", "number": "国办发明电〔2026〕1号"}],
  "holidays": [
    {"key": "new_year", "name": "元旦", "first": "2027-01-01", "last": "2027-01-03"},
    {"key": "spring_festival", "name": "春节", "first": "2027-02-05", "last": "2027-02-11", "worked": ["2027-02-14"]},
    {"key": "labour", "name": "劳动节", "first": "2027-05-01", "last": "2027-05-03"},
    {"key": "national", "name": "国庆节", "first": "2027-10-01", "last": "2027-10-07"}
  ]
}
`

// A year comes in: what it changes is printed, and the list knows of it. A corrected year prints what the correction changes.
func TestCalendarLoadAndList(t *testing.T) {
	database := app.Database{URL: testkit.Database(t, store.Migrate)}
	november := calendar.NewDate(2026, 11, 20)
	list := calendarListCommand{Database: database}
	says(t, printed(t, func(out *strings.Builder) error { return list.run(t.Context(), out, november) }),
		"2010  built in", "国务院办公厅关于2026年部分节假日安排的通知 国办发明电〔2025〕7号", "2027  missing ")

	load := calendarLoadCommand{Database: database, By: "hanxue", Files: []string{write(t, "2027.json", notice2027)}}
	loading := func(out *strings.Builder) error { return load.run(t.Context(), out) }
	says(t, printed(t, loading),
		"2027-02-05  Fri  workday  → holiday (spring_festival)\n", "2027-02-06  Sat  weekend  → holiday (spring_festival)\n",
		"2027-02-14  Sun  weekend  → make up workday (spring_festival)\n",
		"loaded: 21 days differ from before, 365 days are no longer provisional\n")
	says(t, printed(t, loading), "loaded: 0 days differ from before, 0 days are no longer provisional\n")

	load.Files = []string{write(t, "2027.json", strings.Replace(notice2027, `"last": "2027-02-11"`, `"last": "2027-02-12"`, 1))}
	if got, want := printed(t, loading), "2027-02-12  Fri  workday  → holiday (spring_festival)\nloaded: 1 days differ"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	says(t, printed(t, func(out *strings.Builder) error { return list.run(t.Context(), out, november) }),
		"2027  loaded by hanxue on ", "国务院办公厅关于2027年部分节假日安排的通知 国办发明电〔2026〕1号")
}

// What is wrong with one of the files is said with its place, and nothing is saved.
func TestCalendarLoadRefuses(t *testing.T) {
	database := app.Database{URL: testkit.Database(t, store.Migrate)}
	for _, c := range []struct{ name, content, want string }{
		{"2028.json", notice2027, "the file of year 2027 must be named 2027.json"},
		{"2027.json", strings.Replace(notice2027, "2027-02-14", "2027-02-15", 1), `2027.json: calendar: year 2027: holiday "spring_festival": 2027-02-15 is a Monday`},
		{"2027.json", strings.Replace(notice2027, "春节\",", "春节\"", 1), "2027.json: calendar: year file: line 6: invalid character"},
		// 26 December 2026 is 2026's to work, and 2027's to have off.
		{"2027.json", strings.Replace(notice2027, `"first": "2027-01-01"`, `"first": "2026-12-26"`, 1), "2026-12-26 is in the file of 2027 and in that of a neighbouring year"},
	} {
		y2026, _ := calendar.National().Year(2026)
		y2026.Holidays = slices.Clone(y2026.Holidays)
		y2026.Holidays[0].Worked = []calendar.Date{calendar.NewDate(2026, 12, 26)}
		data, err := json.Marshal(y2026)
		if err != nil {
			t.Fatal(err)
		}
		files := []string{write(t, "2026.json", string(data)), write(t, c.name, c.content)}
		load := calendarLoadCommand{Database: database, By: "hanxue", Files: files}
		var out strings.Builder
		if err := load.run(t.Context(), &out); err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 {
			t.Errorf("got %v and %q, want an error with %q", err, out.String(), c.want)
		}
	}
	record, err := store.Open(t.Context(), database.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	if years, err := record.LoadedYears(t.Context()); err != nil || len(years) > 0 {
		t.Errorf("saved: %v, %v", years, err)
	}
}

func write(t *testing.T, name, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func printed(t *testing.T, command func(*strings.Builder) error) string {
	t.Helper()
	var out strings.Builder
	if err := command(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func says(t *testing.T, output string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(output, w) {
			t.Errorf("no %q in:\n%s", w, output)
		}
	}
}
