package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

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
	First  *TaskRow  // whom the bottom bar speaks of until another row has the focus
	Next   string    // address of the next page
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
	ID                                      string // of the row: what comes with another one is new to the reader
	Path, Number, Official, Subject, Deputy string
	CPPCC, Late, Free                       bool
	Due                                     *Due
	Next, Why                               string
	Ask                                     proposal.Ask
	Ref                                     string // of the strand that the task is about
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
		Box:   box, Total: counts[box],
	}
	for _, b := range store.Boxes {
		p.Boxes = append(p.Boxes, BoxLink{b, counts[b], b == box})
	}
	p.Groups = s.groupTasks(r.Context(), words, page.Items, who, box)
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
			p.Others = append(p.Others, s.taskRow(r.Context(), words, c, who))
		}
	}
	return s.render(w, r, http.StatusOK, p)
}

// groupTasks cuts the list by when things are due; the other boxes are in order of my own last act and stay whole.
func (s *Server) groupTasks(ctx context.Context, w *words, cases []store.CaseRow, who *store.Person, box store.Box) []TaskGroup {
	today := calendar.DateOf(s.Now())
	sunday := today.AddDays((7 - int(today.Weekday())) % 7)
	notes := map[string]string{
		"overdue": w.T("group.overdue_note"), "today": w.Date(today), "week": w.T("group.week_note", "Date", w.Date(sunday)),
	}
	var groups []TaskGroup
	for _, c := range cases {
		key := ""
		if box == store.Todo {
			key = dueGroup(taskDue(c), today, sunday)
		}
		if len(groups) == 0 || groups[len(groups)-1].Key != key {
			groups = append(groups, TaskGroup{Key: key, Note: notes[key]})
		}
		last := &groups[len(groups)-1]
		last.Rows = append(last.Rows, s.taskRow(ctx, w, c, who))
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

// taskRow is a case in a list, with the task that its row is about.
func (s *Server) taskRow(ctx context.Context, w *words, c store.CaseRow, who *store.Person) TaskRow {
	row := TaskRow{
		ID: "case-" + c.CaseID, Path: "/cases/" + c.CaseID, Number: w.number(c.Key), Official: c.Key.OfficialTitle(c.Subject), Subject: c.Subject,
		Deputy: rowDeputy(w, c), CPPCC: c.Key.Body == proposal.CPPCC, Late: c.Late,
		Due:  dueOn(w, c.DueClock, c.Due, s.days(ctx), calendar.DateOf(s.Now())),
		Next: w.T("stage." + string(c.Stage)), Why: whyMine(w, c, who),
	}
	t := c.Task
	if t == nil {
		return row
	}
	row.ID = "task-" + strconv.FormatInt(t.ID, 10)
	row.Next, row.Ask, row.Ref = w.T("task."+string(t.Ask)), t.Ask, t.Ref
	if t.Ref != "" {
		row.Path += "?" + url.Values{"ask": {string(t.Ask)}, fieldRef: {t.Ref}}.Encode()
	}
	if !t.Due.IsZero() {
		row.Due = dueOn(w, taskClock(c), t.Due, s.days(ctx), calendar.DateOf(s.Now()))
		if callComesFirst(t) {
			row.Due.Words = w.T("due.call_back", "Time", w.Clock(t.CallBackAt))
		}
	}
	if t.Holder() == "" && t.Rules().MayClaim(who.Person) {
		row.Free, row.ClaimPath = true, "/cases/"+c.CaseID+"/claim"
	}
	return row
}

// taskDue is the day that puts a row of the desk in its place.
func taskDue(c store.CaseRow) calendar.Date {
	if c.Task != nil {
		return c.Task.Due
	}
	return c.Due
}

// taskClock is the clock that a task's due date belongs to: that of its strand, of its stage, or the one of the case.
func taskClock(c store.CaseRow) proposal.ClockKind {
	t := c.Task
	if kinds := answers[t.Ask]; t.Ref != "" && len(kinds) > 0 {
		if clocks := clockOf[strandOf(kinds[0])]; len(clocks) > 0 {
			if t.Ask == proposal.AskToReexamine {
				return proposal.ReexamineClock
			}
			return clocks[0]
		}
		return c.DueClock
	}
	if callComesFirst(t) {
		return proposal.CallBackClock
	}
	if t.Due != c.Due {
		return proposal.StageClock
	}
	return c.DueClock
}

// callComesFirst: what puts the task in its place is a call that was promised.
func callComesFirst(t *store.Task) bool {
	return !t.CallBackAt.IsZero() && calendar.DateOf(t.CallBackAt) == t.Due
}

// whyMine says why a case is on this desk, or who has it now.
func whyMine(w *words, c store.CaseRow, who *store.Person) string {
	t := c.Task
	if t == nil {
		return w.T("why.closed", "Stage", w.T("stage."+string(c.Stage)))
	}
	mine := t.Person == who.ID || t.ClaimedBy == who.ID
	switch {
	case mine && c.ReturnedFrom != "":
		return w.T("why.returned", "Stage", w.T("stage."+string(c.ReturnedFrom)))
	case t.Person == who.ID && t.Ref == "":
		return w.T("why.handler")
	case t.Person == who.ID:
		return w.T("why.yours")
	case t.ClaimedBy == who.ID:
		return w.T("why.claimed", "When", w.Moment(t.ClaimedAt))
	case t.ClaimedBy != "":
		return w.T("why.held", "Name", w.Name(t.ClaimedName))
	case covers(who.Person, t.Holder()):
		return w.T("why.covered")
	case t.Person != "" && t.Person == c.Handler:
		return w.T("why.held", "Name", w.Name(c.HandlerName))
	case t.Person != "":
		return w.T("why.held", "Name", w.T("role."+string(t.Role)))
	case t.Rules().MayClaim(who.Person):
		return w.T("why.free")
	}
	return w.T("why.held", "Name", w.T("role."+string(t.Role)))
}

// covers reports whether the person acts for the other today.
func covers(p proposal.Person, other proposal.PersonID) bool {
	_, ok := p.As(other)
	return ok
}
