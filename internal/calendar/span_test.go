package calendar_test

import (
	"testing"

	"github.com/banli/banli/internal/calendar"
)

func date(t testing.TB, s string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

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
