package supervision

import (
	"testing"

	"github.com/banli/banli/internal/calendar"
)

// The first weekly digest of a month tells of the month before, in January of the year before. Of a week without working days there is no digest, and the
// next one tells it.
func TestMonthOver(t *testing.T) {
	for monday, want := range map[calendar.Date]string{
		calendar.NewDate(2026, 4, 27):  "",
		calendar.NewDate(2026, 5, 4):   "2026-04-01 2026-04-30",
		calendar.NewDate(2026, 5, 11):  "",
		calendar.NewDate(2026, 10, 5):  "2026-09-01 2026-09-30",
		calendar.NewDate(2026, 10, 12): "",
		calendar.NewDate(2027, 1, 4):   "2026-01-01 2026-12-31",
		calendar.NewDate(2027, 2, 1):   "2027-01-01 2027-01-31",
	} {
		past, over := monthOver(calendar.National(), monday)
		got := ""
		if over {
			got = past.From.String() + " " + past.To.String()
		}
		if got != want {
			t.Errorf("the digest of the week from %s tells of %q, want %q", monday, got, want)
		}
	}
	closed := calendar.National().Supposing([]calendar.Date{calendar.NewDate(2026, 6, 1), calendar.NewDate(2026, 6, 2), calendar.NewDate(2026, 6, 3), calendar.NewDate(2026, 6, 4), calendar.NewDate(2026, 6, 5)}, nil)
	if past, over := monthOver(closed, calendar.NewDate(2026, 6, 8)); !over || past.From.Month != 5 {
		t.Errorf("after a week without working days: %v, %v", past.Period, over)
	}
}
