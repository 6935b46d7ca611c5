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

// tableGroups say what each column counts. A column without a part is the share of those counted.
var tableGroups = []struct {
	name    string
	columns []tableColumn
}{
	{"handled", []tableColumn{{"lead_unit", store.AnsweredRate, store.PartOf}, {"co", store.CoAnsweredRate, store.PartOf}, {"all", store.HandledRate, store.PartOf}}},
	{"answered", []tableColumn{
		{"lead_unit", store.AnsweredRate, store.PartCounted}, {"co", store.CoAnsweredRate, store.PartCounted}, {"all", store.HandledRate, store.PartCounted}, {"share", store.HandledRate, ""},
	}},
	{"attitude", []tableColumn{
		{"full", store.AttitudeFullRate, store.PartCounted},
		{"basically", store.AttitudeBasicallyRate, store.PartCounted},
		{"dissatisfied", store.AttitudeDissatisfiedRate, store.PartCounted},
		{"unrated", store.RatedRate, store.PartMissed},
	}},
	{"result", []tableColumn{
		{"full", store.FullySatisfiedRate, store.PartCounted},
		{"basically", store.BasicallySatisfiedRate, store.PartCounted},
		{"dissatisfied", store.DissatisfiedRate, store.PartCounted},
		{"unrated", store.RatedRate, store.PartMissed},
	}},
}

type tableColumn struct {
	name string
	rate store.Rate
	part store.Part
}

// TableShow draws the table.
func (s *Room) TableShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	asked, err := s.mayTable(r, who)
	if err != nil {
		return err
	}
	p := &tablePage{
		Frame: kit.Frame{Title: words.T("table.title"), Section: "statistics"},
		From:  words.FullDay(asked.From), To: words.FullDay(asked.To), Cut: words.T("statistics.by." + string(asked.by)),
		File: casefile.WithQuery("/statistics/table.xlsx", asked.query()), Back: casefile.WithQuery("/statistics", asked.query()),
	}
	if p.Groups, p.Rows, err = s.table(r.Context(), words, who, asked); err != nil {
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

func (s *Room) table(ctx context.Context, w *locale.Words, who *store.Person, asked statistics) (groups []TableGroup, rows []TableRow, err error) {
	for _, g := range tableGroups {
		group := TableGroup{Name: w.T("table." + g.name)}
		for _, c := range g.columns {
			group.Columns = append(group.Columns, w.T("table."+c.name))
		}
		groups = append(groups, group)
	}
	figures, err := s.store.Statistics(ctx, who.Person, asked.Period, asked.by, store.TableRates)
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
		for i, g := range tableGroups {
			for j, c := range g.columns {
				n := f.Counts[slices.Index(store.TableRates, c.rate)]
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

// TableFile sends the table as an .xlsx file.
func (s *Room) TableFile(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	asked, err := s.mayTable(r, who)
	if err != nil {
		return err
	}
	groups, rows, err := s.table(r.Context(), words, who, asked)
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
	title := words.T("table.title")
	data, err := sheet.Write(sheet.Table{Name: title, Rows: lines})
	if err != nil {
		return err
	}
	name := words.T("table.file", "From", asked.From.String(), "To", asked.To.String())
	return kit.SendFile(w, store.AttachmentInfo{Name: name + ".xlsx", MediaType: sheet.MediaType}, data)
}
