package supervision

import (
	"math"
	"strconv"

	"github.com/banli/banli/internal/calendar"
)

// paceDays is over how many working days the pace is taken, today with them.
const paceDays = 20

// enough is how many cases must have gone by in these days before anything is foreseen from it.
const enough = 5

// paceFrom is the first of the days over which the pace is taken.
func paceFrom(days *calendar.Calendar, today calendar.Date) calendar.Date {
	before := paceDays
	if days.IsWorkday(today) {
		before--
	}
	return days.AddWorkdays(today, -before).End
}

// aDay is how many of them a working day brought, with one decimal.
func aDay(n int) string { return oneDecimal(math.Round(10 * float64(n) / paceDays)) }

func oneDecimal(tenths float64) string { return strconv.FormatFloat(tenths/10, 'f', -1, 64) }

func sum(numbers []int) (n int) {
	for _, one := range numbers {
		n += one
	}
	return n
}

// foresee says how many of what is missing will be done in the days that are left, each of which is said what it may be like: if it is like one of
// its past days, whichever. What is as likely reached as not, and what is reached in 85 of 100 cases.
func foresee(left [][]int, missing int) (likely, sure int) {
	chance := make([]float64, missing+1) // of having done so many; at the end: all
	chance[0] = 1
	for _, past := range left {
		next := make([]float64, missing+1)
		for done, p := range chance {
			for _, more := range past {
				next[min(missing, done+more)] += p / float64(len(past))
			}
		}
		chance = next
	}
	reached := func(in float64) int {
		p := 1e-9 // sums of chances are not exact
		for done := missing; done > 0; done-- {
			if p += chance[done]; p >= in {
				return done
			}
		}
		return 0
	}
	return reached(.5), reached(.85)
}
