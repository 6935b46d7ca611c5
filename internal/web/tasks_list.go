package web

import (
	"net/http"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// tasksPage is an officer's desk: one of the three boxes, the earliest due first.
type tasksPage struct {
	Frame
	Box    store.Box
	Boxes  []BoxLink
	Total  int
	Groups []TaskGroup
	First  *TaskRow // whom the bottom bar speaks of until another row has the focus
	Next   string   // address of the next page
	AsOf   string
	Others []TaskRow // when nothing is to do: what others hold for me
}

func (*tasksPage) template() string { return "tasks.html" }

// BoxLink is one box in the rail.
type BoxLink struct {
	Box   store.Box
	Count int
	Here  bool
}

// TaskGroup is the rows that fall due together. Key is overdue, today, week, later, or empty for a box without groups.
type TaskGroup struct {
	Key  string
	Note string
	Rows []TaskRow
}

// TaskRow is one case in a list.
type TaskRow struct {
	Path, Number, Official, Subject, Deputy string
	CPPCC, Late, Free                       bool
	Due                                     *Due
	Next, Why                               string
	ClaimPath                               string
}

const tasksPerPage = 100

// tasksList draws 待办, 在办 or 已办.
func (s *Server) tasksList(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	box := store.Box(r.URL.Query().Get("box"))
	if box == "" {
		box = store.Todo
	}
	if !slices.Contains(store.Boxes, box) {
		return errNotFound
	}
	counts, err := s.Store.TaskCounts(r.Context(), who.ID)
	if err != nil {
		return err
	}
	page, err := s.Store.Tasks(r.Context(), who.ID, store.TaskFilter{Box: box, After: r.URL.Query().Get("after"), Limit: tasksPerPage})
	if err != nil {
		return err
	}
	p := &tasksPage{
		Frame: Frame{Title: words.T("box." + string(box)), Section: "tasks"},
		Box:   box, Total: counts[box], AsOf: words.Clock(s.Now()),
	}
	for _, b := range store.Boxes {
		p.Boxes = append(p.Boxes, BoxLink{b, counts[b], b == box})
	}
	p.Groups = s.groupTasks(words, page.Items, who, box)
	if len(p.Groups) > 0 {
		p.First = &p.Groups[0].Rows[0]
	}
	if page.Next != "" {
		p.Next = "/?box=" + string(box) + "&after=" + escapeQuery(page.Next)
	}
	if len(page.Items) == 0 && box == store.Todo {
		held, err := s.Store.Tasks(r.Context(), who.ID, store.TaskFilter{Box: store.Active, Limit: 5})
		if err != nil {
			return err
		}
		for _, c := range held.Items {
			p.Others = append(p.Others, s.taskRow(words, c, who))
		}
	}
	return s.render(w, r, http.StatusOK, p)
}

// groupTasks cuts the list by when things are due; the other boxes are in order of my own last act and stay whole.
func (s *Server) groupTasks(w *words, cases []store.CaseRow, who *store.Person, box store.Box) []TaskGroup {
	today := calendar.DateOf(s.Now())
	sunday := today.AddDays((7 - int(today.Weekday())) % 7)
	notes := map[string]string{
		"overdue": w.T("group.overdue_note"), "today": w.Date(today), "week": w.T("group.week_note", "Date", w.Date(sunday)),
	}
	var groups []TaskGroup
	for _, c := range cases {
		key := ""
		if box == store.Todo {
			key = dueGroup(c.Due, today, sunday)
		}
		if len(groups) == 0 || groups[len(groups)-1].Key != key {
			groups = append(groups, TaskGroup{Key: key, Note: notes[key]})
		}
		last := &groups[len(groups)-1]
		last.Rows = append(last.Rows, s.taskRow(w, c, who))
	}
	return groups
}

func dueGroup(due, today, sunday calendar.Date) string {
	switch {
	case due.IsZero() || due.After(sunday):
		return "later"
	case due.Before(today):
		return "overdue"
	case due == today:
		return "today"
	}
	return "week"
}

func (s *Server) taskRow(w *words, c store.CaseRow, who *store.Person) TaskRow {
	row := TaskRow{
		Path: "/cases/" + c.CaseID, Number: w.number(c.Key), Official: c.Key.OfficialTitle(c.Subject), Subject: c.Subject,
		Deputy: deputyName(w, c.LeadDeputy, len(c.CoSigners)), CPPCC: c.Key.Body == proposal.CPPCC, Late: c.Late,
		Due:  dueOn(w, c.DueClock, c.Due, s.calendar, calendar.DateOf(s.Now())),
		Next: w.T("task." + string(c.Stage)), Why: whyMine(w, c, who),
	}
	if t := c.Task; t != nil && t.ClaimedBy == "" && t.Rules().MayClaim(who.Person) {
		row.Free, row.ClaimPath = true, row.Path+"/claim"
	}
	return row
}

// whyMine says why a case is on this desk, or who has it now.
func whyMine(w *words, c store.CaseRow, who *store.Person) string {
	t := c.Task
	if t == nil {
		return w.T("why.closed")
	}
	mine := t.Person == who.ID || t.ClaimedBy == who.ID
	switch {
	case mine && c.ReturnedFrom != "":
		return w.T("why.returned", "Stage", w.T("stage."+string(c.ReturnedFrom)))
	case t.Person == who.ID:
		return w.T("why.handler")
	case t.ClaimedBy == who.ID:
		return w.T("why.claimed", "When", w.Moment(t.ClaimedAt))
	case t.ClaimedBy != "":
		return w.T("why.held", "Name", w.Name(t.ClaimedName))
	case t.Person != "":
		return w.T("why.held", "Name", w.Name(c.HandlerName))
	case t.Rules().MayClaim(who.Person):
		return w.T("why.free")
	}
	return w.T("why.held", "Name", w.T("role."+string(t.Role)))
}
