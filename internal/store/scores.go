package store

import (
	"context"
	"slices"

	"github.com/banli/banli/internal/proposal"
)

// DivisionScore is what a division has of each item by which divisions are scored, in the order of the items, and in all.
type DivisionScore struct {
	Division Division
	Items    []ItemScore
	Tenths   int // of a point, of the items that are scored
	OutOf    int // points that these could give; 0 where none is
}

// ItemScore is what a division has of one item, and over which cases.
type ItemScore struct {
	RateCount
	Tenths int  // of a point
	Scored bool // over enough cases
}

// Scores scores the divisions for a period over the cases that the viewer may see, in the order of the office. A division without any case has no row.
func (s *Store) Scores(ctx context.Context, viewer proposal.Person, p Period, by []proposal.ScoringItem) (scores []DivisionScore, err error) {
	if len(by) == 0 {
		return nil, nil
	}
	var rates []Rate
	for _, item := range by {
		rates = append(rates, Rate(item.Rate))
	}
	figures, err := s.Statistics(ctx, viewer, p, ByDivision, rates)
	if err != nil {
		return nil, err
	}
	divisions, err := s.Divisions(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range divisions {
		at := slices.IndexFunc(figures, func(f RateRow) bool { return f.Key == string(d.Code) })
		if at < 0 {
			continue
		}
		score := DivisionScore{Division: d}
		for i, item := range by {
			n := ItemScore{RateCount: figures[at].Counts[i]}
			if n.Tenths, n.Scored = item.Points(n.Of, n.Counted); n.Scored {
				score.Tenths, score.OutOf = score.Tenths+n.Tenths, score.OutOf+item.Weight
			}
			score.Items = append(score.Items, n)
		}
		scores = append(scores, score)
	}
	return scores, nil
}
