package proposal

import "slices"

// ScoredRate names a figure of the yearly statistics (domain §6), as the record counts it: of some cases, those for which something holds.
type ScoredRate string

// ScoredRates are the figures by which divisions may be scored.
var ScoredRates = []ScoredRate{
	"answered", "in_time", "contacted", "met", "rated", "satisfied", "fully_satisfied", "attitude", "first_round", "solved",
	"published", "kept", "rehandled", "returned", "co_in_time",
}

// Against reports whether the cases for which the figure holds are those that speak against a division.
func (r ScoredRate) Against() bool { return slices.Contains([]ScoredRate{"rehandled", "returned"}, r) }

// ScoringItem is one item by which the divisions are scored for a period (承办处室评分).
type ScoringItem struct {
	Rate   ScoredRate `yaml:"rate"`
	Weight int        `yaml:"weight"` // points at best; those of all items are 100 together
	Each   int        `yaml:"each"`   // points lost for each case that speaks against the division, until none are left; 0: points are the share of the others
}

// LeastScored is over how many cases an item must be reckoned to be scored: one case more or less would move it by half its weight.
const LeastScored = 3

// Points are what a division has of the item, in tenths of a point, when over the cases of the figure it holds for counted; false if
// there are too few.
func (i ScoringItem) Points(of, counted int) (tenths int, enough bool) {
	if of < LeastScored {
		return 0, false
	}
	good := counted
	if i.Rate.Against() {
		good = of - counted
	}
	if i.Each > 0 {
		return max(0, 10*(i.Weight-i.Each*(of-good))), true
	}
	return (20*i.Weight*good + of) / (2 * of), true // rounded
}
