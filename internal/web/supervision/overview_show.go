package supervision

import (
	"context"
	"net/http"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// overviewPage is the supervisor's view of the bureau: where the open cases wait, which are late, who carries how much,
// and whether the engine and the record agree.
type overviewPage struct {
	kit.Frame
	AsOf    string
	Whole   bool      // the viewer sees the whole bureau, not only own divisions
	Overdue string    // the list of what is late
	Near    string    // and of what is soon
	Closed  ListCount // this year; of the whole bureau
	Steps   []proposal.Step
	Rows    []HeatRow
	Sum     HeatRow
	Stuck   []StuckLine // the cases that nobody can act on today (R21)
	Late    []CaseLine
	Load    []LoadLine
	Board   []BoardLine // instead of Load, for who answers for divisions
	Drift   *DriftLine
}

func (*overviewPage) Template() string { return "overview.html" }

// Total is the cell that counts every open case.
func (p *overviewPage) Total() HeatCell { return p.Sum.Sum }

// StuckLine is a case that nobody can act on today, and whom it lacks.
type StuckLine struct {
	CaseLine
	Lacks string
}

// HeatRow is one division, or the sum of all.
type HeatRow struct {
	Name  string
	Cells []HeatCell // by step
	Sum   HeatCell
	Owed  HeatCell // of the sum: a co-opinion is still owed, which runs beside the stations
}

// HeatCell counts the open cases of one division at one station; its link opens the list of exactly these. Heat is a class
// of app.css that repeats the figures as colour.
type HeatCell struct {
	Path, Step, Place   string
	Open, Overdue, Near int
	Heat                string
}

// LoadLine is what one person holds. The widths are those of the bar, out of loadWidth.
type LoadLine struct {
	Name, Division, Path string
	Cover                string // where somebody is named who covers; "" if that is not the viewer's to do
	Open, Urgent         int    // overdue or near
	Bar, Part            int
}

// DriftLine is the last reconciliation of engine and record.
type DriftLine struct {
	At             string
	Checked, Apart int // Apart must read 0
	Stalled        int // nobody has the case and nothing will ring: must read 0
}

const (
	loadWidth    = 160
	overviewLate = 12 // late cases shown; the list has the others
)

// overviewSteps are the columns: an open case stands at every station but registration, and but 会办, which runs beside the others.
var overviewSteps = slices.DeleteFunc(slices.Clone(proposal.Steps), func(s proposal.Step) bool {
	return s == proposal.StepRegistration || s == proposal.StepCoHandling
})

// OverviewShow draws the overview.
func (s *Room) OverviewShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	today := calendar.DateOf(s.Now())
	near := s.Days(r.Context()).AddWorkdays(today, locale.NearDays).End
	counts, err := s.store.Overview(r.Context(), today, near)
	if err != nil {
		return err
	}
	all := store.TaskFilter{Box: store.Bureau}
	if !seesWhole(who) {
		all.Division = store.OwnDivisions
	}
	overdue, soon := all, all
	overdue.Within, overdue.Limit = store.Overdue, overviewLate
	soon.DueBy = near
	late, err := s.store.Tasks(r.Context(), who.ID, overdue)
	if err != nil {
		return err
	}
	drift, checked, err := s.store.LastDrift(r.Context())
	if err != nil {
		return err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	p := &overviewPage{
		Frame: kit.Frame{Title: words.T("overview.title"), Section: "overview"},
		AsOf:  words.Clock(s.Now()), Whole: seesWhole(who), Overdue: casefile.ListPath(overdue), Near: casefile.ListPath(soon), Steps: overviewSteps,
		Closed: ListCount{counts.Closed, casefile.ListPath(store.TaskFilter{Box: store.Every, Only: store.OnlyClosed})},
	}
	if !p.Whole {
		ours := func(id proposal.DivisionID) bool { return slices.Contains(who.AnswersFor(), id) }
		counts.Cells = slices.DeleteFunc(counts.Cells, func(c store.OverviewCell) bool { return !ours(c.Division) })
		if p.Board, err = s.board(r.Context(), words, who, divisions); err != nil {
			return err
		}
	}
	p.Rows, p.Sum = heat(words, counts.Cells, all)
	if p.Whole {
		p.Load = loads(words, counts.Load, divisions, kit.KeepsProxies(who))
	}
	for _, c := range late.Items {
		p.Late = append(p.Late, s.caseLine(r.Context(), words, c, who))
	}
	if p.Stuck, err = s.stuckLines(r.Context(), words, who); err != nil {
		return err
	}
	if checked {
		p.Drift = &DriftLine{words.Moment(drift.At), drift.Checked, drift.Apart(), drift.Stalled}
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

// stuckLines are those of the cases without a way on that the viewer may see.
func (s *Room) stuckLines(ctx context.Context, words *locale.Words, who *store.Person) (lines []StuckLine, err error) {
	ids, err := s.store.StuckCases(ctx)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	staff, err := s.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	cases, err := s.store.BulkCases(ctx, who.Person, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		c, visible := cases[id]
		if !visible {
			continue
		}
		pack, _ := s.store.Pack(c.State.Pack)
		var lacks []string
		for _, t := range staff.Unmanned(c.State, pack) {
			if role := words.T("role." + string(t.Role)); !slices.Contains(lacks, role) {
				lacks = append(lacks, role)
			}
		}
		lines = append(lines, StuckLine{s.caseLine(ctx, words, c.CaseRow, who), words.List(lacks)})
	}
	return lines, nil
}

// seesWhole: leaders in charge and heads of divisions see the divisions that they answer for; the other viewers see all (domain §3).
func seesWhole(who *store.Person) bool {
	return slices.ContainsFunc([]proposal.Role{proposal.Supervisor, proposal.BureauHead, proposal.Liaison}, who.Has)
}

// heat lays the counts out by division and station. They come sorted by division; all is the list of all that they count.
func heat(w *locale.Words, cells []store.OverviewCell, all store.TaskFilter) (rows []HeatRow, sum HeatRow) {
	sum = HeatRow{Name: w.T("overview.all"), Cells: make([]HeatCell, len(overviewSteps))}
	for i, c := range cells {
		if i == 0 || cells[i-1].Division != c.Division {
			name := w.Name(c.Name)
			if c.Division == "" {
				name = w.T("overview.unassigned")
			}
			rows = append(rows, HeatRow{Name: name, Cells: make([]HeatCell, len(overviewSteps))})
		}
		row, at := &rows[len(rows)-1], slices.Index(overviewSteps, c.Stage.Step())
		for _, cell := range []*HeatCell{&row.Cells[at], &row.Sum, &sum.Cells[at], &sum.Sum} {
			cell.Open, cell.Overdue, cell.Near = cell.Open+c.Open, cell.Overdue+c.Overdue, cell.Near+c.Near
		}
		row.Owed.Open, sum.Owed.Open = row.Owed.Open+c.Awaiting, sum.Owed.Open+c.Awaiting
		row.Owed.Path = casefile.ListPath(store.TaskFilter{Box: store.Bureau, Division: filterOf(c.Division), Only: store.OnlyAwaiting})
		row.Sum.Path = casefile.ListPath(store.TaskFilter{Box: store.Bureau, Division: filterOf(c.Division)})
		row.Cells[at].Path = casefile.ListPath(store.TaskFilter{Box: store.Bureau, Division: filterOf(c.Division), Step: overviewSteps[at]})
	}
	sum.Sum.Path = casefile.ListPath(all)
	owed := all
	owed.Only = store.OnlyAwaiting
	sum.Owed.Path = casefile.ListPath(owed)
	for at, step := range overviewSteps {
		all.Step = step
		sum.Cells[at].Path = casefile.ListPath(all)
	}
	for i := range rows {
		rows[i].finish(w)
	}
	sum.finish(w)
	return rows, sum
}

func filterOf(id proposal.DivisionID) proposal.DivisionID {
	if id == "" {
		return store.NoDivision
	}
	return id
}

func (r *HeatRow) finish(w *locale.Words) {
	r.Sum.finish(w, r.Name, "")
	r.Owed.finish(w, r.Name, w.T("overview.owed"))
	for i := range r.Cells {
		r.Cells[i].finish(w, r.Name, w.T("step."+string(overviewSteps[i])))
	}
}

func (c *HeatCell) finish(w *locale.Words, division, step string) {
	c.Step, c.Place = step, w.List([]string{division, step})
	switch {
	case c.Overdue >= 4:
		c.Heat = "late3"
	case c.Overdue >= 2:
		c.Heat = "late2"
	case c.Overdue == 1:
		c.Heat = "late1"
	case c.Near >= 2:
		c.Heat = "near2"
	case c.Near == 1:
		c.Heat = "near1"
	}
}

func loads(w *locale.Words, load []store.PersonLoad, divisions []store.Division, covers bool) []LoadLine {
	most := 1
	for _, l := range load {
		most = max(most, l.Open)
	}
	var lines []LoadLine
	for _, l := range load {
		urgent, cover := l.Overdue+l.Near, ""
		if covers {
			cover = coverPath(l.Person)
		}
		lines = append(lines, LoadLine{
			Cover: cover,
			Name:  w.Name(l.Name), Division: divisionName(w, divisions, l.Division), Open: l.Open, Urgent: urgent, Path: casefile.ListPath(store.TaskFilter{Box: store.Bureau, Holder: l.Person}),
			Bar: max(2, l.Open*loadWidth/most), Part: urgent * loadWidth / most,
		})
	}
	return lines
}
