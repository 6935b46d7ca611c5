package supervision

import (
	"context"
	"net/http"
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

// tablePage is the table of a year as offices hand it in (办理情况统计表): how many, not shares.
type tablePage struct {
	kit.Frame
	Lead     string // of which cases it is
	Groups   []TableGroup
	Rows     []TableRow // the sum last
	Formulas []RateHead // of the columns
	File     string     // the same as an .xlsx file
	Back     string     // the rates of the same period
	None     string     // what is said without rows
}

// Many reports whether the heads of the columns have no room beside each other.
func (p *tablePage) Many() bool { return len(p.Rows) > 0 && len(p.Rows[0].Cells) > 20 }

func (*tablePage) Template() string { return "statistics_table.html" }

// TableGroup is a head over several columns.
type TableGroup struct {
	Name    string
	Columns []string
}

// TableRow is one division, or whatever the rows are told apart by, or the sum.
type TableRow struct {
	Name  string
	Year  string // of which it is, in the table of several years
	Whole bool   // it is the sum of a year
	Cells []TableCell
}

// TableCell is a number with the list that it is the length of, or a share.
type TableCell struct {
	Group, Name string // where there is no head above
	ListCount
	Share string // "" for a number
}

// tableGroup is what the columns under one head count.
type tableGroup struct {
	name    string // key of its words
	columns []tableColumn
}

// tableColumn counts a part of a rate. A column without a part is the share of those counted.
type tableColumn struct {
	name  string // key of its words
	rate  store.Rate
	part  store.Part
	class string // which the words name
}

// yearTable is 办理情况统计表.
var yearTable = []tableGroup{
	{"table.handled", []tableColumn{
		{name: "table.lead_unit", rate: store.AnsweredRate, part: store.PartOf},
		{name: "table.co", rate: store.CoAnsweredRate, part: store.PartOf},
		{name: "table.all", rate: store.HandledRate, part: store.PartOf},
	}},
	{"table.answered", []tableColumn{
		{name: "table.lead_unit", rate: store.AnsweredRate, part: store.PartCounted},
		{name: "table.co", rate: store.CoAnsweredRate, part: store.PartCounted},
		{name: "table.all", rate: store.HandledRate, part: store.PartCounted},
		{name: "table.share", rate: store.HandledRate},
	}},
	attitudeColumns, resultColumns,
}

var (
	attitudeColumns = tableGroup{"table.attitude", []tableColumn{
		{name: "table.full", rate: store.AttitudeFullRate, part: store.PartCounted},
		{name: "table.basically", rate: store.AttitudeBasicallyRate, part: store.PartCounted},
		{name: "table.dissatisfied", rate: store.AttitudeDissatisfiedRate, part: store.PartCounted},
		{name: "table.unrated", rate: store.RatedRate, part: store.PartMissed},
	}}
	resultColumns = tableGroup{"table.result", []tableColumn{
		{name: "table.full", rate: store.FullySatisfiedRate, part: store.PartCounted},
		{name: "table.basically", rate: store.BasicallySatisfiedRate, part: store.PartCounted},
		{name: "table.dissatisfied", rate: store.DissatisfiedRate, part: store.PartCounted},
		{name: "table.unrated", rate: store.RatedRate, part: store.PartMissed},
	}}
)

// evaluationTable is 承办单位评估表, with the classes of reply that the bureau's rules have today.
func (s *Room) evaluationTable(ctx context.Context) ([]tableGroup, error) {
	pack, err := s.store.RulesNow(ctx)
	if err != nil {
		return nil, err
	}
	classes := tableGroup{name: "table.classes"}
	for _, c := range pack.Classes {
		rate := store.ClassRate(c.Code)
		classes.columns = append(classes.columns,
			tableColumn{name: "statistics.class", rate: rate, part: store.PartCounted, class: c.Code}, tableColumn{name: "table.portion", rate: rate})
	}
	return []tableGroup{
		{"table.handled", []tableColumn{{name: "table.lead_unit", rate: store.AnsweredRate, part: store.PartOf}, {name: "table.replied", rate: store.AnsweredRate, part: store.PartCounted}}},
		classes,
		{"table.met_by", []tableColumn{
			{name: "rank.bureau_head", rate: store.BureauHeadMetRate, part: store.PartCounted},
			{name: "rank.leader", rate: store.LeaderMetRate, part: store.PartCounted},
			{name: "rank.division_head", rate: store.DivisionHeadMetRate, part: store.PartCounted},
			{name: "rank.officer", rate: store.OfficerMetRate, part: store.PartCounted},
		}},
		{"table.mode", []tableColumn{
			{name: "table.forum", rate: store.ForumRate, part: store.PartCounted},
			{name: "table.visit", rate: store.VisitRate, part: store.PartCounted},
			{name: "table.distance", rate: store.DistanceRate, part: store.PartCounted},
			{name: "table.no_contact", rate: store.ContactedRate, part: store.PartMissed},
		}},
		attitudeColumns, resultColumns,
		{"table.co_signers", []tableColumn{
			{name: "table.co_signed", rate: store.CoSignersRate, part: store.PartCounted},
			{name: "table.to_each", rate: store.CoSignersEachRate, part: store.PartCounted},
			{name: "table.co_unanswered", rate: store.CoSignersAnsweredRate, part: store.PartMissed},
			{name: "table.co_reached", rate: store.CoSignersReachedRate, part: store.PartCounted},
			{name: "table.co_rated", rate: store.CoSignersRatedRate, part: store.PartCounted},
		}},
	}, nil
}

// yearsBack is how many years before this one are looked back at: those of a term.
const yearsBack = 5

// backTable is 回头看: what the replies of earlier years promised, and what became of it. The classes are called as the bureau's rules call them today.
func (s *Room) backTable(ctx context.Context) ([]tableGroup, error) {
	pack, err := s.store.RulesNow(ctx)
	if err != nil {
		return nil, err
	}
	called := func(is func(proposal.ResultClass) bool) string {
		if at := slices.IndexFunc(pack.Classes, is); at >= 0 {
			return pack.Classes[at].Code
		}
		return ""
	}
	solved, planned := called(proposal.ResultClass.Solves), called(proposal.ResultClass.Promises)
	return []tableGroup{
		{"table.answered", []tableColumn{{name: "table.lead_unit", rate: store.RepliedRate, part: store.PartCounted}}},
		{"table.class_first", []tableColumn{
			{name: "table.solved", rate: store.FirstSolvedRate, part: store.PartCounted, class: solved},
			{name: "table.planned", rate: store.FirstPlannedRate, part: store.PartCounted, class: planned},
		}},
		{"table.class_now", []tableColumn{
			{name: "table.solved", rate: store.NowSolvedRate, part: store.PartCounted, class: solved},
			{name: "table.planned", rate: store.NowPlannedRate, part: store.PartCounted, class: planned},
		}},
		{"table.promises", []tableColumn{
			{name: "table.with_promise", rate: store.WithPromiseRate, part: store.PartCounted},
			{name: "table.promises_due", rate: store.PromisesDueRate, part: store.PartCounted},
			{name: "table.promises_kept", rate: store.PromisesKeptRate, part: store.PartCounted},
			{name: "table.promises_overdue", rate: store.PromisesOverdueRate, part: store.PartCounted},
			{name: "table.promises_ahead", rate: store.PromisesAheadRate, part: store.PartCounted},
			{name: "table.kept_share", rate: store.PromisesKeptRate},
		}},
	}, nil
}

// TableShow draws the table of a year.
func (s *Room) TableShow(w http.ResponseWriter, r *http.Request) error {
	return s.showTable(w, r, "table", yearTable)
}

// EvaluationShow draws the table by which the assembly evaluates.
func (s *Room) EvaluationShow(w http.ResponseWriter, r *http.Request) error {
	groups, err := s.evaluationTable(r.Context())
	if err != nil {
		return err
	}
	return s.showTable(w, r, "evaluation", groups)
}

func (s *Room) showTable(w http.ResponseWriter, r *http.Request, name string, columns []tableGroup) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	asked, err := s.mayTable(r, who)
	if err != nil {
		return err
	}
	groups, rows, err := s.table(r.Context(), words, who, asked, columns)
	if err != nil {
		return err
	}
	return s.drawTable(w, r, &tablePage{
		Frame: kit.Frame{Title: words.T(name + ".title"), Section: "statistics"},
		Lead:  words.T("table.lead", "From", words.FullDay(asked.From), "To", words.FullDay(asked.To), "Cut", words.T("statistics.by."+string(asked.by))),
		File:  casefile.WithQuery("/statistics/"+name+".xlsx", asked.query()), Back: casefile.WithQuery("/statistics", asked.query()),
		Groups: groups, Rows: rows, Formulas: formulas(words, columns),
	})
}

func (s *Room) drawTable(w http.ResponseWriter, r *http.Request, p *tablePage) error {
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

// formulas tell how each column is reckoned.
func formulas(w *locale.Words, columns []tableGroup) (heads []RateHead) {
	for _, g := range columns {
		for _, c := range g.columns {
			name := casefile.RateName(w, c.rate)
			if !slices.ContainsFunc(heads, func(h RateHead) bool { return h.Name == name }) {
				heads = append(heads, RateHead{ID: string(c.rate), Name: name, Formula: casefile.RateFormula(w, c.rate)})
			}
		}
	}
	return heads
}

// BackShow draws what became of the promises of earlier years, by year and division.
func (s *Room) BackShow(w http.ResponseWriter, r *http.Request) error {
	words, all := s.Words(r), s.backPeriod()
	columns, groups, rows, err := s.back(r, all)
	if err != nil {
		return err
	}
	return s.drawTable(w, r, &tablePage{
		Frame: kit.Frame{Title: words.T("back.title"), Section: "statistics"}, Lead: words.T("back.lead", "From", all.From.Year, "To", all.To.Year),
		File: "/statistics/back.xlsx", Back: "/statistics", Groups: groups, Rows: rows, Formulas: formulas(words, columns),
		None: words.T("back.none", "From", all.From.Year, "To", all.To.Year),
	})
}

// backPeriod is the years that are looked back at.
func (s *Room) backPeriod() store.Period {
	year := calendar.DateOf(s.Now()).Year
	return store.Period{From: calendar.NewDate(year-yearsBack, 1, 1), To: calendar.NewDate(year-1, 12, 31)}
}

// back reads the table of these years, if the officer may see it.
func (s *Room) back(r *http.Request, all store.Period) (columns []tableGroup, groups []TableGroup, rows []TableRow, err error) {
	who := kit.OfficerOf(r)
	if !kit.MayOverview(who) {
		return nil, nil, nil, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	if columns, err = s.backTable(r.Context()); err != nil {
		return nil, nil, nil, err
	}
	groups, rows, err = s.backRows(r.Context(), s.Words(r), who, all, columns)
	return columns, groups, rows, err
}

// backRows are a row for each year, the newest first, and below it one for each of its divisions; the sum of all last.
func (s *Room) backRows(ctx context.Context, w *locale.Words, who *store.Person, all store.Period, columns []tableGroup) (groups []TableGroup, rows []TableRow, err error) {
	for year := all.To.Year; year >= all.From.Year; year-- {
		asked := statistics{Period: store.Period{From: calendar.NewDate(year, 1, 1), To: calendar.NewDate(year, 12, 31)}, by: store.ByDivision}
		var of []TableRow
		if groups, of, err = s.table(ctx, w, who, asked, columns); err != nil {
			return nil, nil, err
		}
		sum := of[len(of)-1]
		if sum.Cells[0].N == 0 {
			continue
		}
		sum.Whole = true
		for _, row := range append([]TableRow{sum}, of[:len(of)-1]...) {
			row.Year = w.T("filter.year_is", "Year", strconv.Itoa(year))
			rows = append(rows, row)
		}
	}
	if rows == nil {
		return groups, nil, nil
	}
	_, of, err := s.table(ctx, w, who, statistics{Period: all, by: store.ByDivision}, columns)
	if err != nil {
		return nil, nil, err
	}
	return groups, append(rows, of[len(of)-1]), nil
}

// BackFile sends the same as an .xlsx file.
func (s *Room) BackFile(w http.ResponseWriter, r *http.Request) error {
	words, all := s.Words(r), s.backPeriod()
	columns, groups, rows, err := s.back(r, all)
	if err != nil {
		return err
	}
	file := words.T("back.file", "From", all.From.Year, "To", all.To.Year)
	return sendSheet(w, words, file, words.T("back.title"), locale.Capital(words.T("statistics.by.division")), groups, rows, columns)
}

// mayTable reads what is asked for, if the officer may see it.
func (s *Room) mayTable(r *http.Request, who *store.Person) (statistics, error) {
	if !kit.MayOverview(who) {
		return statistics{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	asked, ok := s.readStatistics(r)
	if !ok {
		return asked, kit.ErrNotFound
	}
	return asked, nil
}

func (s *Room) table(ctx context.Context, w *locale.Words, who *store.Person, asked statistics, columns []tableGroup) (groups []TableGroup, rows []TableRow, err error) {
	var rates []store.Rate
	for _, g := range columns {
		group := TableGroup{Name: w.T(g.name)}
		for _, c := range g.columns {
			group.Columns = append(group.Columns, w.T(c.name, "Class", c.class))
			if !slices.Contains(rates, c.rate) {
				rates = append(rates, c.rate)
			}
		}
		groups = append(groups, group)
	}
	figures, err := s.store.Statistics(ctx, who.Person, asked.Period, asked.by, rates)
	if err != nil {
		return nil, nil, err
	}
	divisions, err := s.store.Divisions(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range figures {
		row := TableRow{Name: casefile.CutName(w, asked.by, f.Key, divisions)}
		list := asked.by.Filter(f.Key)
		for i, g := range columns {
			for j, c := range g.columns {
				n := f.Counts[slices.Index(rates, c.rate)]
				cell := TableCell{Group: groups[i].Name, Name: groups[i].Columns[j]}
				switch c.part {
				case store.PartOf:
					cell.N = n.Of
				case store.PartCounted:
					cell.N = n.Counted
				case store.PartMissed:
					cell.N = n.Of - n.Counted
				default:
					cell.Share = sign(percent(n))
				}
				list.Rate = store.CasesOf(c.rate, c.part, asked.Period)
				cell.Path = casefile.ListPath(list)
				row.Cells = append(row.Cells, cell)
			}
		}
		rows = append(rows, row)
	}
	return groups, rows, nil
}

// TableFile sends the table of a year as an .xlsx file.
func (s *Room) TableFile(w http.ResponseWriter, r *http.Request) error {
	return s.sendTable(w, r, "table", yearTable)
}

// EvaluationFile sends the table by which the assembly evaluates.
func (s *Room) EvaluationFile(w http.ResponseWriter, r *http.Request) error {
	columns, err := s.evaluationTable(r.Context())
	if err != nil {
		return err
	}
	return s.sendTable(w, r, "evaluation", columns)
}

func (s *Room) sendTable(w http.ResponseWriter, r *http.Request, name string, columns []tableGroup) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	asked, err := s.mayTable(r, who)
	if err != nil {
		return err
	}
	groups, rows, err := s.table(r.Context(), words, who, asked, columns)
	if err != nil {
		return err
	}
	file := words.T(name+".file", "From", asked.From.String(), "To", asked.To.String())
	return sendSheet(w, words, file, words.T(name+".title"), locale.Capital(words.T("statistics.by."+string(asked.by))), groups, rows, columns)
}

// sendSheet sends a table, and how its columns are reckoned, as an .xlsx file. In the table of several years the year has a column of its own.
func sendSheet(w http.ResponseWriter, words *locale.Words, file, title, cut string, groups []TableGroup, rows []TableRow, columns []tableGroup) error {
	over, head := []string{""}, []string{cut}
	years := slices.ContainsFunc(rows, func(r TableRow) bool { return r.Year != "" })
	if years {
		over, head = append(over, ""), []string{words.T("back.year"), cut}
	}
	for _, g := range groups {
		for _, column := range g.Columns {
			over, head = append(over, g.Name), append(head, column)
		}
	}
	lines := [][]string{over, head}
	for _, row := range rows {
		line := []string{row.Name}
		if years {
			line = []string{row.Year, row.Name}
		}
		for _, c := range row.Cells {
			if c.Share != "" {
				line = append(line, c.Share)
			} else {
				line = append(line, strconv.Itoa(c.N))
			}
		}
		lines = append(lines, line)
	}
	said := [][]string{{words.T("statistics.rate"), words.T("statistics.formula")}}
	for _, f := range formulas(words, columns) {
		said = append(said, []string{f.Name, f.Formula})
	}
	data, err := sheet.Write(sheet.Table{Name: title, Rows: lines}, sheet.Table{Name: words.T("statistics.formula"), Rows: said})
	if err != nil {
		return err
	}
	return kit.SendFile(w, store.AttachmentInfo{Name: file + ".xlsx", MediaType: sheet.MediaType}, data)
}
