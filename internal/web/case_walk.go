package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// listCookie remembers which list the browser showed last: a case is opened from there, and the way back leads there.
const listCookie = "list"

// rememberList notes that cases are opened from this page. A page that refreshes itself may stand in another tab.
func (s *Server) rememberList(w http.ResponseWriter, r *http.Request) {
	if refreshes(r) {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: listCookie, Value: url.QueryEscape(r.URL.RequestURI()), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.SecureCookies,
	})
}

// lastList is the list that was shown last; the desk if there was none.
func lastList(r *http.Request) *url.URL {
	if cookie, err := r.Cookie(listCookie); err == nil {
		if path, err := url.QueryUnescape(cookie.Value); err == nil {
			if list, err := url.Parse(localPath(path)); err == nil {
				return list
			}
		}
	}
	return &url.URL{Path: "/"}
}

// WalkView leads from a case back to its list, to its neighbours there, and to what is to be done next.
type WalkView struct {
	Back          string
	Before, After string // paths; "" at the ends, and for a case that is in no list
	No, Of        int    // 0: it is in no list
	Leave         string // the row, as the next one is asked for
	Todo          bool   // something else is to be done
}

// walk finds the case in the list that it was opened from.
func (s *Server) walk(r *http.Request, f *caseFile) (*WalkView, error) {
	who, list := officerOf(r), lastList(r)
	row := store.CaseTask{CaseID: f.CaseID, TaskKey: proposal.TaskKey{Ask: proposal.Ask(r.URL.Query().Get("ask")), Ref: r.URL.Query().Get(fieldRef)}}
	if row.Ref == "" {
		row.Ask = proposal.AskOf(f.State.Stage)
	}
	v := &WalkView{Back: list.String(), Leave: rowKey(row)}
	todo, err := s.Store.CountTasks(r.Context(), who.ID, []store.TaskFilter{{Box: store.Todo}})
	if err != nil {
		return nil, err
	}
	mine := slices.ContainsFunc(f.Tasks, func(t store.Task) bool { return t.Rules().Key() == row.TaskKey && t.Holder() == who.ID })
	v.Todo = todo[0] > 1 || todo[0] == 1 && !mine
	switch list.Path {
	case "/signing":
		return v, s.walkReplies(r, v, f)
	case "/":
		return v, s.walkTasks(r, v, list, row)
	}
	return v, nil
}

// walkReplies finds the case among the replies that wait for the officer's decision.
func (s *Server) walkReplies(r *http.Request, v *WalkView, f *caseFile) error {
	queue, err := s.signingQueue(r.Context(), officerOf(r))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(queue, func(t replyTask) bool { return t.row.CaseID == f.CaseID })
	if at < 0 {
		return nil
	}
	v.No, v.Of = at+1, len(queue)
	v.Back += "#row-" + queue[at].key()
	if at > 0 {
		v.Before = queue[at-1].path()
	}
	if at+1 < len(queue) {
		v.After = queue[at+1].path()
	}
	return nil
}

// walkTasks finds the row in a list of the desk.
func (s *Server) walkTasks(r *http.Request, v *WalkView, list *url.URL, row store.CaseTask) error {
	who := officerOf(r)
	filter := readTaskFilter(list.Query())
	if filter.Sort == "" {
		settings, err := s.Store.DeskSettings(r.Context(), who.ID)
		if err != nil {
			return err
		}
		filter.Sort = settings.Sort
	}
	if filter.Box != store.Todo {
		row.TaskKey = proposal.TaskKey{}
	}
	place, err := s.Store.PlaceOf(r.Context(), who.ID, filter, row)
	if refused(err, proposal.InvalidInput) {
		return nil // a list that nobody was given
	}
	if err == nil && place.No > 0 {
		v.Back += "#" + rowID(rowKey(row))
		v.No, v.Of, v.Before, v.After = place.No, place.Of, rowPath(place.Before), rowPath(place.After)
	}
	return err
}

// rowKey names a row of a list: case~ask~ref.
func rowKey(row store.CaseTask) string { return row.CaseID + "~" + string(row.Ask) + "~" + row.Ref }

// rowID is the id of its element.
func rowID(key string) string { return "row-" + strings.ReplaceAll(key, "~", "-") }

// rowPath opens the case of a row, with what the row is about; "" for no row.
func rowPath(row store.CaseTask) string {
	switch {
	case row.CaseID == "":
		return ""
	case row.Ref == "":
		return "/cases/" + row.CaseID
	}
	return "/cases/" + row.CaseID + "?" + url.Values{"ask": {string(row.Ask)}, fieldRef: {row.Ref}}.Encode()
}

// sentOn says who has something to do now that nobody had before, and by when: what a press did.
func (f *caseFile) sentOn(w *words, now []store.Task, who *store.Person) string {
	said := ""
	for _, t := range now {
		if slices.ContainsFunc(f.Tasks, func(old store.Task) bool { return old.ID == t.ID }) {
			continue
		}
		task, by := w.T("task."+string(t.Ask)), f.by(w, t.Due)
		if t.Holder() == who.ID {
			said += w.T("flash.yours", "Task", task, "By", by)
		} else {
			said += w.T("flash.sent", "Who", f.holder(w, t.Rules()), "Task", task, "By", by)
		}
	}
	return said
}

// by says until when; a day that has passed is no promise.
func (f *caseFile) by(w *words, due calendar.Date) string {
	switch {
	case due.IsZero():
		return ""
	case due.Before(calendar.DateOf(f.now)):
		return w.T("after.by_past", "Date", w.Date(due))
	}
	return w.T("after.by_day", "Date", w.Date(due))
}
