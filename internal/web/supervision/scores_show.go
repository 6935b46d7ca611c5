package supervision

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// scoresPage is the scores of the divisions for a period, by the items of the rules that the bureau follows today, in the order of the office.
type scoresPage struct {
	kit.Frame
	From, To    string
	Wrong       string // what cannot be read of the period
	Rules, Path string // by which rules; "" before the bureau has any
	Items       []ScoreItem
	Rows        []ScoreRow
	File        string
	Least       int
}

func (*scoresPage) Template() string { return "statistics_scores.html" }

// ScoreItem is an item in words.
type ScoreItem struct{ Name, Formula, Points string }

// ScoreRow is a division.
type ScoreRow struct {
	Name       string
	Cells      []ScoreCell
	Sum, OutOf string // Sum is "" where no item can be scored
}

// ScoreCell is what a division has of an item, and the cases behind it.
type ScoreCell struct {
	Name        string // of the item, where there is no head above
	Points      string // "" over too few cases
	Counted, Of ListCount
}

// ScoresShow draws the scores.
func (s *Room) ScoresShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	asked, ok := s.readStatistics(r)
	p := &scoresPage{
		Frame: kit.Frame{Title: words.T("scores.title"), Section: "statistics"}, From: asked.From.String(), To: asked.To.String(), Least: proposal.LeastScored,
		File: casefile.WithQuery("/statistics/scores.xlsx", asked.query()),
	}
	if !ok {
		p.Wrong, p.From, p.To = words.T("statistics.wrong"), r.URL.Query().Get("from"), r.URL.Query().Get("to")
		return s.Render(w, r, http.StatusUnprocessableEntity, p)
	}
	pack, err := s.store.RulesNow(r.Context())
	if err != nil {
		return err
	}
	p.Rules = pack.Name
	if kit.ReadsRules(who) && pack.ID != "" {
		p.Path = "/rules/" + url.PathEscape(pack.ID)
	}
	if p.Items, p.Rows, err = s.scores(r.Context(), words, who, asked.Period, pack.Scoring); err != nil {
		return err
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

func (s *Room) scores(ctx context.Context, w *locale.Words, who *store.Person, period store.Period, by []proposal.ScoringItem) (items []ScoreItem, rows []ScoreRow, err error) {
	for _, item := range by {
		args := []any{"Formula", casefile.RateFormula(w, store.Rate(item.Rate)), "N", item.Weight, "Each", item.Each}
		formula := w.T("scores.share", args...)
		switch {
		case item.Each > 0 && item.Rate.Against():
			formula = w.T("scores.each_counted", args...)
		case item.Each > 0:
			formula = w.T("scores.each_missed", args...)
		case item.Rate.Against():
			formula = w.T("scores.share_others", args...)
		}
		items = append(items, ScoreItem{w.T("rate." + string(item.Rate)), formula, w.T("scores.points", "N", item.Weight)})
	}
	scores, err := s.store.Scores(ctx, who.Person, period, by)
	for _, score := range scores {
		row := ScoreRow{Name: w.Name(score.Division.Name)}
		for i, n := range score.Items {
			list := func(part store.Part, count int) ListCount {
				f := store.ByDivision.Filter(string(score.Division.Code))
				f.Rate = store.CasesOf(store.Rate(by[i].Rate), part, period)
				return ListCount{count, casefile.ListPath(f)}
			}
			cell := ScoreCell{Name: items[i].Name, Counted: list(store.PartCounted, n.Counted), Of: list(store.PartOf, n.Of)}
			if n.Scored {
				cell.Points = oneDecimal(float64(n.Tenths))
			}
			row.Cells = append(row.Cells, cell)
		}
		if score.OutOf > 0 {
			row.Sum, row.OutOf = oneDecimal(float64(score.Tenths)), strconv.Itoa(score.OutOf)
		}
		rows = append(rows, row)
	}
	return items, rows, err
}

// ScoresFile sends the scores as an .xlsx file, and how they are reckoned.
func (s *Room) ScoresFile(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	asked, err := s.mayTable(r, who)
	if err != nil {
		return err
	}
	pack, err := s.store.RulesNow(r.Context())
	if err != nil {
		return err
	}
	items, rows, err := s.scores(r.Context(), words, who, asked.Period, pack.Scoring)
	if err != nil {
		return err
	}
	head, formulas := []string{locale.Capital(words.T("statistics.by.division"))}, [][]string{{words.T("statistics.rate"), words.T("statistics.formula")}}
	for _, item := range items {
		head = append(head, item.Name, words.T("statistics.counted"), words.T("statistics.of"))
		formulas = append(formulas, []string{item.Name, item.Formula})
	}
	lines := [][]string{append(head, words.T("scores.sum"), words.T("scores.out_of"))}
	for _, row := range rows {
		line := []string{row.Name}
		for _, c := range row.Cells {
			line = append(line, orDash(c.Points), strconv.Itoa(c.Counted.N), strconv.Itoa(c.Of.N))
		}
		lines = append(lines, append(line, orDash(row.Sum), orDash(row.OutOf)))
	}
	title := words.T("scores.title")
	data, err := sheet.Write(sheet.Table{Name: title, Rows: lines}, sheet.Table{Name: words.T("statistics.formula"), Rows: formulas})
	if err != nil {
		return err
	}
	name := words.T("scores.file", "From", asked.From.String(), "To", asked.To.String())
	return kit.SendFile(w, store.AttachmentInfo{Name: name + ".xlsx", MediaType: sheet.MediaType}, data)
}

func orDash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}
