package web

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// TaskRow is one case in a list.
type TaskRow struct {
	ID, Key                                 string // of the row, and of its task: case~ask~ref
	CaseID                                  string
	Path, Number, Official, Subject, Deputy string
	CPPCC, Late, Free, Held, Watched        bool // Held: claimed, and mine to put back
	Due                                     *Due
	Next, Why                               string
	Legal, Says                             string // for the bar: the legal date, and what to know before acting
	Division, Stage, Handler                string
	Assigned, Touched                       string
}

// deskRow is what a row is made of beyond the case.
type deskRow struct {
	reason  *store.TaskReason
	proxies []store.Proxy // that the reader holds today
	watched map[string]bool
	units   map[proposal.DivisionID]string
}

// taskRow is a case in a list, with the task that its row is about.
func (s *Server) taskRow(ctx context.Context, w *words, c store.CaseRow, who *store.Person, d deskRow) TaskRow {
	today, days := calendar.DateOf(s.Now()), s.days(ctx)
	if d.reason == nil {
		d.reason = &store.TaskReason{}
	}
	row := TaskRow{
		CaseID: c.CaseID, Number: w.number(c.Key), Official: c.Key.OfficialTitle(c.Subject), Subject: c.Subject,
		Deputy: rowDeputy(w, c), CPPCC: c.Key.Body == proposal.CPPCC, Late: c.Late, Watched: d.watched[c.CaseID],
		Due:  dueOn(w, c.DueClock, c.Due, days, today),
		Next: nextStep(w, c, d.reason), Why: whyMine(w, c, who, d),
		Division: w.Name(c.LeadName), Stage: w.T("stage." + string(c.Stage)), Handler: w.Name(c.HandlerName),
		Assigned: w.Day(c.AssignedOn), Touched: w.Moment(c.LastAt),
	}
	if legal := dueOn(w, proposal.ReplyClock, c.ReplyDue, days, today); legal != nil && !c.Stage.Ended() {
		row.Legal = w.T("tasks.legal", "Date", w.Day(c.ReplyDue), "Words", legal.Words)
	}
	row.Says = saysMore(w, c, d.reason)
	key := store.CaseTask{CaseID: c.CaseID}
	if t := c.Task; t != nil {
		key.TaskKey = t.Rules().Key()
		if !t.Due.IsZero() {
			row.Due = dueOn(w, taskClock(c), t.Due, days, today)
			if callComesFirst(t) {
				row.Due.Date = w.T("due.call_back", "Time", w.Moment(t.CallBackAt))
			}
		}
		row.Free = t.Holder() == "" && t.Rules().MayClaim(who.Person)
		row.Held = t.ClaimedBy != "" && t.ClaimedBy == who.ID
	}
	row.Key, row.Path = rowKey(key), rowPath(key)
	row.ID = rowID(row.Key)
	return row
}

// callComesFirst: what puts the task in its place is a call that was promised.
func callComesFirst(t *store.Task) bool {
	return !t.CallBackAt.IsZero() && calendar.DateOf(t.CallBackAt) == t.Due
}

// taskClock is the clock that a task's due date belongs to: that of its strand, of its stage, or the one of the case.
func taskClock(c store.CaseRow) proposal.ClockKind {
	t := c.Task
	if does := kinds.Doing(t.Ask); t.Ref != "" && len(does) > 0 {
		if clocks := clockOf[strandOf(does[0])]; len(clocks) > 0 {
			if t.Ask == proposal.AskToReexamine {
				return proposal.ReexamineClock
			}
			return clocks[0]
		}
		return c.DueClock
	}
	if callComesFirst(t) {
		return proposal.FirstContactClock
	}
	if t.Due != c.Due {
		return proposal.StageClock
	}
	return c.DueClock
}

// nextStep names what is to be done.
func nextStep(w *words, c store.CaseRow, r *store.TaskReason) string {
	if c.Task == nil {
		return w.T("stage." + string(c.Stage))
	}
	switch t := c.Task; {
	case t.Ask == proposal.AskOf(proposal.Consulting) && r.Unreached > 0:
		return w.T("next.call_again", "N", r.Unreached+1)
	case t.Ask == proposal.AskOf(proposal.Drafting) && c.ReturnedFrom != "":
		return w.T("next.mend")
	case t.Ask == proposal.AskOf(proposal.Drafting) && c.Round > 1:
		return w.T("next.draft_again", "N", c.Round)
	}
	return w.T("task." + string(c.Task.Ask))
}

// saysMore is what the bar says of the focused row: what stands behind the reason, in whole sentences.
func saysMore(w *words, c store.CaseRow, r *store.TaskReason) string {
	more := saysStage(w, c, r)
	if !r.Urged.At.IsZero() {
		more = w.T("tasks.says_urged", "Who", w.Name(r.Urged.Name), "When", w.Moment(r.Urged.At), "Words", r.UrgeWords) + more
	}
	return more
}

func saysStage(w *words, c store.CaseRow, r *store.TaskReason) string {
	switch {
	case c.ReturnedFrom != "" && r.BackWords != "":
		return w.T("tasks.says_back", "Who", w.Name(r.Back.Name), "When", w.Day(r.Back.Day()), "Words", r.BackWords)
	case c.Stage == proposal.Consulting && !r.CallBack.IsZero():
		return w.T("tasks.says_call_back", "N", r.Unreached, "When", w.Moment(r.CallBack))
	case c.Stage == proposal.Consulting && r.Unreached > 0:
		return w.T("tasks.says_unreached", "N", r.Unreached)
	case c.Stage == proposal.Drafting && r.Draft > 0:
		return w.T("tasks.says_draft", "Version", r.Draft, "When", w.Moment(r.DraftAt))
	}
	return ""
}
