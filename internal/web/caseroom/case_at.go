package caseroom

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// caseAtPage is a case as it was: the same page without anything to press.
type caseAtPage struct {
	*casePage
	Strip        string // of which moment it is, in words
	After        string // the event that made it so, in words
	Unknown      string // what is not on record of that time, in words
	Before, Next string // addresses of the event before and after; empty at the ends
	Day, Clock   string // as the form shows them
	Today        string
	Error        string // the day asked for cannot be shown, in words
}

func (*caseAtPage) Template() string { return "case_at.html" }

// CaseAt draws a case as it stood on a day at a time, or right after one of its events.
func (s *Room) CaseAt(w http.ResponseWriter, r *http.Request) error {
	q, words, who := r.URL.Query(), s.Words(r), kit.OfficerOf(r)
	moment, problem := momentAsked(q.Get("event"), q.Get("date"), q.Get("time"), s.Now())
	past, err := s.store.CaseAt(r.Context(), r.PathValue("id"), who.Person, moment)
	if kit.Refused(err, proposal.InvalidInput) { // before it was registered: its beginning is shown
		problem = "case_at.before"
		past, err = s.store.CaseAt(r.Context(), r.PathValue("id"), who.Person, store.Moment{Event: 1})
	}
	if err != nil {
		return err
	}
	f, err := s.PastFile(r.Context(), past, who)
	if err != nil {
		return err
	}
	p := &caseAtPage{casePage: s.newCasePage(words, f, who), Today: calendar.DateOf(s.Now()).String()}
	p.Title = words.T("case_at.title", "Number", p.Number, "When", words.Moment(f.Now))
	p.Strip = words.T("case_at.strip", "When", words.T("case_at.when", "Date", words.FullDay(calendar.DateOf(f.Now)), "Time", words.Clock(f.Now)))
	p.Day, p.Clock = calendar.DateOf(f.Now).String(), words.Clock(f.Now)
	if i := slices.IndexFunc(f.Events, func(e store.Event) bool { return e.No == past.No }); i >= 0 {
		e := casefile.PastEventOf(words, f, f.Events[i])
		p.After = words.T("case_at.after", "Who", e.Who, "What", e.What)
	}
	if !past.Known {
		p.Unknown = words.T("case_at.unknown", "Since", words.Moment(past.Since))
	}
	if problem != "" {
		p.Error = words.T(problem)
	}
	address := func(no int) string { return fmt.Sprintf("/cases/%s/at?event=%d", f.CaseID, no) }
	if past.No > 1 {
		p.Before = address(past.No - 1)
	}
	if past.No < past.Last {
		p.Next = address(past.No + 1)
	}
	if p.Waiting == "" {
		p.Waiting = whoseTurn(words, f)
	}
	if f.Draft != nil {
		p.Reply = reply.Draw(words, s.PaperWords(), f, *f.Draft)
	}
	p.History = newHistory(words, f, p.Past, q)
	return s.Render(w, r, http.StatusOK, p)
}

// momentAsked reads what moment is asked for. A day without a time means its end. What cannot be read means now, and a message.
func momentAsked(event, date, clock string, now time.Time) (m store.Moment, problem string) {
	if no, err := strconv.Atoi(event); err == nil && no > 0 {
		return store.Moment{Event: no}, ""
	}
	day, err := calendar.ParseDate(date)
	if err != nil {
		return store.Moment{At: now}, "case_at.unread"
	}
	at := day.End().Add(-time.Microsecond)
	if clock != "" {
		t, err := time.Parse("15:04", clock)
		if err != nil {
			return store.Moment{At: now}, "case_at.unread"
		}
		// The whole minute counts: who asks for 14:00 wants to see what happened at 14:00.
		at = day.Start().Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute()+1)*time.Minute - time.Microsecond)
	}
	if at.After(now) {
		return store.Moment{At: now}, "case_at.future"
	}
	return store.Moment{At: at}, ""
}
