package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// sideSteps are offered beside the way on, never as the primary action.
var sideSteps = []proposal.Kind{proposal.SendBack, proposal.Refuse, proposal.Waive}

// readFirst are decisions on the letter: it stands above their forms.
var readFirst = []proposal.Kind{proposal.PassReview, proposal.DecideOpenness, proposal.Sign, proposal.Publish}

// offerForm adds the form that the officer may act on now: the kind asked for, or else the way on.
func (s *Server) offerForm(w *words, p *casePage, f *caseFile, who *store.Person, kind proposal.Kind) {
	task, open := proposal.TaskOf(f.State, f.Pack)
	if open {
		p.Waiting = w.T("bar.waiting", "Who", f.holder(w, task), "Next", w.T("task."+string(f.State.Stage)))
		if f.claimedBy() != "" {
			p.Waiting = w.T("bar.waiting", "Who", w.Name(f.Task.ClaimedName), "Next", w.T("task."+string(f.State.Stage)))
		}
	} else {
		p.Waiting = w.T("bar.closed", "Date", w.Date(f.State.ClosedOn))
	}
	p.Claim = claimForm(w, f, who, task)
	if f.claimedBy() != "" && f.claimedBy() != who.ID {
		p.Claimed = w.T("case.claimed_by", "Name", w.Name(f.Task.ClaimedName))
		return
	}
	offers := proposal.Offers(f.State, who.Person, f.Pack)
	slices.SortStableFunc(offers, func(a, b proposal.Transition) int { return sideStep(a.Kind) - sideStep(b.Kind) })
	if len(offers) == 0 {
		return
	}
	at := max(0, slices.IndexFunc(offers, func(t proposal.Transition) bool { return t.Kind == kind }))
	p.Form = s.newCaseForm(w, f, offers[at], who, nil)
	p.Outcomes = offers[at].Kind == proposal.Contact
	p.ReadFirst = slices.Contains(readFirst, offers[at].Kind)
	for i, t := range offers {
		if i != at {
			p.Others = append(p.Others, OtherAction{t.Kind, w.T("other." + string(t.Kind))})
		}
	}
}

func sideStep(k proposal.Kind) int { return min(1, slices.Index(sideSteps, k)+1) }

func claimForm(w *words, f *caseFile, who *store.Person, task proposal.Task) *ClaimForm {
	switch {
	case f.claimedBy() != "" && proposal.MayRelease(who.Person, f.claimedBy()):
		return &ClaimForm{"/cases/" + f.CaseID + "/release", w.T("do.release")}
	case f.claimedBy() == "" && task.MayClaim(who.Person):
		return &ClaimForm{"/cases/" + f.CaseID + "/claim", w.T("do.claim")}
	}
	return nil
}

// newCaseForm makes the form of one action. Typed values are shown again as they are; without any, the form opens with
// what is known already.
func (s *Server) newCaseForm(w *words, f *caseFile, t proposal.Transition, who *store.Person, typed url.Values) *CaseForm {
	form := &CaseForm{
		Kind: t.Kind, Path: "/cases/" + f.CaseID + "/" + string(t.Kind),
		ActionID: newActionID(), BaseSeq: f.State.Seq, Late: f.State.Late,
		words: w, values: typed, options: map[string][]Choice{},
	}
	if base, err := strconv.Atoi(typed.Get(fieldBaseSeq)); err == nil {
		form.BaseSeq = base
	}
	args := []any{
		"Version", f.State.Draft, "Who", f.nextHolder(w, t), "Division", w.Name(f.LeadName), "Stage", w.T("stage." + string(f.State.Stage)),
	}
	key := string(t.Kind)
	if t.Kind == proposal.PassReview {
		key += "." + string(f.State.Stage)
	}
	form.Do, form.After = w.T("do."+key, args...), w.T("after."+key, args...)
	if typed == nil {
		form.values = url.Values{}
	}
	s.fillForm(w, form, f, t, who, typed == nil)
	return form
}

// newActionID is new for every form that is drawn, also for one that comes back refused: the old id stands for what was
// typed before, and would be refused again whatever is corrected.
func newActionID() string { return uuid.Must(uuid.NewV7()).String() }

// fillForm adds the options of each kind's fields and, on a fresh form, what they open with.
func (s *Server) fillForm(w *words, form *CaseForm, f *caseFile, t proposal.Transition, who *store.Person, fresh bool) {
	set := func(name, value string) {
		if fresh && value != "" {
			form.values.Set(name, value)
		}
	}
	switch t.Kind {
	case proposal.ProposeAssignment:
		form.options["lead"], form.options["co_handling"] = f.divisionChoices(w, ""), f.divisionChoices(w, "")
		if e := f.lastEvent(proposal.Refuse); e != nil && f.State.ReturnedFrom == proposal.Accepting {
			set("lead", string(eventInput(*e).(*proposal.DivisionRefusal).Suggested))
		}
		due := f.Pack.InternalDue(f.State.Clock(proposal.ReplyClock).Due(), s.calendar)
		form.Hint = w.T("form.internal_due_hint", "Date", w.Date(due))
	case proposal.Accept:
		form.options["handler"] = f.handlerChoices(w)
	case proposal.Refuse:
		form.options["suggested"] = f.divisionChoices(w, f.State.Lead)
	case proposal.Contact:
		s.fillContact(w, form, f, set)
	case proposal.Waive:
		form.Hint = w.T("form.waive_hint", "N", f.State.Attempts, "Need", f.Pack.Contact.AttemptsBeforeWaive)
	case proposal.Submit:
		s.fillDraft(w, form, f, who, fresh)
	case proposal.DecideOpenness:
		form.options["openness"] = choices(w, "openness.", proposal.Opennesses)
		form.options["ground"] = groundChoices(f.Pack)
		if f.Draft != nil {
			set("openness", string(f.Draft.Draft.Openness))
			set("ground", f.Draft.Draft.Ground)
			set("reason", f.Draft.Draft.Reason)
		}
	case proposal.SendBack:
		form.options["to"] = choices(w, "stage.", t.To)
		set("to", string(t.To[len(t.To)-1]))
		if slices.Contains(t.To, proposal.Drafting) {
			set("to", string(proposal.Drafting))
		}
	case proposal.Sign:
		set("sha256", f.State.DraftSHA256)
	case proposal.AssignNumber:
		form.Hint = w.T("form.number_hint", "Series", f.Pack.Series, "Year", calendar.DateOf(s.Now()).Year)
	case proposal.Dispatch:
		form.options["mode"] = choices(w, "dispatch.", proposal.DispatchModes)
		set("mode", string(proposal.Mail))
	case proposal.Publish:
		set("sha256", f.State.DraftSHA256)
		form.Hint = w.T("form.publish_hint")
	}
}

func (s *Server) fillContact(w *words, form *CaseForm, f *caseFile, set func(name, value string)) {
	form.options["outcome"] = choices(w, "outcome.", proposal.ContactOutcomes)
	for i := range form.options["outcome"] {
		form.options["outcome"][i].Note = w.T("outcome."+form.options["outcome"][i].Value+".note", "N", f.State.Attempts+1)
	}
	form.options["mode"] = choices(w, "mode.", proposal.Modes)
	for _, wish := range proposal.Wishes {
		form.options["wish"] = append(form.options["wish"], Choice{Value: string(wish), Name: w.T("wish." + wishKey(wish))})
	}
	set("mode", string(proposal.Phone))
	set("spoke_with", f.LeadDeputy)
	texts := form.values["point"]
	if len(texts) == 0 {
		texts = f.pointTexts()
	}
	for i := range max(len(texts), len(f.Points)+2) {
		p := FormPoint{No: i + 1, Ticked: form.Has("tick", strconv.Itoa(i+1))}
		if i < len(texts) {
			p.Text = texts[i]
		}
		form.Points = append(form.Points, p)
	}
}

func (s *Server) fillDraft(w *words, form *CaseForm, f *caseFile, who *store.Person, fresh bool) {
	form.options["class"] = classChoices(f.Pack)
	form.options["openness"] = choices(w, "openness.", proposal.Opennesses)
	form.options["ground"] = groundChoices(f.Pack)
	d := proposal.Draft{Openness: proposal.Open, ContactName: who.Name.ZH, ContactPhone: who.Phone}
	if f.Draft != nil {
		d = f.Draft.Draft
		d.Version = f.Draft.Version
	}
	if fresh {
		form.values = draftValues(d)
	} else {
		typed, _ := draftFromForm(form.values, d, len(f.Points))
		typed.Version = d.Version
		d = typed
	}
	form.Draft = newDraftForm(w, d, f.pointTexts())
	form.Findings = findings(w, f.Pack, proposal.CheckDraft(d, f.State, len(f.Points), f.Pack))
}

// findings puts what a draft lacks into words, each with the field where it is mended.
func findings(w *words, pack *proposal.Pack, found []proposal.Finding) []FindingView {
	places := map[proposal.FindingCode]string{
		proposal.NotConsulted: "main", proposal.NoBody: "body", proposal.NoContact: "contact_name", proposal.PointUnanswered: "links",
		proposal.NoClass: "class", proposal.ClassMismatch: "class", proposal.NoCommitment: "commitments", proposal.NoGround: "ground",
	}
	var views []FindingView
	for _, f := range found {
		place := places[f.Code]
		switch f.Code {
		case proposal.PointWithoutStatus:
			place = fmt.Sprintf("status.%d", f.Point)
		case proposal.NoReason:
			place = fmt.Sprintf("why.%d", f.Point)
		}
		views = append(views, FindingView{w.T("finding."+string(f.Code), "Point", f.Point, "Class", f.Class), place})
	}
	return views
}

// nextHolder names who gets the case next, when that is known before the form is filled in.
func (f *caseFile) nextHolder(w *words, t proposal.Transition) string {
	next := f.State
	next.Stage = t.To[len(t.To)-1]
	if t.Kind == proposal.Dispatch && next.Openness == proposal.Open {
		next.Stage = proposal.Publishing
	}
	task, ok := proposal.TaskOf(next, f.Pack)
	if !ok {
		return ""
	}
	return f.holder(w, task)
}

func (f *caseFile) divisionChoices(w *words, without proposal.DivisionID) []Choice {
	var list []Choice
	for _, d := range f.order {
		if d.Code != without {
			list = append(list, Choice{Value: string(d.Code), Name: w.Name(d.Name)})
		}
	}
	return list
}

func (f *caseFile) handlerChoices(w *words) []Choice {
	var list []Choice
	for _, p := range f.people {
		if p.Active && p.Division == f.State.Lead && p.Has(proposal.Handler) {
			list = append(list, Choice{Value: string(p.ID), Name: w.Name(p.Name)})
		}
	}
	return list
}

func groundChoices(pack *proposal.Pack) []Choice {
	var list []Choice
	for _, g := range pack.Grounds {
		list = append(list, Choice{Value: g.Code, Name: g.Name})
	}
	return list
}

func classChoices(pack *proposal.Pack) []Choice {
	var list []Choice
	for _, c := range pack.Classes {
		list = append(list, Choice{Value: c.Code, Name: c.Code + " " + c.Name})
	}
	return list
}
