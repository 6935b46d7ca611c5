package supervision

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// What is foreseen is what comes out when the days are drawn by lot.
func TestForesee(t *testing.T) {
	lot := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		past          []int
		left, missing int
	}{
		{[]int{0, 0, 1, 0, 3}, 12, 20},
		{[]int{2, 2, 2}, 4, 100},
		{[]int{0, 5, 5}, 1, 3},
		{[]int{0, 0, 0, 1}, 30, 40},
		{[]int{0}, 9, 5},
		{[]int{4}, 3, 0},
	} {
		likely, sure := foresee(slices.Repeat([][]int{c.past}, c.left), c.missing)
		drawn := make([]int, 20000)
		for i := range drawn {
			for range c.left {
				drawn[i] += c.past[lot.IntN(len(c.past))]
			}
			drawn[i] = min(drawn[i], c.missing)
		}
		slices.Sort(drawn)
		for chance, got := range map[float64]int{.5: likely, .85: sure} {
			if want := drawn[int((1-chance)*20000)]; math.Abs(float64(got-want)) > 1 {
				t.Errorf("%v, %d days, %d missing: %d with a chance of %.2f, drawn %d", c.past, c.left, c.missing, got, chance, want)
			}
		}
	}
}

// How often the band held, over years of offices that work in ways of their own: those whose pace is steady within a month, for which it must
// hold as often as it says, and those whose is not, for which it is printed alone (-v).
func TestForecastOverYears(t *testing.T) {
	lot := rand.New(rand.NewPCG(3, 4))
	const years, workdays, all = 300, 60, 120
	offices := []struct {
		name   string
		steady bool
		on     func(day int) float64 // replies expected of a working day, out of all
	}{
		{"the same pace every day", true, func(int) float64 { return 1. / workdays }},
		{"Fridays in bundles", true, func(day int) float64 {
			if day%5 == 4 {
				return 4. / workdays
			}
			return .25 / workdays
		}},
		{"faster towards the end", false, func(day int) float64 { return 2 * float64(day) / workdays / workdays }},
		{"slower towards the end", false, func(day int) float64 { return 2 * float64(workdays-day) / workdays / workdays }},
	}
	for _, office := range offices {
		likely, sure, looks := 0, 0, 0
		for range years {
			var year []int
			for day := range workdays {
				n := 0
				for range all { // each reply falls on the day or does not
					if lot.Float64() < office.on(day) {
						n++
					}
				}
				year = append(year, n)
			}
			for _, now := range []int{paceDays, 30, 45} {
				missing := max(0, all-sum(year[:now]))
				l, s := foresee(slices.Repeat([][]int{year[now-paceDays : now]}, workdays-now), missing)
				reached := min(missing, sum(year[now:]))
				looks++
				if reached >= l {
					likely++
				}
				if reached >= s {
					sure++
				}
			}
		}
		held := func(n int) float64 { return 100 * float64(n) / float64(looks) }
		t.Logf("%s: of %d forecasts what was likely was reached in %.0f %%, what was 85 %% sure in %.0f %%", office.name, looks, held(likely), held(sure))
		if office.steady && (held(likely) < 42 || held(sure) < 72) {
			t.Errorf("%s: the band held in %.0f %% and %.0f %%", office.name, held(likely), held(sure))
		}
	}
}
