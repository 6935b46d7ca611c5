package casefile

import (
	"context"
	"net/url"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/workflows"
)

// TaskRow is one case in a list.
type TaskRow struct {
	ID, Key                                 string // of the row, and of its task: case~ask~ref
	CaseID                                  string
	Path, Number, Official, Subject, Deputy string
	CPPCC, Late, Ended, Free, Held, Watched bool // Held: claimed, and mine to put back
	Due                                     *locale.Due
	Next, Why                               string
	Engine                                  string // its workflow in the Temporal Web UI; "" without one
	Legal, Says                             string // for the bar: the legal date, and what to know before acting
	Division, Stage, Handler                string
	Assigned, Touched                       string
}

// RowDetail is what a row is made of beyond the case.
type RowDetail struct {
	Reason  *store.TaskReason
	Outcome store.Outcome // of a case that has ended
	Proxies []store.Proxy // that the reader holds today
	Watched map[string]bool
	Units   map[proposal.DivisionID]string
}

// TaskRow is a case in a list, with the task that its row is about.
func (s *Files) TaskRow(ctx context.Context, w *locale.Words, c store.CaseRow, who *store.Person, d RowDetail) TaskRow {
	w = w.About(c.Key.Body)
	today, days := calendar.DateOf(s.Now()), s.Days(ctx)
	if d.Reason == nil {
		d.Reason = &store.TaskReason{}
	}
	row := TaskRow{
		CaseID: c.CaseID, Number: w.Number(c.Key), Official: c.Title, Subject: c.Subject,
		Deputy: w.RowDeputy(c), CPPCC: c.Key.Body == assembly.CPPCC, Late: c.Late, Ended: c.Stage.Ended(), Watched: d.Watched[c.CaseID],
		Due:  w.DueOn(c.DueClock, c.Due, days, today),
		Next: nextStep(w, c, d.Reason), Why: whyMine(w, c, who, d),
		Division: w.Name(c.LeadName), Stage: w.T("stage." + string(c.Stage)), Handler: w.Name(c.HandlerName),
		Assigned: w.Day(c.AssignedOn), Touched: w.Moment(c.LastAt),
	}
	if legal := w.DueOn(proposal.ReplyClock, c.ReplyDue, days, today); legal != nil && !c.Stage.Ended() {
		row.Legal = w.T("tasks.legal", "Date", w.Day(c.ReplyDue), "Words", legal.Words)
	}
	if c.Stage.Ended() {
		row.Next = outcome(w, c, d.Outcome)
		if reply := d.Outcome.Reply; c.Task == nil && reply != nil && !reply.Open() {
			row.Due = w.Due(reply, days, today)
		}
	}
	row.Engine = s.WorkflowPath(who, workflows.WorkflowID(c.CaseID), "")
	row.Says = saysMore(w, c, d.Reason)
	key := store.CaseTask{CaseID: c.CaseID}
	if t := c.Task; t != nil {
		key.TaskKey = t.Rules().Key()
		if !t.Due.IsZero() {
			row.Due = w.DueOn(TaskClock(c), t.Due, days, today)
			if callComesFirst(t) {
				row.Due.Date = w.T("due.call_back", "Time", w.Moment(t.CallBackAt))
			}
		}
		row.Free = t.Holder() == "" && t.Rules().MayClaim(who.Person)
		row.Held = t.ClaimedBy != "" && t.ClaimedBy == who.ID
	}
	row.Key, row.Path = RowKey(key), RowPath(key)
	row.ID = RowID(row.Key)
	return row
}

// callComesFirst: what puts the task in its place is a call that was promised.
func callComesFirst(t *store.Task) bool {
	return !t.CallBackAt.IsZero() && calendar.DateOf(t.CallBackAt) == t.Due
}

// TaskClock is the clock that a task's due date belongs to: that of its strand, of its stage, or the one of the case.
func TaskClock(c store.CaseRow) proposal.ClockKind {
	t := c.Task
	if does := kinds.Doing(t.Ask); t.Ref != "" && len(does) > 0 {
		if clocks := ClockOf[strandOf(does[0])]; len(clocks) > 0 {
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

// outcome says how a case came out: 已办结，A类，沈民函〔2026〕12号.
func outcome(w *locale.Words, c store.CaseRow, o store.Outcome) string {
	said := []string{w.T("stage." + string(c.Stage))}
	if o.Class != "" && c.Number != "" {
		said = append(said, w.T("case.class", "Class", o.Class))
	}
	return w.List(append(said, c.Number))
}

// nextStep names what is to be done.
func nextStep(w *locale.Words, c store.CaseRow, r *store.TaskReason) string {
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
func saysMore(w *locale.Words, c store.CaseRow, r *store.TaskReason) string {
	more := saysStage(w, c, r)
	if !r.Urged.At.IsZero() {
		more = w.T("tasks.says_urged", "Who", w.Name(r.Urged.Name), "When", w.Moment(r.Urged.At), "Words", r.UrgeWords) + more
	}
	return more
}

func saysStage(w *locale.Words, c store.CaseRow, r *store.TaskReason) string {
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

// ReadTaskKey reads the key of a row: case~ask~ref.
func ReadTaskKey(key string) (t store.CaseTask) {
	parts := strings.SplitN(key, "~", 3)
	if len(parts) == 3 {
		t.CaseID, t.TaskKey = parts[0], proposal.TaskKey{Ask: proposal.Ask(parts[1]), Ref: parts[2]}
	}
	return t
}

// DueGroup is the group of a desk in which a day stands: overdue, today, week or later.
func DueGroup(due, today, sunday calendar.Date) string {
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

// TaskDue is the day that puts a case into its group, where the case does not come from a list of the desk.
func TaskDue(c store.CaseRow) calendar.Date {
	if c.Task != nil {
		return c.Task.Due
	}
	return c.Due
}

// ProxyOver reports whether a proxy has ended or was revoked.
func ProxyOver(p store.Proxy, today calendar.Date) bool {
	return !p.RevokedAt.IsZero() || p.To.Before(today)
}

// ProxyHolds reports whether a proxy counts today: it was confirmed, has begun and is not over.
func ProxyHolds(p store.Proxy, today calendar.Date) bool {
	return !p.ConfirmedAt.IsZero() && !p.From.After(today) && !ProxyOver(p, today)
}

// RowKey names a row of a list: case~ask~ref.
func RowKey(row store.CaseTask) string { return row.CaseID + "~" + string(row.Ask) + "~" + row.Ref }

// RowID is the id of its element.
func RowID(key string) string { return "row-" + strings.ReplaceAll(key, "~", "-") }

// RowPath opens the case of a row, with what the row is about; "" for no row.
func RowPath(row store.CaseTask) string {
	switch {
	case row.CaseID == "":
		return ""
	case row.Ref == "":
		return "/cases/" + row.CaseID
	}
	return "/cases/" + row.CaseID + "?" + url.Values{"ask": {string(row.Ask)}, kit.FieldRef: {row.Ref}}.Encode()
}
