package supervision

import (
	"context"
	"net/http"
	"slices"
	"strconv"

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
	From, To string
	Cut      string // by what the rows are told apart, in words
	Groups   []TableGroup
	Rows     []TableRow // the sum last
	File     string     // the same as an .xlsx file
	Back     string     // the rates of the same period
}

func (*tablePage) Template() string { return "statistics_table.html" }

// TableGroup is a head over several columns.
type TableGroup struct {
	Name    string
	Columns []string
}

// TableRow is one division, or whatever the rows are told apart by, or the sum.
type TableRow struct {
	Name  string
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
	p := &tablePage{
		Frame: kit.Frame{Title: words.T(name + ".title"), Section: "statistics"},
		From:  words.FullDay(asked.From), To: words.FullDay(asked.To), Cut: words.T("statistics.by." + string(asked.by)),
		File: casefile.WithQuery("/statistics/"+name+".xlsx", asked.query()), Back: casefile.WithQuery("/statistics", asked.query()),
	}
	if p.Groups, p.Rows, err = s.table(r.Context(), words, who, asked, columns); err != nil {
		return err
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
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
	over, head := []string{""}, []string{locale.Capital(words.T("statistics.by." + string(asked.by)))}
	for _, g := range groups {
		for _, column := range g.Columns {
			over, head = append(over, g.Name), append(head, column)
		}
	}
	lines := [][]string{over, head}
	for _, row := range rows {
		line := []string{row.Name}
		for _, c := range row.Cells {
			if c.Share != "" {
				line = append(line, c.Share)
			} else {
				line = append(line, strconv.Itoa(c.N))
			}
		}
		lines = append(lines, line)
	}
	data, err := sheet.Write(sheet.Table{Name: words.T(name + ".title"), Rows: lines})
	if err != nil {
		return err
	}
	file := words.T(name+".file", "From", asked.From.String(), "To", asked.To.String())
	return kit.SendFile(w, store.AttachmentInfo{Name: file + ".xlsx", MediaType: sheet.MediaType}, data)
}
