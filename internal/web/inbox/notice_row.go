package inbox

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// NoticeRow is what one event told of one case, in words.
type NoticeRow struct {
	Unread       bool
	When         string
	Words        string
	Light        proposal.Light
	Also         []string // what else the same event told
	Said         string   // what was said with it: the reason, the deputy's words
	Path, Number string   // of the case; empty if it is of none
	Subject      string
	Over         string      // why it is no news any more, in words
	Due          *locale.Due // the clock as it stands now: that which the notice is about, or else the case's; nil once nothing is due
	Read         string      // where marking it read is posted
}

func noticeRow(w *locale.Words, n store.Notice, days *calendar.Calendar, today calendar.Date) NoticeRow {
	w = w.About(n.Number.Body)
	row := NoticeRow{Unread: !n.Read && n.Over == "", When: w.Clock(n.At), Words: notice(w, n), Light: n.Light()}
	if n.Over != "" {
		row.Over = w.T("notice.over." + string(n.Over))
	}
	if row.Unread {
		row.Read = fmt.Sprintf("/notices/%d/read", n.ID)
	}
	switch {
	case n.Kind == proposal.NoticeBulk:
		row.Path = "/bulk/" + n.Ref
		return row
	case n.Kind == proposal.NoticeAccount:
		row.Path = "/second-factor"
		return row
	case n.Kind == proposal.NoticeCover:
		row.Path = "/proxies"
		return row
	}
	row.Path, row.Number, row.Subject, row.Said = "/cases/"+n.CaseID, w.Number(n.Number), n.Subject, saidWith(n)
	clock := n.State.ClockOf(n.Clock, n.Ref)
	if n.Clock == "" {
		clock = n.State.DueNow()
	}
	if clock != nil && clock.Open() {
		row.Due = w.Due(clock, days, today)
	}
	return row
}

// and adds what the same event told besides. It is news as long as one of them is.
func (r NoticeRow) and(more NoticeRow) NoticeRow {
	if r.Unread != more.Unread {
		if more.Unread {
			r.Read = more.Read
		}
		r.Unread, r.Over = true, ""
	}
	if more.Words != r.Words && !slices.Contains(r.Also, more.Words) {
		r.Also = append(r.Also, more.Words)
	}
	if r.Said == "" {
		r.Said = more.Said
	}
	if r.Due == nil {
		r.Due = more.Due
	}
	return r
}

// notice says what happened, with the day as it is now: a clock may have moved since. A duty that is no longer asked for has no
// day.
func notice(w *locale.Words, n store.Notice) string {
	who, did := w.Name(n.By), w.T(kinds.EventKey(n.Did, n.From))
	if who == "" {
		who = w.T("event.system")
	}
	key, args := "notice."+string(n.Kind), []any{"Who", who, "Did", did, "Task", w.T("task." + string(n.Ask))}
	switch n.Kind {
	case proposal.NoticeReturned:
		if n.Ask == "" {
			key = "notice.returned_only"
		}
	case proposal.NoticeVacant:
		switch {
		case n.Did == string(proposal.HandOver):
			return w.T("notice.handed_over")
		case n.Ask == "":
			key = "notice.vacant_only"
		}
	case proposal.NoticeRated:
		var f proposal.Feedback
		if json.Unmarshal(n.Input, &f) != nil || f.Result == "" {
			return w.T("notice.rated_only")
		}
		args = append(args, "Attitude", w.T("rating."+string(f.Attitude)), "Result", w.T("rating."+string(f.Result)))
		if n.Did == string(proposal.RateAsCoSigner) {
			return w.T("notice.rated_beside", args...)
		}
	case proposal.NoticeRemind, proposal.NoticeRanOut, proposal.NoticeEscalate, proposal.NoticeMoved:
		clock := n.State.ClockOf(n.Clock, n.Ref)
		args = append(args, "Clock", w.T("clock."+string(n.Clock)), "N", n.Days)
		switch {
		case clock == nil:
			key = "notice.gone"
		case n.Clock == proposal.CallBackClock:
			return w.T("notice.call_back", "Time", w.Moment(clock.At))
		case n.Kind == proposal.NoticeRemind && n.Days == 0:
			key = "notice.remind_today"
		}
		if clock != nil {
			args = append(args, "Date", w.Date(clock.Due()))
		}
		if own := key + "." + string(n.Clock); w.Has(own) {
			key = own
		}
	}
	return w.T(key, args...)
}

// saidWith is what somebody wrote with what the notice is about. A clock says nothing.
func saidWith(n store.Notice) string {
	if n.Clock != "" {
		return ""
	}
	return shortened(kinds.Of(proposal.Kind(n.Did)).Said(n.Input) + casefile.NoteOf(n.Did, n.Input))
}

// saidLength is as much of somebody's words as a notice carries: the case has them in full.
const saidLength = 120

func shortened(text string) string {
	if runes := []rune(text); len(runes) > saidLength {
		return string(runes[:saidLength]) + "……"
	}
	return text
}
