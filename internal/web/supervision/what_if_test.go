package supervision

import (
	"slices"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Two weeks without somebody who has a part in every other reply: half as many are sent while they are away, and the last one is sent as many days later as
// were lost. One more who sends as many as are missing by then makes up for it.
func TestWhatIfSomebodyIsAway(t *testing.T) {
	days, today := calendar.National(), calendar.NewDate(2026, 3, 6) // a Friday; no holiday for four weeks
	day := func(workdays int) calendar.Date { return days.AddWorkdays(today, workdays).End }
	counts := []store.AnswerDays{{Due: day(15), N: 15}}
	for d := paceFrom(days, today); !d.After(today); d = d.AddDays(1) {
		if days.IsWorkday(d) {
			counts = append(counts, store.AnswerDays{Due: day(15), On: d, N: 1})
		}
	}
	o := outlookOf(counts, days, today, day(15))
	half := slices.Repeat([]int{0, 1}, paceDays/2)
	here, away := supposition{}, supposition{Supposition: store.Supposition{Away: []proposal.PersonID{"zhang"}, From: day(1), To: day(10)}}
	for _, c := range []struct {
		name    string
		touched []int
		asked   supposition
		besides int
		pace    string
		end     calendar.Date
	}{
		{"as it is", nil, here, 0, "1", day(15)},
		{"away", half, away, 0, "0.7", day(20)},
		{"away, and one more", half, away, 5, "1", day(15)},
		{"had no part", make([]int, paceDays), away, 0, "1", day(15)},
	} {
		pace, end := o.end(c.besides, o.like(c.touched, c.asked), days)
		if got := oneDecimal(float64(int(10*pace + .5))); got != c.pace || end != c.end {
			t.Errorf("%s: %s a day, the last on %s; want %s on %s", c.name, got, end, c.pace, c.end)
		}
	}
	if _, end := o.end(0, func(calendar.Date) []int { return []int{0} }, days); !end.IsZero() {
		t.Errorf("without any reply the last is sent on %s", end)
	}
}

// One case of several that are due on a day moves alone, and is missing on the other day.
func TestWhatIfOneCaseMoves(t *testing.T) {
	from, to := calendar.NewDate(2026, 3, 20), calendar.NewDate(2026, 3, 23)
	counts := []store.AnswerDays{{Due: from, On: from.AddDays(-1), N: 2}, {Due: from, N: 3}}
	moved := store.SupposedCase{Moved: []proposal.MovedClock{{Kind: proposal.ReplyClock, From: from, To: to}}}
	co := moved
	co.State.Handling = proposal.CoHandling // owes no reply
	for _, c := range []struct {
		cases []store.SupposedCase
		want  int // still missing on the first day
	}{{nil, 3}, {[]store.SupposedCase{moved}, 2}, {[]store.SupposedCase{co}, 3}, {[]store.SupposedCase{moved, moved, moved, moved}, 0}} {
		o := outlookOf(movedAnswers(counts, c.cases), calendar.National(), from.AddDays(-1), from)
		later := outlookOf(movedAnswers(counts, c.cases), calendar.National(), from.AddDays(-1), to)
		if o.missing != c.want || later.missing != 3 {
			t.Errorf("%d cases move: %d are missing on the day, %d later", len(c.cases), o.missing, later.missing)
		}
	}
}
