package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// tasksPage is an officer's desk: a box or a saved view, filtered and in some order.
type tasksPage struct {
	kit.Frame
	Box      store.Box
	View     string // that is open; "" for none
	Rail     TaskRail
	Total    int
	Query    string // the filter, as the forms of bulk work carry it
	Text     string
	Chips    []TaskChip
	Selects  []TaskSelect
	Sorts    []kit.Choice
	MayStar  bool // 重点督办 can still be ticked
	Columns  []store.Column
	Choices  []kit.Choice // of columns
	Default  []kit.Choice // orders to choose a lasting one from
	Groups   []TaskGroup
	First    *casefile.TaskRow // the case that the bottom bar acts on until another row has the focus
	From, To int               // which rows of the list these are
	Pages    []PageLink
	More     string // the same list, longer; "" when it cannot be
	MoreN    int
	Bulk     []proposal.BulkKind
	Papers   bool // replies are printed from here
	Empty    *EmptyDesk
	Clear    string // the same box without filters
	Page     string // its address without the query
	Ledger   string // where the list is sent as a file; "" where it is not
}

func (*tasksPage) Template() string { return "tasks.html" }

// Span is how many columns the table has.
func (p *tasksPage) Span() int { return len(p.Columns) + 4 }

// Folded rows take two lines: with large text, or with many columns, one line has no room for the title.
func (p *tasksPage) Folded() bool {
	return p.Display.Text == "large" || p.Display.Text == "larger" || len(p.Columns) > mostColumns
}

// mostColumns is how many columns leave a title of fourteen characters on a line.
const mostColumns = 5

// PageLink is one page of a long list; an empty path is the one that is shown.
type PageLink struct {
	From, To int
	Path     string
}

// Pages grow by a hundred rows up to five hundred.
const (
	tasksPerPage  = 100
	mostTasksOnce = 500
)

// TasksList draws the desk.
func (s *Room) TasksList(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f := casefile.ReadTaskFilter(r.URL.Query())
	settings, err := s.store.DeskSettings(r.Context(), who.ID)
	if err != nil {
		return err
	}
	views, err := s.store.Views(r.Context(), who.Person)
	if err != nil {
		return err
	}
	key, name, columns := openView(words, r, views)
	if columns == nil {
		columns = settings.Columns
	}
	if name == "" {
		name = words.T("box." + string(f.Box))
	}
	p := &tasksPage{
		Frame: kit.Frame{Title: name, Section: "tasks"}, Box: f.Box, View: key, Text: f.Query, Columns: inOrder(columns),
		Query: casefile.ListQuery(f).Encode(), Bulk: bulkKinds(who, f.Box), Papers: who.Has(proposal.Liaison), Page: "/",
	}
	if f.Sort == "" {
		f.Sort = settings.Sort
	}
	if err := s.fillTasks(r, p, f, who); err != nil {
		if kit.Refused(err, proposal.InvalidInput) {
			return kit.ErrNotFound // no page has such a link
		}
		return err
	}
	p.Rail, err = s.taskRail(r.Context(), words, who, f, key, views)
	if err != nil {
		return err
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

// inOrder keeps the order of the table.
func inOrder(columns []store.Column) []store.Column {
	return slices.DeleteFunc(slices.Clone(store.Columns), func(c store.Column) bool { return !slices.Contains(columns, c) })
}

func (s *Room) fillTasks(r *http.Request, p *tasksPage, f store.TaskFilter, who *store.Person) error {
	ctx, words := r.Context(), s.Words(r)
	f.Limit = tasksPerPage
	if n, err := strconv.Atoi(r.URL.Query().Get("show")); err == nil {
		f.Limit = min(max(n/tasksPerPage*tasksPerPage, tasksPerPage), mostTasksOnce)
	}
	f.After = r.URL.Query().Get("after")
	sum, err := s.store.SummarizeTasks(ctx, who.ID, f, tasksPerPage)
	if err != nil {
		return err
	}
	list, err := s.store.Tasks(ctx, who.ID, f)
	if err != nil {
		return err
	}
	divisions, err := s.store.Divisions(ctx)
	if err != nil {
		return err
	}
	years, err := s.store.TaskYears(ctx)
	if err != nil {
		return err
	}
	rows, err := s.taskRows(ctx, words, list.Items, who, divisions)
	if err != nil {
		return err
	}
	p.Total, p.From, p.To = sum.Total, sum.Before+1, sum.Before+len(rows)
	people, err := s.store.People(ctx)
	if err != nil {
		return err
	}
	p.Chips = s.taskChips(words, f, divisions, people)
	p.Selects, p.MayStar = taskSelects(words, f, divisions, years), !f.Supervised
	p.Sorts, p.Default = taskSorts(words, f), kit.Choices(words, "sort.", store.Sorts)
	if casefile.OfBureau(f) {
		topics, err := s.store.Topics(ctx)
		if err != nil {
			return err
		}
		p.Selects = append(p.Selects, casesSelects(words, f, people, topics)...)
	}
	for _, c := range store.Columns {
		p.Choices = append(p.Choices, kit.Choice{Value: string(c), Name: words.T("column." + string(c)), Ticked: slices.Contains(p.Columns, c)})
	}
	p.Clear = casefile.ListPath(store.TaskFilter{Box: f.Box})
	p.turn(f, sum, list.Next != "")
	if len(rows) == 0 {
		p.Empty, err = s.emptyDesk(r, p, f, who)
		return err
	}
	if f.Sort == store.ByDue || f.Sort == "" && (f.Box == store.Todo || f.Box == store.Bureau || f.Box == store.Whole) {
		p.Groups = s.groupTasks(ctx, words, list.Items, rows, sum)
	} else {
		p.Groups = []TaskGroup{{Rows: rows}}
	}
	p.First = &p.Groups[0].Rows[0]
	return nil
}

// turn says how the list goes on: longer in place, or page by page.
func (p *tasksPage) turn(f store.TaskFilter, sum store.TaskSummary, more bool) {
	query := casefile.ListQuery(f)
	if p.View != "" {
		query.Set("view", p.View)
	}
	if more && f.Limit < mostTasksOnce {
		longer := casefile.ListQuery(f)
		if f.After != "" {
			longer.Set("after", f.After)
		}
		if p.View != "" {
			longer.Set("view", p.View)
		}
		longer.Set("show", strconv.Itoa(f.Limit+tasksPerPage))
		p.More, p.MoreN = casefile.WithQuery(p.Page, longer), min(tasksPerPage, sum.Total-p.To)
	}
	if len(sum.Starts) == 0 {
		return
	}
	for i := range len(sum.Starts) + 1 {
		link := PageLink{From: i*tasksPerPage + 1, To: min((i+1)*tasksPerPage, sum.Total)}
		if i > 0 {
			query.Set("after", sum.Starts[i-1])
		}
		if link.From != p.From {
			link.Path = casefile.WithQuery(p.Page, query)
		}
		p.Pages = append(p.Pages, link)
	}
}

// taskRows puts the cases of a page into words.
func (s *Room) taskRows(ctx context.Context, w *locale.Words, cases []store.CaseRow, who *store.Person, divisions []store.Division) ([]casefile.TaskRow, error) {
	reasons, err := s.store.TaskReasons(ctx, cases)
	if err != nil {
		return nil, err
	}
	var ids, ended []string
	for _, c := range cases {
		ids = append(ids, c.CaseID)
		if c.Stage.Ended() {
			ended = append(ended, c.CaseID)
		}
	}
	outcomes, err := s.store.Outcomes(ctx, ended)
	if err != nil {
		return nil, err
	}
	watched, err := s.store.WatchedAmong(ctx, who.ID, ids)
	if err != nil {
		return nil, err
	}
	d := casefile.RowDetail{Watched: watched}
	for _, division := range divisions {
		if d.Units == nil {
			d.Units = map[proposal.DivisionID]string{}
		}
		d.Units[division.Code] = w.Name(division.Name)
	}
	if len(who.Covers) > 0 {
		if d.Proxies, err = s.proxiesHeld(ctx, who); err != nil {
			return nil, err
		}
	}
	var rows []casefile.TaskRow
	for _, c := range cases {
		d.Reason, d.Outcome = reasons[c.CaseID], outcomes[c.CaseID]
		rows = append(rows, s.TaskRow(ctx, w, c, who, d))
	}
	return rows, nil
}

// proxiesHeld are those by which the officer covers for others today.
func (s *Room) proxiesHeld(ctx context.Context, who *store.Person) ([]store.Proxy, error) {
	all, err := s.store.Proxies(ctx, who.ID)
	today := calendar.DateOf(s.Now())
	return slices.DeleteFunc(all, func(p store.Proxy) bool {
		return p.Proxy != who.ID || !casefile.ProxyHolds(p, today)
	}), err
}
