package supervision

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// statisticsPage is the figures of a period, cut in one way, beside those of the year before.
type statisticsPage struct {
	kit.Frame
	From, To   string
	Cuts       []kit.Choice
	Ones       []kit.Choice // of the rates; on a phone one is shown at a time
	Years      []YearLink
	Rates      []RateHead
	Rows       []StatisticsRow // the sum last
	File       string          // the same as an .xlsx file
	Table      string          // the table of the same period
	Evaluation string          // and the table by which the assembly evaluates
	Summary    string          // the same in sentences, as a .docx file
	Wrong      string          // what cannot be read of the period
}

func (*statisticsPage) Template() string { return "statistics.html" }

// YearLink leads to the figures of a year.
type YearLink struct {
	Name, Path string
	Here       bool
}

// RateHead is a figure in words: its name, what is divided by what, and what it comes to over all.
type RateHead struct {
	ID, Name, Formula string
	Sum               RateCell
}

// StatisticsRow is one division, topic, body or level, or the sum.
type StatisticsRow struct {
	Name  string
	Cells []RateCell // by rate
}

// RateCell is a figure. Its numbers are the lengths of the lists that they open.
type RateCell struct {
	Name                string // of the rate, where there is no head above
	One                 bool   // it is the one that a phone shows
	Percent, Before     string // "" if there is nothing to reckon over
	Fell                bool   // it is less than the year before
	Counted, Of, Missed ListCount
}

// statistics is what was asked for.
type statistics struct {
	store.Period
	by  store.Cut
	one store.Rate
}

// readStatistics reads the period and the cut; what is not said is this year up to today, by division.
func (s *Room) readStatistics(r *http.Request) (asked statistics, ok bool) {
	today, q := calendar.DateOf(s.Now()), r.URL.Query()
	asked = statistics{store.YearTo(today), store.ByDivision, store.Rates[0]}
	for name, day := range map[string]*calendar.Date{"from": &asked.From, "to": &asked.To} {
		if text := q.Get(name); text != "" && day.UnmarshalText([]byte(text)) != nil {
			return asked, false
		}
	}
	if by := store.Cut(q.Get("by")); slices.Contains(store.Cuts, by) {
		asked.by = by
	}
	if one := store.Rate(q.Get("one")); slices.Contains(store.Rates, one) {
		asked.one = one
	}
	return asked, !asked.To.Before(asked.From)
}

func (a statistics) query() url.Values {
	return url.Values{"from": {a.From.String()}, "to": {a.To.String()}, "by": {string(a.by)}, "one": {string(a.one)}}
}

// StatisticsShow draws the figures.
func (s *Room) StatisticsShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	asked, ok := s.readStatistics(r)
	p := &statisticsPage{
		Frame: kit.Frame{Title: words.T("statistics.title"), Section: "statistics"},
		From:  asked.From.String(), To: asked.To.String(), File: casefile.WithQuery("/statistics.xlsx", asked.query()),
		Table: casefile.WithQuery("/statistics/table", asked.query()), Evaluation: casefile.WithQuery("/statistics/evaluation", asked.query()),
		Summary: casefile.WithQuery("/statistics/summary.docx", asked.query()),
	}
	for _, by := range store.Cuts {
		p.Cuts = append(p.Cuts, kit.Choice{Value: string(by), Name: locale.Capital(words.T("statistics.by." + string(by))), Ticked: by == asked.by})
	}
	for _, rate := range store.Rates {
		p.Ones = append(p.Ones, kit.Choice{Value: string(rate), Name: words.T("rate." + string(rate)), Ticked: rate == asked.one})
	}
	this := calendar.DateOf(s.Now()).Year
	for year := this; year > this-3; year-- {
		whole := statistics{store.Period{From: calendar.NewDate(year, 1, 1), To: calendar.NewDate(year, 12, 31)}, asked.by, asked.one}
		p.Years = append(p.Years, YearLink{words.T("filter.year_is", "Year", strconv.Itoa(year)), casefile.WithQuery("/statistics", whole.query()), whole == asked})
	}
	if !ok {
		p.Wrong, p.From, p.To = words.T("statistics.wrong"), r.URL.Query().Get("from"), r.URL.Query().Get("to")
		return s.Render(w, r, http.StatusUnprocessableEntity, p)
	}
	var err error
	if p.Rows, err = s.statisticsRows(r.Context(), words, who, asked); err != nil {
		return err
	}
	for i, rate := range store.Rates {
		p.Rates = append(p.Rates, RateHead{string(rate), words.T("rate." + string(rate)), casefile.RateFormula(words, rate), p.Rows[len(p.Rows)-1].Cells[i]})
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

// statisticsRows are the figures in words, those of the year before beside them.
func (s *Room) statisticsRows(ctx context.Context, words *locale.Words, who *store.Person, asked statistics) ([]StatisticsRow, error) {
	figures, err := s.store.StatisticsOfTwoYears(ctx, who.Person, asked.Period, asked.by, store.Rates)
	if err != nil {
		return nil, err
	}
	divisions, err := s.store.Divisions(ctx)
	if err != nil {
		return nil, err
	}
	var rows []StatisticsRow
	for _, f := range figures {
		row := StatisticsRow{Name: casefile.CutName(words, asked.by, f.Key, divisions)}
		for i, rate := range store.Rates {
			cell := rateCell(f.Counts[i], f.Before[i])
			cell.One = rate == asked.one
			cell.Name = words.T("rate." + string(rate))
			for part, count := range map[store.Part]*ListCount{store.PartOf: &cell.Of, store.PartCounted: &cell.Counted, store.PartMissed: &cell.Missed} {
				list := asked.by.Filter(f.Key)
				list.Rate = store.CasesOf(rate, part, asked.Period)
				count.Path = casefile.ListPath(list)
			}
			row.Cells = append(row.Cells, cell)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func rateCell(n, was store.RateCount) RateCell {
	c := RateCell{Percent: percent(n), Before: percent(was)}
	c.Fell = n.Of > 0 && was.Of > 0 && n.Counted*was.Of < was.Counted*n.Of
	c.Counted.N, c.Of.N, c.Missed.N = n.Counted, n.Of, n.Of-n.Counted
	return c
}

// percent has one decimal. Only all are 100, and only none are 0.
func percent(n store.RateCount) string {
	switch n.Counted {
	case n.Of:
		if n.Of == 0 {
			return ""
		}
		return "100"
	case 0:
		return "0"
	}
	tenths := min(999, max(1, math.Round(1000*float64(n.Counted)/float64(n.Of))))
	return strconv.FormatFloat(tenths/10, 'f', 1, 64)
}

// StatisticsFile sends the figures as an .xlsx file: the figures, their formulas, and what each makes of each case.
func (s *Room) StatisticsFile(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	asked, ok := s.readStatistics(r)
	if !ok {
		return kit.ErrNotFound
	}
	rows, err := s.statisticsRows(r.Context(), words, who, asked)
	if err != nil {
		return err
	}
	cases, err := s.store.StatisticsCases(r.Context(), who.Person, asked.Period)
	if err != nil {
		return err
	}
	head := []string{locale.Capital(words.T("statistics.by." + string(asked.by)))}
	formulas := [][]string{{words.T("statistics.rate"), words.T("statistics.formula")}}
	each := []string{words.T("column.number"), words.T("column.subject"), words.T("column.division")}
	for _, rate := range store.Rates {
		name := words.T("rate." + string(rate))
		head = append(head, name, words.T("statistics.counted"), words.T("statistics.of"), words.T("statistics.before"))
		formulas = append(formulas, []string{name, casefile.RateFormula(words, rate)})
		each = append(each, name)
	}
	figures := [][]string{head}
	for _, row := range rows {
		line := []string{row.Name}
		for _, c := range row.Cells {
			line = append(line, sign(c.Percent), strconv.Itoa(c.Counted.N), strconv.Itoa(c.Of.N), sign(c.Before))
		}
		figures = append(figures, line)
	}
	list := [][]string{each}
	for _, c := range cases {
		line := []string{words.Number(c.Key), c.Title, words.Name(c.LeadName)}
		for _, holds := range c.Holds {
			switch {
			case holds == nil:
				line = append(line, "—")
			case *holds:
				line = append(line, words.T("statistics.holds"))
			default:
				line = append(line, words.T("statistics.missed"))
			}
		}
		list = append(list, line)
	}
	title := words.T("statistics.title")
	data, err := sheet.Write(sheet.Table{Name: title, Rows: figures}, sheet.Table{Name: words.T("statistics.formula"), Rows: formulas}, sheet.Table{Name: words.T("statistics.cases"), Rows: list})
	if err != nil {
		return err
	}
	name := words.T("statistics.file", "From", asked.From.String(), "To", asked.To.String())
	return kit.SendFile(w, store.AttachmentInfo{Name: name + ".xlsx", MediaType: sheet.MediaType}, data)
}

// sign is a share as it stands in a table; a dash where there is nothing to reckon over.
func sign(percent string) string {
	if percent == "" {
		return "—"
	}
	return percent + "%"
}
