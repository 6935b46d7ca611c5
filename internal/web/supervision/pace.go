package supervision

import (
	"math"
	"math/rand/v2"
	"slices"
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

// draws is how often the days that are left are drawn by lot; what comes out is exact to 1 in 100.
const draws = 2000

// foresee says how many of what is missing will be done in the days that are left, each of which is said what it may be like: one of its past days,
// whichever. What is as likely reached as not, and what is reached in 85 of 100 cases. The lists of past days are of the same days, and so of one length: what
// differs is how many were done on them.
//
// Twenty days tell the pace only so well, and the further it is projected the more that matters: so each day that is drawn goes back among those that may be
// drawn twice (Pólya's urn), and a draw that began well goes on well. Drawn the plain way, the band held in 71 of 100 forecasts of 40 days, not in 85.
// The lot is the same for each page: who looks twice sees the same figure.
func foresee(left [][]int, missing int) (likely, sure int) {
	if len(left) == 0 {
		return 0, 0
	}
	lot := rand.New(rand.NewPCG(1, 1))
	done, drawn := make([]int, draws), make([]int, len(left))
	for i := range done {
		for day, past := range left {
			at := lot.IntN(len(past) + day)
			if at >= len(past) {
				at = drawn[at-len(past)]
			}
			drawn[day] = at
			done[i] += past[at]
		}
		done[i] = min(missing, done[i])
	}
	slices.Sort(done)
	return done[draws*50/100], done[draws*15/100]
}
