package api

import (
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// PeriodQuery chooses a period; this year up to today if nothing is said.
type PeriodQuery struct {
	From calendar.Date `json:"from,omitzero"`
	To   calendar.Date `json:"to,omitzero"` // with it
}

// StatisticsQuery chooses the figures of a period.
type StatisticsQuery struct {
	PeriodQuery
	By store.Cut `json:"by,omitempty"` // by division if not said
}

// Statistics are the figures of a period. The cases of a figure are GET /tasks?box=every with rate=RATE.PART.FROM.TO and cut=BY.KEY, where PART is
// of, counted or missed; the sum has no cut.
type Statistics struct {
	From  calendar.Date   `json:"from"`
	To    calendar.Date   `json:"to"`
	By    store.Cut       `json:"by"`
	Rates []RateInWords   `json:"rates"`
	Rows  []StatisticsRow `json:"rows"`
	Sum   StatisticsRow   `json:"sum"`
}

// RateInWords is what a figure is called, and how it is reckoned.
type RateInWords struct {
	Rate    store.Rate `json:"rate"`
	Name    string     `json:"name"`
	Formula string     `json:"formula"`
}

// StatisticsRow is one division, or whatever the rows are told apart by; key and name are empty of the sum.
type StatisticsRow struct {
	Key     string      `json:"key"`
	Name    string      `json:"name"`
	Figures []RateCount `json:"figures"` // in the order of the rates
}

// RateCount is over how many cases a figure is reckoned, and for how many of them it holds.
type RateCount struct {
	Counted       int `json:"counted"`
	Of            int `json:"of"`
	CountedBefore int `json:"counted_before"` // of the same days a year earlier
	OfBefore      int `json:"of_before"`
}

// Scores are what the divisions have by the items of the rules that hold today, in the order of the office.
type Scores struct {
	From  calendar.Date   `json:"from"`
	To    calendar.Date   `json:"to"`
	Rules string          `json:"rules,omitempty"` // the id of the pack
	Items []ScoreItem     `json:"items"`           // none: the rules do not say how divisions are scored
	Rows  []DivisionScore `json:"rows"`
}

// ScoreItem is one item by which divisions are scored.
type ScoreItem struct {
	Rate   store.Rate `json:"rate"`
	Name   string     `json:"name"`
	Weight int        `json:"weight"`         // points at best
	Each   int        `json:"each,omitempty"` // points lost for each case that speaks against the division; without it points are the share of the others
}

// DivisionScore is what a division has.
type DivisionScore struct {
	Division
	Items  []ItemScore `json:"items"` // in the order of the items
	Tenths int         `json:"tenths"`
	OutOf  int         `json:"out_of"` // points that the items that are scored could give
}

// ItemScore is what a division has of an item, in tenths of a point.
type ItemScore struct {
	Counted int  `json:"counted"`
	Of      int  `json:"of"`
	Tenths  *int `json:"tenths,omitempty"` // absent over too few cases
}

// mayOverview refuses those who have no pages of figures either.
func mayOverview(call *Call) error {
	if !kit.MayOverview(call.who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	return nil
}

// period reads a period for somebody who may see its figures.
func (s *Room) period(call *Call, q PeriodQuery) (store.Period, error) {
	p := store.YearTo(calendar.DateOf(s.Now()))
	if !q.From.IsZero() {
		p.From = q.From
	}
	if !q.To.IsZero() {
		p.To = q.To
	}
	if err := mayOverview(call); err != nil {
		return p, err
	}
	if p.To.Before(p.From) {
		return p, kit.InvalidFields([]proposal.FieldError{{Field: "to", Code: proposal.DayBeforeStart, Date: p.From}})
	}
	return p, nil
}

func (s *Room) statisticsShow(call *Call, q StatisticsQuery) (Statistics, error) {
	if q.By == "" {
		q.By = store.ByDivision
	}
	p, err := s.period(call, q.PeriodQuery)
	if err != nil {
		return Statistics{}, err
	}
	if !slices.Contains(store.Cuts, q.By) {
		return Statistics{}, kit.InvalidFields([]proposal.FieldError{{Field: "by", Code: proposal.UnknownValue}})
	}
	pack, err := s.store.RulesNow(call.Context())
	if err != nil {
		return Statistics{}, err
	}
	rates := slices.Clone(store.EveryRate)
	for _, c := range pack.Classes {
		rates = append(rates, store.ClassRate(c.Code))
	}
	figures, err := s.store.StatisticsOfTwoYears(call.Context(), call.who.Person, p, q.By, rates)
	if err != nil {
		return Statistics{}, err
	}
	divisions, err := s.store.Divisions(call.Context())
	if err != nil {
		return Statistics{}, err
	}
	a := Statistics{From: p.From, To: p.To, By: q.By, Rows: []StatisticsRow{}}
	for _, r := range rates {
		a.Rates = append(a.Rates, RateInWords{r, casefile.RateName(call.words, r), casefile.RateFormula(call.words, r)})
	}
	for _, f := range figures {
		row := StatisticsRow{Key: f.Key}
		for i, n := range f.Counts {
			row.Figures = append(row.Figures, RateCount{n.Counted, n.Of, f.Before[i].Counted, f.Before[i].Of})
		}
		if f.Key == "" {
			a.Sum = row
			continue
		}
		row.Name = casefile.CutName(call.words, q.By, f.Key, divisions)
		a.Rows = append(a.Rows, row)
	}
	return a, nil
}

func (s *Room) scoresShow(call *Call, q PeriodQuery) (Scores, error) {
	p, err := s.period(call, q)
	if err != nil {
		return Scores{}, err
	}
	pack, err := s.store.RulesNow(call.Context())
	if err != nil {
		return Scores{}, err
	}
	scores, err := s.store.Scores(call.Context(), call.who.Person, p, pack.Scoring)
	a := Scores{From: p.From, To: p.To, Rules: pack.ID, Items: []ScoreItem{}, Rows: []DivisionScore{}}
	for _, item := range pack.Scoring {
		rate := store.Rate(item.Rate)
		a.Items = append(a.Items, ScoreItem{rate, casefile.RateName(call.words, rate), item.Weight, item.Each})
	}
	for _, score := range scores {
		row := DivisionScore{Division: Division{score.Division.Code, call.words.Name(score.Division.Name)}, Tenths: score.Tenths, OutOf: score.OutOf}
		for _, n := range score.Items {
			one := ItemScore{Counted: n.Counted, Of: n.Of}
			if n.Scored {
				one.Tenths = &n.Tenths
			}
			row.Items = append(row.Items, one)
		}
		a.Rows = append(a.Rows, row)
	}
	return a, err
}
