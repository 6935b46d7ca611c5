package caseroom

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// WalkView leads from a case back to its list, to its neighbours there, and to what is to be done next.
type WalkView struct {
	Back          string
	List          string // where Back leads, in words
	Before, After string // paths; "" at the ends, and for a case that is in no list
	No, Of        int    // 0: it is in no list
	Leave         string // the row, as the next one is asked for
	Todo          bool   // something else is to be done
}

// walk finds the case in the list that it was opened from.
func (s *Room) walk(r *http.Request, f *casefile.File) (*WalkView, error) {
	who, list := kit.OfficerOf(r), casefile.LastList(r)
	row := store.CaseTask{CaseID: f.CaseID, TaskKey: proposal.TaskKey{Ask: proposal.Ask(r.URL.Query().Get("ask")), Ref: r.URL.Query().Get(kit.FieldRef)}}
	if row.Ref == "" {
		row.Ask = proposal.AskOf(f.State.Stage)
	}
	v := &WalkView{Back: list.String(), List: casefile.ListName(s.Words(r), list), Leave: casefile.RowKey(row)}
	todo, err := s.store.CountTasks(r.Context(), who.ID, []store.TaskFilter{{Box: store.Todo}})
	if err != nil {
		return nil, err
	}
	mine := slices.ContainsFunc(f.Tasks, func(t store.Task) bool { return t.Rules().Key() == row.TaskKey && t.Holder() == who.ID })
	v.Todo = todo[0] > 1 || todo[0] == 1 && !mine
	switch list.Path {
	case "/signing":
		return v, s.walkReplies(r, v, f)
	case "/", "/cases":
		return v, s.walkTasks(r, v, list, row)
	}
	return v, nil
}

// walkReplies finds the case among the replies that wait for the officer's decision.
func (s *Room) walkReplies(r *http.Request, v *WalkView, f *casefile.File) error {
	queue, err := s.ReplyQueue(r.Context(), kit.OfficerOf(r))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(queue, func(t casefile.ReplyTask) bool { return t.Row.CaseID == f.CaseID })
	if at < 0 {
		return nil
	}
	v.No, v.Of = at+1, len(queue)
	v.Back += "#row-" + queue[at].Key()
	if at > 0 {
		v.Before = queue[at-1].Path()
	}
	if at+1 < len(queue) {
		v.After = queue[at+1].Path()
	}
	return nil
}

// walkTasks finds the row in a list of the desk.
func (s *Room) walkTasks(r *http.Request, v *WalkView, list *url.URL, row store.CaseTask) error {
	who := kit.OfficerOf(r)
	filter := casefile.ReadTaskFilter(list.Query())
	if list.Path == "/cases" {
		filter = casefile.ReadCasesFilter(list.Query())
	} else if filter.Sort == "" {
		settings, err := s.store.DeskSettings(r.Context(), who.ID)
		if err != nil {
			return err
		}
		filter.Sort = settings.Sort
	}
	if filter.Box != store.Todo {
		row.TaskKey = proposal.TaskKey{}
	}
	place, err := s.store.PlaceOf(r.Context(), who.ID, filter, row)
	if kit.Refused(err, proposal.InvalidInput) {
		return nil // a list that nobody was given
	}
	if err == nil && place.No > 0 {
		v.Back += "#" + casefile.RowID(casefile.RowKey(row))
		v.No, v.Of, v.Before, v.After = place.No, place.Of, casefile.RowPath(place.Before), casefile.RowPath(place.After)
	}
	return err
}

// sentOn says who has something to do now that nobody had before, and by when: what a press did.
func sentOn(f *casefile.File, w *locale.Words, now []store.Task, who *store.Person) string {
	said := ""
	for _, t := range now {
		if slices.ContainsFunc(f.Tasks, func(old store.Task) bool { return old.ID == t.ID }) {
			continue
		}
		task, by := w.T("task."+string(t.Ask)), byDay(f, w, t.Due)
		if t.Holder() == who.ID {
			said += w.T("flash.yours", "Task", task, "By", by)
		} else {
			said += w.T("flash.sent", "Who", f.HolderSaid(w, t.Rules()), "Task", task, "By", by)
		}
	}
	return said
}

// byDay says until when; a day that has passed is no promise.
func byDay(f *casefile.File, w *locale.Words, due calendar.Date) string {
	switch {
	case due.IsZero():
		return ""
	case due.Before(calendar.DateOf(f.Now)):
		return w.T("after.by_past", "Date", w.Date(due))
	}
	return w.T("after.by_day", "Date", w.Date(due))
}
