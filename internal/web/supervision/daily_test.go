package supervision

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// What tells something is read once a day; what tells nothing is read again after a minute, and not at each look.
func TestDailyIsReadOnceADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var d daily[int]
		loads, today := 0, calendar.NewDate(2026, 3, 2)
		look := func(tells bool) {
			t.Helper()
			told, known, err := d.read(t.Context(), today, pagePatience, func(context.Context) (int, bool, error) {
				loads++
				return loads, tells, nil
			})
			if err != nil || !known || told != loads {
				t.Fatalf("look says %d, %v, %v after %d reads", told, known, err, loads)
			}
		}
		for _, step := range []struct {
			after time.Duration
			tells bool
			loads int
		}{
			{0, false, 1},
			{30 * time.Second, false, 1},
			{30 * time.Second, true, 2},
			{time.Hour, true, 2},
		} {
			time.Sleep(step.after)
			look(step.tells)
			if loads != step.loads {
				t.Errorf("%v later it was read %d times, not %d", step.after, loads, step.loads)
			}
		}
		today = today.AddDays(1)
		if look(true); loads != 3 {
			t.Errorf("on the next day it was read %d times, not 3", loads)
		}
	})
}
