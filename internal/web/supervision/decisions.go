package supervision

import (
	"context"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// Decision is one sort of what is to be decided today: the cases that are due first, and the list of all.
type Decision struct {
	HomeList
	Only  store.Only
	Cases []DecisionCase
	Many  string // where all of them are urged at once; "" if there is one, or it is not the viewer's to do
}

// DecisionCase is a case that calls for a decision: why, and the one thing to do about it here.
type DecisionCase struct {
	CaseLine
	Why     string
	Act, Do string // where it is done, and its words; "" if there is nothing to do here
	Not     string // why not today
}

// decisionCases are shown of each sort; the list has the others.
const decisionCases = 3

// decided are the sorts of cases that call for a decision, those that run out first before the others, each with the actions that settle it.
// Where there are none, all one can do is urge.
var decided = []struct {
	only store.Only
	box  store.Box
	acts []proposal.Kind
}{
	{store.OnlyReturnable, store.Bureau, []proposal.Kind{proposal.RequestReturn}},
	{store.OnlyUnsigned, store.Bureau, nil},
	{store.OnlyUncalled, store.Bureau, nil},
	{store.OnlyBehind, store.Bureau, nil},
	{store.OnlyUndrafted, store.Bureau, nil},
	{store.OnlyExtension, store.Bureau, []proposal.Kind{proposal.EndorseExtension, proposal.DecideExtension}},
	{store.OnlyAwaitLate, store.Bureau, nil},
	{store.OnlyRehandled, store.Bureau, nil},
	{store.OnlyBackAgain, store.Bureau, nil},
	{store.OnlyStill, store.Bureau, nil},
	{store.OnlyPromiseDue, store.Every, nil}, // promises outlive their cases
}

// decisionsOf are the lists of each sort.
func decisionsOf(all store.TaskFilter) (filters []store.TaskFilter) {
	for _, d := range decided {
		f := all
		f.Box, f.Only, f.Sort, f.Limit = d.box, d.only, store.ByDue, decisionCases
		filters = append(filters, f)
	}
	return filters
}

// decisions puts together what the viewer has to decide on today.
func (s *Room) decisions(ctx context.Context, w *locale.Words, p *overviewPage, who *store.Person, all store.TaskFilter, divisions []store.Division) error {
	filters := decisionsOf(all)
	counts, cases, err := s.store.CountCases(ctx, who.ID, filters)
	if err != nil {
		return err
	}
	p.ToDo = cases
	for i, f := range filters {
		if counts[i] == 0 {
			continue
		}
		d := Decision{HomeList: HomeList{w.T("only." + string(f.Only)), ListCount{counts[i], casefile.ListPath(f)}}, Only: f.Only}
		if counts[i] > 1 && f.Box == store.Bureau {
			d.Many = urgeAll(who, f)
		}
		page, err := s.store.Tasks(ctx, who.ID, f)
		if err != nil {
			return err
		}
		if d.Cases, err = s.decisionCases(ctx, w, who, page.Items, f.Only, decided[i].acts, divisions); err != nil {
			return err
		}
		p.Decide, p.Items = append(p.Decide, d), p.Items+counts[i]
	}
	return nil
}

// urgeAll is where all cases of a list of open ones are urged at once; "" if that is not the viewer's to do.
func urgeAll(who *store.Person, f store.TaskFilter) string {
	if !slices.Contains(proposal.BulkKindsFor(who.Person), proposal.BulkUrge) {
		return ""
	}
	return "/bulk/new?" + url.Values{"kind": {string(proposal.BulkUrge)}, "all": {"1"}, "query": {casefile.AnyListQuery(f).Encode()}, "back": {kit.OverviewPath}}.Encode()
}

// decisionCases are the cases of a list with what the viewer can do about each; why is told where the list is one of a sort.
func (s *Room) decisionCases(
	ctx context.Context, w *locale.Words, who *store.Person, rows []store.CaseRow, only store.Only, acts []proposal.Kind, divisions []store.Division,
) (lines []DecisionCase, err error) {
	var ids []string
	for _, c := range rows {
		ids = append(ids, c.CaseID)
	}
	cases, err := s.store.BulkCases(ctx, who.Person, ids)
	if err != nil {
		return nil, err
	}
	reasons, err := s.store.TaskReasons(ctx, rows)
	if err != nil {
		return nil, err
	}
	days, today := s.Days(ctx), calendar.DateOf(s.Now())
	for _, id := range ids {
		c, visible := cases[id]
		if !visible {
			continue // since it was listed it has gone where the viewer does not see it
		}
		line := DecisionCase{CaseLine: s.caseLine(ctx, w, c.CaseRow, who)}
		if only != "" {
			line.Why = why(w.About(c.Key.Body), only, c, line.CaseLine, reasons[id], days, today, divisions)
		}
		pack, _ := s.store.Pack(c.State.Pack)
		offers := proposal.Offers(c.State, who.Covering(c.Covers), pack)
		for _, kind := range append(slices.Clone(acts), proposal.Urge) {
			at := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == kind })
			if at < 0 {
				continue
			}
			next := c.State.UrgedOn.AddDays(pack.Urge.DaysBetween)
			if kind == proposal.Urge && !c.State.UrgedOn.IsZero() && today.Before(next) {
				line.Not = w.T("decide.urged", "When", w.Date(c.State.UrgedOn), "Next", w.Date(next))
				break
			}
			do := url.Values{"do": {string(kind)}}
			if ref := offers[at].Ref; ref != "" {
				do.Set(kit.FieldRef, ref)
			}
			line.Act, line.Do = "/cases/"+id+"?"+do.Encode(), w.T("decide.do."+string(kind))
			break
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// why is the reason for which a case calls for a decision.
func why(
	w *locale.Words, only store.Only, c store.BulkCase, line CaseLine, r *store.TaskReason, days *calendar.Calendar, today calendar.Date, divisions []store.Division,
) string {
	s := &c.State
	due := func(clock *proposal.Clock) string {
		d := w.Due(clock, days, today)
		if d == nil {
			return ""
		}
		return w.T("decide.due", "Words", d.Words, "Date", d.Date)
	}
	ofTask := func(is func(store.Task) bool, kind proposal.ClockKind) (t store.Task, words string) {
		for _, t := range c.Tasks {
			if is(t) {
				if d := w.DueOn(kind, t.Due, days, today); d != nil {
					words = w.T("decide.due", "Words", d.Words, "Date", d.Date)
				}
				return t, words
			}
		}
		return t, ""
	}
	asks := func(asks ...proposal.Ask) func(store.Task) bool {
		return func(t store.Task) bool { return slices.Contains(asks, t.Ask) }
	}
	switch only {
	case store.OnlyReturnable:
		return w.T("decide.returnable", "Due", due(s.Clock(proposal.ReturnClock)), "Stage", line.Stage)
	case store.OnlyUnsigned:
		t, words := ofTask(asks(proposal.AskOf(proposal.Accepting)), proposal.StageClock)
		return w.T("decide.unsigned", "N", days.WorkdaysBetween(calendar.DateOf(t.OpenedAt), today), "Name", line.Division, "Due", words)
	case store.OnlyUncalled:
		return w.T("decide.uncalled", "N", s.Attempts, "Due", due(s.Clock(proposal.FirstContactClock)))
	case store.OnlyUndrafted:
		return w.T("decide.undrafted", "Due", due(s.Clock(proposal.DraftClock)), "Stage", line.Stage, "Name", line.Holder)
	case store.OnlyBehind:
		return w.T("decide.behind", "Due", due(s.Clock(proposal.PlanClock)), "Stage", line.Stage, "Name", line.Holder)
	case store.OnlyExtension:
		t, _ := ofTask(asks(proposal.AskToEndorseExtension, proposal.AskForExtension), proposal.ReplyClock)
		return w.T("decide.extension", "Task", w.T("task."+string(t.Ask)), "Due", due(s.ReplyDue()))
	case store.OnlyAwaitLate:
		t, words := ofTask(func(t store.Task) bool {
			return !t.Due.IsZero() && t.Due.Before(today) && asks(proposal.AskForOpinion, proposal.AskForOutsideOpinion, proposal.AskToApproveOpinion)(t)
		}, proposal.OpinionClock)
		unit := divisionName(w, divisions, t.Division)
		if unit == "" {
			unit = w.T("decide.outside")
		}
		return w.T("decide.opinion_late", "Name", unit, "Due", words)
	case store.OnlyRehandled:
		if s.Stage == proposal.ReportingUp {
			return w.T("decide.report_up")
		}
		return w.T("decide.rehandled", "N", s.Round, "Due", due(s.ReplyDue()))
	case store.OnlyBackAgain:
		return w.T("decide.back_again", "N", r.Backs, "When", w.Day(r.Back.Day()), "Name", w.Name(r.Back.Name), "Words", r.BackWords)
	case store.OnlyPromiseDue:
		_, words := ofTask(asks(proposal.AskToKeepPromise, proposal.AskToReplyAgain), proposal.CommitmentClock)
		return w.T("decide.promise_due", "Due", words)
	}
	return w.T("decide.still", "N", days.WorkdaysBetween(calendar.DateOf(c.LastAt), today), "Stage", line.Stage, "Name", line.Holder)
}
