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
		likely, sure := foresee(c.past, c.left, c.missing)
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
