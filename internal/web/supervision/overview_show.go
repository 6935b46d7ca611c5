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
	"golang.org/x/sync/errgroup"
)

// overviewPage is where the day of those who supervise begins: what changed since they last looked, what is to be decided today, where the
// open cases wait, which are late, who carries how much, and whether the engine and the record agree.
type overviewPage struct {
	kit.Frame
	AsOf     string
	Mine     ListCount // the viewer's own desk
	Since    string    // when they looked before
	Changes  []HomeList
	Decide   []Decision
	ToDo     int // cases in Decide
	Items    int // and how often they stand there: a case may be of several sorts
	Steps    []proposal.Step
	Stuck    []StuckLine // of the cases that nobody can act on today (R21)
	AllStuck ListCount
	Late     []DecisionCase // the most overdue; LateMany is where all of them are urged at once
	LateMany string
	Runway   *Runway // nil: nothing is still to fall due
	Tried    *Tried  // nil: nothing was foreseen last year
	GateTable
	Ageing *Ageing
	Pace   int // over how many working days their pace is taken
	Standing
	Drift *DriftLine
}

// Standing is where the open cases stand, and who holds them.
type Standing struct {
	Whole  bool      // the viewer sees the whole bureau, not only own divisions
	Closed ListCount // this year; of the whole bureau
	Still  int       // working days without an action after which a case counts as standing still
	Rows   []HeatRow
	Sum    HeatRow
	Load   []LoadLine
	Board  []BoardLine // instead of Load, for who answers for divisions
}

func (*overviewPage) Template() string { return "overview.html" }

// Shares reports whether the viewer may give the cases of some on the board to others.
func (p *overviewPage) Shares() bool {
	return slices.ContainsFunc(p.Board, func(l BoardLine) bool { return l.List != "" })
}

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
	Owes  HeatCell // of others' cases: this division's own opinion is still owed
}

// HeatCell counts the open cases of one division at one station; each number opens the list of exactly these. Heat is a class
// of app.css that repeats the figures as colour.
type HeatCell struct {
	Step, Place                string
	Open, Overdue, Near, Still ListCount
	Heat                       string
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
	loadWidth     = 160
	overviewCases = 12 // late cases shown, and cases that nobody can act on; the lists have the others
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
	all := openFor(who)
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
		AsOf:  words.Clock(s.Now()), Steps: overviewSteps, Pace: paceDays,
	}
	parts, ctx := errgroup.WithContext(r.Context())
	parts.Go(func() error { return s.decisions(ctx, words, p, who, all, divisions) })
	parts.Go(func() error { return s.stuck(ctx, words, p, who) })
	parts.Go(func() error { return s.changes(r, words, p, who, all) })
	parts.Go(func() (err error) {
		p.Standing, err = s.standing(ctx, words, who, divisions)
		return err
	})
	parts.Go(func() error {
		overdue := all
		overdue.Within, overdue.Limit = store.Overdue, overviewCases
		late, err := s.store.Tasks(ctx, who.ID, overdue)
		if err != nil {
			return err
		}
		if len(late.Items) > 1 {
			p.LateMany = urgeAll(who, overdue)
		}
		p.Late, err = s.decisionCases(ctx, words, who, late.Items, "", nil, divisions)
		return err
	})
	parts.Go(func() (err error) {
		p.Ageing, err = s.ageing(ctx, words, who, all)
		return err
	})
	parts.Go(func() (err error) {
		p.Tried, err = s.tried(ctx, words, who)
		return err
	})
	parts.Go(func() (err error) {
		if p.Runway, err = s.runway(ctx, words, who, all); err == nil {
			p.GateTable, err = s.gates(ctx, words, p.Runway, who, all)
		}
		return err
	})
	if err := parts.Wait(); err != nil {
		return err
	}
	if checked {
		p.Drift = &DriftLine{words.Moment(drift.At), drift.Checked, drift.Apart(), drift.Stalled}
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

// standing counts the cases that the viewer looks after by division, station and who holds them.
func (s *Room) standing(ctx context.Context, words *locale.Words, who *store.Person, divisions []store.Division) (p Standing, err error) {
	today := calendar.DateOf(s.Now())
	near := s.Days(ctx).AddWorkdays(today, store.NearDays).End
	counts, err := s.store.Overview(ctx, today, near)
	if err != nil {
		return p, err
	}
	rules, err := s.store.WatchRules(ctx)
	if err != nil {
		return p, err
	}
	p.Whole, p.Still = seesWhole(who), rules.Still
	p.Closed = ListCount{counts.Closed, casefile.ListPath(store.TaskFilter{Box: store.Every, Only: store.OnlyClosed})}
	if p.Whole {
		p.Load = loads(words, counts.Load, divisions, kit.KeepsProxies(who))
	} else {
		ours := func(id proposal.DivisionID) bool { return slices.Contains(who.AnswersFor(), id) }
		counts.Cells = slices.DeleteFunc(counts.Cells, func(c store.OverviewCell) bool { return !ours(c.Division) })
		counts.Owes = nil // they are owed to others' cases, which are not theirs to see
		if p.Board, err = s.board(ctx, words, who, divisions); err != nil {
			return p, err
		}
	}
	p.Rows, p.Sum = heat(words, counts, divisions, openFor(who), near)
	return p, nil
}

// stuck puts together the first of the cases without a way on that the viewer may see, whoever answers for them.
func (s *Room) stuck(ctx context.Context, words *locale.Words, p *overviewPage, who *store.Person) error {
	f := store.TaskFilter{Box: store.Every, Only: store.OnlyStuck, Limit: overviewCases} // some wait after they are closed
	counts, err := s.store.CountTasks(ctx, who.ID, []store.TaskFilter{f})
	if err != nil || counts[0] == 0 {
		return err
	}
	p.AllStuck = ListCount{counts[0], casefile.ListPath(f)}
	page, err := s.store.Tasks(ctx, who.ID, f)
	if err != nil {
		return err
	}
	lacking, err := s.store.Lacking(ctx)
	if err != nil {
		return err
	}
	for _, c := range page.Items {
		p.Stuck = append(p.Stuck, StuckLine{s.caseLine(ctx, words, c, who), lacks(words, lacking, c.CaseID)})
	}
	return nil
}

// seesWhole: leaders in charge and heads of divisions see the divisions that they answer for; the other viewers see all (domain §3).
func seesWhole(who *store.Person) bool {
	return slices.ContainsFunc([]proposal.Role{proposal.Supervisor, proposal.BureauHead, proposal.Liaison}, who.Has)
}

// openFor are the open cases that the viewer looks after.
func openFor(who *store.Person) store.TaskFilter {
	all := store.TaskFilter{Box: store.Bureau}
	if !seesWhole(who) {
		all.Division = store.OwnDivisions
	}
	return all
}

// heat lays the counts out by division, in the order of the office, and station; all is the list of all that they count.
func heat(w *locale.Words, counts store.Overview, divisions []store.Division, all store.TaskFilter, near calendar.Date) (rows []HeatRow, sum HeatRow) {
	sum = newHeatRow(w.T("overview.all"), all, near)
	for _, d := range append([]store.Division{{Name: store.Name{ZH: w.T("overview.unassigned"), EN: w.T("overview.unassigned")}}}, divisions...) {
		list := store.TaskFilter{Box: store.Bureau, Division: filterOf(d.Code)}
		row := newHeatRow(w.Name(d.Name), list, near)
		for _, c := range counts.Cells {
			if c.Division != d.Code {
				continue
			}
			at := slices.Index(overviewSteps, c.Stage.Step())
			for _, cell := range []*HeatCell{&row.Cells[at], &row.Sum, &sum.Cells[at], &sum.Sum} {
				cell.add(c)
			}
			row.Owed.Open.N, sum.Owed.Open.N = row.Owed.Open.N+c.Awaiting, sum.Owed.Open.N+c.Awaiting
		}
		for _, o := range counts.Owes {
			if o.Division == d.Code {
				list.Division, list.Owes = "", d.Code
				row.Owes = newHeatCell(list, near)
				late := list
				late.Only = store.OnlyAwaitLate
				row.Owes.Overdue.Path, row.Owes.Open.N, row.Owes.Overdue.N = casefile.ListPath(late), o.Open, o.Late
			}
		}
		if row.Sum.Open.N+row.Owes.Open.N > 0 {
			row.finish(w)
			rows = append(rows, row)
		}
	}
	sum.finish(w)
	return rows, sum
}

// newHeatRow has the lists that its numbers open; list is that of all of them.
func newHeatRow(name string, list store.TaskFilter, near calendar.Date) HeatRow {
	row := HeatRow{Name: name, Sum: newHeatCell(list, near)}
	owed := list
	owed.Only = store.OnlyAwaiting
	row.Owed.Open.Path = casefile.ListPath(owed)
	for _, step := range overviewSteps {
		list.Step = step
		row.Cells = append(row.Cells, newHeatCell(list, near))
	}
	return row
}

func newHeatCell(list store.TaskFilter, near calendar.Date) (c HeatCell) {
	late, soon, still := list, list, list
	late.Within, soon.DueBy, still.Only = store.Overdue, near, store.OnlyStill
	c.Open.Path, c.Overdue.Path = casefile.ListPath(list), casefile.ListPath(late)
	c.Near.Path, c.Still.Path = casefile.ListPath(soon), casefile.ListPath(still)
	return c
}

func (c *HeatCell) add(n store.OverviewCell) {
	c.Open.N, c.Overdue.N, c.Near.N, c.Still.N = c.Open.N+n.Open, c.Overdue.N+n.Overdue, c.Near.N+n.Near, c.Still.N+n.Still
}

func filterOf(id proposal.DivisionID) proposal.DivisionID {
	if id == "" {
		return store.NoDivision
	}
	return id
}

func (r *HeatRow) finish(w *locale.Words) {
	r.Sum.finish(w, r.Name, w.T("overview.all"))
	r.Owed.finish(w, r.Name, w.T("overview.owed"))
	r.Owes.finish(w, r.Name, w.T("overview.owes"))
	for i := range r.Cells {
		r.Cells[i].finish(w, r.Name, w.T("step."+string(overviewSteps[i])))
	}
}

func (c *HeatCell) finish(w *locale.Words, division, step string) {
	c.Step, c.Place = step, w.List(slices.Compact([]string{division, step}))
	switch {
	case c.Overdue.N >= 4:
		c.Heat = "late3"
	case c.Overdue.N >= 2:
		c.Heat = "late2"
	case c.Overdue.N == 1:
		c.Heat = "late1"
	case c.Near.N >= 2:
		c.Heat = "near2"
	case c.Near.N == 1:
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
