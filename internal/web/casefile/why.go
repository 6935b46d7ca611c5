package casefile

import (
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// whyMine says why a case is on this desk (因何在我), or who has it now. Rows without a reason come from lists that tell less.
func whyMine(w *locale.Words, c store.CaseRow, who *store.Person, d RowDetail) string {
	t := c.Task
	if t == nil {
		return w.T("why.closed", "Stage", w.T("stage."+string(c.Stage)))
	}
	free, mine := t.Holder() == "" && t.Rules().MayClaim(who.Person), t.Holder() == who.ID
	switch urge := d.Reason.Urged; {
	case (free || mine) && (t.Ref == "" || t.Ask == proposal.AskToAnswerUrge) && !urge.At.IsZero():
		return w.T("why.urged", "Name", w.Name(urge.Name), "When", w.Day(urge.Day()))
	case free:
		return freeWhy(w, c)
	case mine:
		return myWhy(w, c, d)
	}
	if covers(who.Person, t.Holder()) {
		return coveredWhy(w, c, d)
	}
	return heldWhy(w, c, d)
}

// freeWhy: nobody has it; what makes it mine to take is said first where it is not my role on the main way.
func freeWhy(w *locale.Words, c store.CaseRow) string {
	if c.Task.Ask == proposal.AskForOpinion || c.Task.Ask == proposal.AskToCountersign {
		return w.T("why.opinion", "Division", w.Name(c.LeadName))
	}
	return w.T("why.free")
}

func myWhy(w *locale.Words, c store.CaseRow, d RowDetail) string {
	t, r := c.Task, d.Reason
	switch {
	case t.Ask == proposal.AskForOpinion, t.Ask == proposal.AskToCountersign:
		return w.T("why.opinion", "Division", w.Name(c.LeadName))
	case t.Ask == proposal.AskToKeepPromise:
		return w.T("why.promise")
	case t.Ask == proposal.AskToReplyAgain:
		return w.T("why.promise_kept")
	case t.Ref == "" && c.ReturnedFrom != "":
		return returnedWhy(w, c, r)
	case t.Ask == proposal.AskOf(proposal.Consulting) && r.Unreached > 0:
		return w.T("why.unreached", "N", r.Unreached)
	case t.Ref == "" && c.Round > 1 && c.Stage.Before(proposal.DivisionReview):
		return w.T("why.dissatisfied")
	case t.ClaimedBy != "":
		return w.T("why.claimed", "When", w.Moment(t.ClaimedAt))
	case t.Ref != "":
		return w.T("why.yours")
	case !r.Given.At.IsZero():
		return w.T("why.given", "Name", w.Name(r.Given.Name), "When", w.Day(r.Given.Day()))
	}
	return w.T("why.handler")
}

// shortReason is how much of a reason fits the column, in characters; the bar has all of it.
const shortReason = 12

func returnedWhy(w *locale.Words, c store.CaseRow, r *store.TaskReason) string {
	stage := w.T("why.returned", "Stage", w.T("stage."+string(c.ReturnedFrom)))
	first, _, _ := strings.Cut(strings.TrimSpace(r.BackWords), "\n")
	if at := strings.IndexAny(first, "\uff0c\u3002\uff1b,.;"); at > 0 {
		first = first[:at]
	}
	if first == "" || utf8.RuneCountInString(first) > shortReason {
		return stage
	}
	return w.T("why.returned_for", "Returned", stage, "Reason", first)
}

func coveredWhy(w *locale.Words, c store.CaseRow, d RowDetail) string {
	for _, p := range d.Proxies {
		if p.Principal == c.Task.Holder() && (p.CaseID == "" || p.CaseID == c.CaseID) {
			return w.T("why.covered_until", "Name", w.Name(p.PrincipalName), "Date", w.Day(p.To))
		}
	}
	return w.T("why.covered")
}

func heldWhy(w *locale.Words, c store.CaseRow, d RowDetail) string {
	t := c.Task
	switch {
	case t.ClaimedBy != "":
		return w.T("why.held", "Name", w.Name(t.ClaimedName))
	case t.Person != "" && t.Person == c.Handler:
		return w.T("why.held", "Name", w.Name(c.HandlerName))
	case t.Division != "" && d.Units[t.Division] != "":
		return w.T("why.held", "Name", w.T("why.of_unit", "Division", d.Units[t.Division], "Role", RoleSaid(w, t.Role)))
	}
	return w.T("why.held", "Name", RoleSaid(w, t.Role))
}

// covers reports whether the person acts for the other today.
func covers(p proposal.Person, other proposal.PersonID) bool {
	_, ok := p.As(other)
	return ok
}
