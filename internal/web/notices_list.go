package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// noticesPage is what the officer was told of (提醒), newest first.
type noticesPage struct {
	Frame
	Unread int
	UpTo   int64 // the newest on the page: what comes later has not been seen
	Rows   []NoticeRow
	First  string // address of the first page, unless this is it
	Next   string
}

func (*noticesPage) template() string { return "notices.html" }

// NoticeRow is one notice in words.
type NoticeRow struct {
	Unread       bool
	When         string
	Words        string
	Path, Number string // of the case
	Subject      string
	Due          *Due   // the clock as it stands now; nil once its duty is done, or for a notice of no clock
	Read         string // where marking it read is posted
}

const noticesPerPage = 50

// noticesList draws the page.
func (s *Server) noticesList(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	after := r.URL.Query().Get("after")
	list, err := s.Store.Notices(r.Context(), who.ID, after, noticesPerPage)
	if err != nil {
		return err
	}
	p := &noticesPage{Frame: Frame{Title: words.T("notice.title"), Section: "notices"}}
	if p.Unread, err = s.Store.UnreadNotices(r.Context(), who.ID); err != nil {
		return err
	}
	var cases []string
	for _, n := range list.Items {
		cases = append(cases, n.CaseID)
	}
	heads, err := s.Store.CaseHeads(r.Context(), cases)
	if err != nil {
		return err
	}
	days, today := s.days(r.Context()), calendar.DateOf(s.Now())
	for _, n := range list.Items {
		state := heads[n.CaseID].State
		p.Rows = append(p.Rows, noticeRow(words, n, state.ClockOf(n.Clock, n.Ref), days, today))
	}
	if len(list.Items) > 0 {
		p.UpTo = list.Items[0].ID
	}
	if after != "" {
		p.First = "/notices"
	}
	if list.Next != "" {
		p.Next = "/notices?after=" + url.QueryEscape(list.Next)
	}
	return s.render(w, r, http.StatusOK, p)
}

func noticeRow(w *words, n store.Notice, clock *proposal.Clock, days *calendar.Calendar, today calendar.Date) NoticeRow {
	row := NoticeRow{
		Unread: !n.Read, When: w.Moment(n.At), Words: noticeWords(w, n, clock),
		Path: "/cases/" + n.CaseID, Number: w.number(n.Number), Subject: n.Subject,
	}
	if clock != nil && clock.Open() {
		row.Due = due(w, clock, days, today)
	}
	if row.Unread {
		row.Read = fmt.Sprintf("/notices/%d/read", n.ID)
	}
	return row
}

// noticeWords says what happened, with the day as it is now: a clock may have moved since. A duty that is no longer asked for
// has no day.
func noticeWords(w *words, n store.Notice, clock *proposal.Clock) string {
	key := "notice." + string(n.Kind)
	switch {
	case n.Clock == "":
		return w.T(key)
	case clock == nil:
		return w.T("notice.gone", "Clock", w.T("clock."+string(n.Clock)))
	case n.Kind == proposal.NoticeRemind && n.Days == 0:
		key = "notice.remind_today"
	}
	return w.T(key, "Clock", w.T("clock."+string(n.Clock)), "N", n.Days, "Date", w.Date(clock.Due()))
}

// noticeRead marks one notice read.
func (s *Server) noticeRead(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errNotFound
	}
	if err := s.Store.ReadNotice(r.Context(), officerOf(r).ID, id); err != nil {
		return err
	}
	return backToNotices(w, r)
}

// noticesRead marks those read that the officer had before them, and what is older.
func (s *Server) noticesRead(w http.ResponseWriter, r *http.Request) error {
	upTo, err := strconv.ParseInt(r.PostForm.Get("up_to"), 10, 64)
	if err != nil {
		return errNotFound
	}
	if err := s.Store.ReadNotices(r.Context(), officerOf(r).ID, upTo); err != nil {
		return err
	}
	return backToNotices(w, r)
}

func backToNotices(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, "/notices", http.StatusSeeOther)
	return nil
}
