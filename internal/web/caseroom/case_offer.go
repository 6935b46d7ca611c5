package caseroom

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// decided are the newest of those acts, in the order they happened; of a strand's, only those that are about it.
func decided(f *casefile.File, w *locale.Words, o proposal.Offer) []casefile.PastEvent {
	var acts []casefile.PastEvent
	for _, kind := range kinds.Of(o.Kind).On {
		for i := len(f.Events) - 1; i >= 0; i-- {
			if e := f.Events[i]; e.Kind == string(kind) && isAbout(f, e, o.Ref) {
				acts = append(acts, inFull(f, w, e))
				break
			}
		}
	}
	slices.SortFunc(acts, func(a, b casefile.PastEvent) int { return a.No - b.No })
	return acts
}

// isAbout reports whether an event is about the strand, or about none.
func isAbout(f *casefile.File, e store.Event, ref string) bool {
	if about, named := casefile.RefOf(e); ref != "" && named && about != "" {
		return about == ref
	}
	in, asks := casefile.EventInput(e).(*proposal.OpinionRequest)
	r := f.State.Strand(proposal.OpinionStrand, ref)
	return !asks || r != nil && r.Division == in.Division
}

// inFull is an event with all that whoever decides on it must know, beyond what the list of what happened tells.
func inFull(f *casefile.File, w *locale.Words, e store.Event) casefile.PastEvent {
	p := casefile.PastEventOf(w, f, e)
	row := kinds.Of(proposal.Kind(e.Kind))
	for _, fact := range row.InFull(casefile.Teller{Words: w, File: f, At: e.At}, e.Input) {
		label := w.T(kit.LabelKey(w, e.Kind, fact.Field))
		p.Words = strings.TrimSpace(p.Words + "\n" + w.T("case.labelled", "Label", label, "Text", fact.Text))
	}
	return p
}

// wanted is what a page was asked to open: an action, or the task that somebody came from.
type wanted struct {
	kind proposal.Kind
	ref  string
	by   proposal.PersonID // whom the officer would act for
	ask  proposal.Ask
}

func wantedIn(v url.Values) wanted {
	return wanted{proposal.Kind(v.Get("do")), v.Get(kit.FieldRef), proposal.PersonID(v.Get(kit.FieldFor)), proposal.Ask(v.Get("ask"))}
}

// wantedOf is the action that a form was sent for.
func wantedOf(kind proposal.Kind, form url.Values) wanted {
	return wanted{kind: kind, ref: form.Get(kit.FieldRef), by: proposal.PersonID(form.Get(kit.FieldFor))}
}

// primary is the offer that the page opens with; -1 for none. What was asked for comes first, then the way on, then what does
// a task that is the officer's or may be.
func primary(f *casefile.File, offers []proposal.Offer, who *store.Person, want wanted) int {
	if want.kind != "" {
		at := slices.IndexFunc(offers, func(o proposal.Offer) bool {
			return o.Kind == want.kind && (want.ref == "" || o.Ref == want.ref) && (want.by == "" || o.For == want.by)
		})
		if at >= 0 {
			return at
		}
	}
	for _, kind := range kinds.Doing(want.ask) {
		at := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == kind && o.Ref == want.ref })
		if at >= 0 {
			return at
		}
	}
	wayOn := func(o proposal.Offer) bool { return !o.Side && !kinds.Of(o.Kind).Aside }
	if at := slices.IndexFunc(offers, wayOn); at >= 0 {
		return at
	}
	me := f.As(who.Person)
	for _, t := range f.Tasks {
		mine := t.Holder() == who.ID || t.Holder() == "" && t.Rules().MayClaim(me)
		does := kinds.Doing(t.Ask)
		if _, covered := me.As(t.Holder()); !mine && !covered || len(does) == 0 {
			continue
		}
		if at := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == does[0] && o.Ref == t.Ref }); at >= 0 {
			return at
		}
	}
	return -1
}

// whoseTurn says who has the case, and for what.
func whoseTurn(w *locale.Words, f *casefile.File) string {
	task, open := proposal.MainTask(f.State, f.Pack)
	switch {
	case f.State.Stage.Ended():
		what := w.T("stage." + string(f.State.Stage))
		if f.State.ClosedOn.IsZero() { // the file of an old case need not say
			return what
		}
		return w.T("bar.closed", "What", what, "Date", w.Date(f.State.ClosedOn))
	case f.ClaimedBy() != "":
		return w.T("bar.waiting", "Who", w.Name(f.Task.ClaimedName), "Next", w.T("task."+string(f.Task.Ask)))
	case open:
		return w.T("bar.waiting", "Who", f.HolderSaid(w, task), "Next", w.T("task."+string(task.Ask)))
	}
	return w.T("bar.beside", "Stage", w.T("stage."+string(f.State.Stage)))
}

// offerForm adds the form that the officer may act on now: what was asked for, or else the way on.
func (s *Room) offerForm(w *locale.Words, p *casePage, f *casefile.File, who *store.Person, want wanted) {
	p.Waiting = whoseTurn(w, f)
	p.Claim = claimForm(f, w, who)
	offers := f.Offers(who)
	at := primary(f, offers, who, want)
	if t := mainTask(f); t != nil && t.ClaimedBy != "" && t.ClaimedBy != who.ID && (at < 0 || offers[at].Side) {
		p.Claimed = w.T("case.claimed_by", "Name", w.Name(t.ClaimedName))
	}
	if at >= 0 {
		o := offers[at]
		p.Form = s.newCaseForm(w, f, o, who, nil)
		if p.Form.Draft != nil {
			p.FileIn = newFileIn(f)
		}
		p.ReadFirst = kinds.Of(o.Kind).Read
		p.Decided = decided(f, w, o)
	}
	if i := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == proposal.AnswerUrge }); i >= 0 && i != at && p.Urged != nil {
		p.Urged.Path = otherAction(f, w, offers[i]).Path
	}
	p.offerOthers(w, f, offers, at)
	p.Unsent = s.unsent(w, f, p.Form, offers)
}

// oversight is what whoever watches over a case does to it: it stands in view for them, and out of the way of those who have to do something else there.
var oversight = []proposal.Kind{proposal.Urge, proposal.Tighten}

// offerOthers lists what else may be done: of the main way in the bar, beside it under its headings.
func (p *casePage) offerOthers(w *locale.Words, f *casefile.File, offers []proposal.Offer, at int) {
	for i, o := range offers {
		if i != at && !o.Side {
			p.Others = append(p.Others, otherAction(f, w, o))
		}
	}
	for _, heading := range kinds.Headings {
		group := SideGroup{Name: string(heading)}
		for _, kind := range kinds.Under(heading) {
			for i, o := range offers {
				if i == at || !o.Side || o.Kind != kind {
					continue
				}
				if p.Form == nil && slices.Contains(oversight, kind) {
					p.Oversight = append(p.Oversight, otherAction(f, w, o))
				} else {
					group.Items = append(group.Items, otherAction(f, w, o))
				}
			}
		}
		if len(group.Items) > 0 {
			p.Side = append(p.Side, group)
		}
	}
	// One other step of the main way stands beside the primary button, unless saving the draft stands there.
	others := p.Others
	if len(others) > 0 && (p.Form == nil || p.Form.Draft == nil) {
		p.Plain, others = &others[0], others[1:]
	}
	if len(others) > 0 {
		p.More = append(p.More, SideGroup{"main", others})
	}
	p.More = append(p.More, p.Side...)
}

func otherAction(f *casefile.File, w *locale.Words, o proposal.Offer) OtherAction {
	v := url.Values{"do": {string(o.Kind)}}
	a := OtherAction{Kind: o.Kind, Words: w.T("other." + string(o.Kind)), About: f.StrandName(w, o.Kind, o.Ref)}
	if o.Ref != "" {
		v.Set(kit.FieldRef, o.Ref)
	}
	if o.For != "" {
		v.Set(kit.FieldFor, string(o.For))
		a.For = w.T("case.for", "Name", f.PersonName(w, o.For))
	}
	a.Path = "?" + v.Encode() + "#act"
	return a
}

// mainTask is the open task of the stage; nil if there is none.
func mainTask(f *casefile.File) *store.Task {
	i := slices.IndexFunc(f.Tasks, func(t store.Task) bool { return t.Ref == "" && t.Ask == proposal.AskOf(f.State.Stage) })
	if i < 0 {
		return nil
	}
	return &f.Tasks[i]
}

// claimForm takes or puts back the task that the page is about: the officer's own, or that of the stage, or the first that is
// free to take.
func claimForm(f *casefile.File, w *locale.Words, who *store.Person) *ClaimForm {
	me := f.As(who.Person)
	for _, t := range append([]store.Task{}, f.Tasks...) {
		if t.ClaimedBy != "" && (t.ClaimedBy == who.ID || t.Ref == "" && proposal.MayRelease(me, t.ClaimedBy)) {
			return &ClaimForm{"/cases/" + f.CaseID + "/release", w.T("do.release"), t.Ask, t.Ref}
		}
	}
	for _, t := range f.Tasks {
		if t.Holder() == "" && t.Rules().MayClaim(me) {
			return &ClaimForm{"/cases/" + f.CaseID + "/claim", w.T("do.claim"), t.Ask, t.Ref}
		}
	}
	return nil
}

// newCaseForm makes the form of one action. Typed values are shown again as they are; without any, the form opens with
// what is known already.
func (s *Room) newCaseForm(w *locale.Words, f *casefile.File, o proposal.Offer, who *store.Person, typed url.Values) *CaseForm {
	form := &CaseForm{
		Form: kit.Form{
			Kind: o.Kind, Path: actPath(f.CaseID, o.Kind), Heading: w.T("action." + string(o.Kind)),
			ActionID: kit.NewActionID(), Late: f.State.Late, Case: caseOf(f, o, who), Words: w, Values: typed, Choices: map[string][]kit.Choice{},
		},
		Offer: o, About: f.StrandName(w, o.Kind, o.Ref), Ref: o.Ref, For: o.For, BaseSeq: f.State.Seq,
	}
	if o.For != "" {
		form.ForWhom = w.T("case.for_whom", "Name", f.PersonName(w, o.For))
	}
	if base, err := strconv.Atoi(typed.Get(kit.FieldBaseSeq)); err == nil {
		form.BaseSeq = base
	}
	args := []any{
		"Version", f.State.Draft, "Who", nextHolder(f, w, o), "Division", w.Name(f.LeadName), "Stage", w.T("stage." + string(f.State.Stage)),
		"Next", w.T("stage." + string(nextStage(f, o))), "About", form.About, "By", nextBy(f, w, o),
		"Answered", nextStage(f, o) == proposal.Answered, "Direct", opinionDirect(f, o, who),
	}
	form.Do, form.After = w.T("do."+string(o.Kind), args...), w.T("after."+string(o.Kind), args...)
	form.After += routeWhy(f, w, o)
	if o.Kind.Recallable() {
		form.After += w.T("after.can_recall")
	}
	if refusal := f.State.Unsettled(); refusal != nil && o.Kind == proposal.Sign {
		form.After = w.T("after.unsettled", "Why", w.T(refusal.Key()+".title")) + f.RefusalDetail(w, refusal)
	}
	form.Keep = kit.NewKeeping(string(o.Kind), f.CaseID, o.Ref, typed)
	kept := form.Keep.Find(w, f.Typed)
	if typed == nil {
		form.Values = url.Values{}
	}
	if kept != nil {
		form.Values, form.kept = maps.Clone(url.Values(kept.Fields)), url.Values(kept.Fields)
		form.Keep.Moved = kept.BaseSeq < f.State.Seq
	}
	s.fillForm(w, form, f, o, who, typed == nil)
	form.lacks = lacksOf(form, f, who)
	return form
}

// actPath is where the form of an action is posted.
func actPath(caseID string, kind proposal.Kind) string {
	return "/cases/" + caseID + "/act/" + string(kind)
}

// nextStage is where an action takes the case, as far as that is known before the form is filled in.
func nextStage(f *casefile.File, o proposal.Offer) proposal.Stage {
	switch {
	case o.Kind == proposal.Submit || o.Kind == proposal.PassReview:
		chain := append(f.Pack.Chain(f.State), proposal.SignOff)
		return chain[min(slices.Index(chain, f.State.Stage)+1, len(chain)-1)] // drafting is not in the chain: its first
	case o.Kind == proposal.Dispatch:
		if f.State.Handling == proposal.CoHandling {
			return proposal.Closing
		}
		return proposal.Answered
	case o.Kind == proposal.Accept && f.State.Handling == proposal.CoHandling:
		return proposal.Drafting
	case o.Side || len(o.To) == 0:
		return f.State.Stage
	}
	return o.To[0]
}

// nextHolder names who gets the case next, when that is known before the form is filled in.
func nextHolder(f *casefile.File, w *locale.Words, o proposal.Offer) string {
	next := f.State
	next.Stage = nextStage(f, o)
	task, ok := proposal.MainTask(next, f.Pack)
	if !ok {
		return ""
	}
	return f.HolderSaid(w, task)
}

// nextBy says by when whoever gets the case next must be done with it: the limit of the stage that it comes to, or the date that the
// case shows; "" if no clock runs.
func nextBy(f *casefile.File, w *locale.Words, o proposal.Offer) string {
	next := f.State
	next.Stage = nextStage(f, o)
	task, ok := proposal.MainTask(next, f.Pack)
	if !ok || next.Stage == f.State.Stage {
		return ""
	}
	by := proposal.TaskDue(task, next)
	if days := f.Pack.Stages[next.Stage]; days > 0 && !next.Late {
		if limit := f.Days.AddWorkdays(calendar.DateOf(f.Now), days).End; by.IsZero() || limit.Before(by) {
			by = limit
		}
	}
	return byDay(f, w, by)
}

// opinionDirect reports whether a co-opinion reaches the lead division without a look of the unit's head: written by the head, or by a
// unit outside.
func opinionDirect(f *casefile.File, o proposal.Offer, who *store.Person) bool {
	r := f.State.Strand(proposal.OpinionStrand, o.Ref)
	return r != nil && (r.Outside || who.Has(proposal.DivisionHead))
}

// routeWhy says why a case goes where the rules send it: the conditions of the rule pack for the stage that comes next, and for
// the signer.
func routeWhy(f *casefile.File, w *locale.Words, o proposal.Offer) string {
	if o.Side || o.Kind != proposal.Submit && o.Kind != proposal.PassReview && o.Kind != proposal.DecideOpenness {
		return ""
	}
	next := nextStage(f, o)
	why := f.Pack.Why(next, f.State)
	if why == "" {
		return ""
	}
	return w.T("route."+string(why), "Sign", next == proposal.SignOff, "Stage", w.T("stage."+string(next)), "Who", w.T("role."+string(f.Pack.SignerRole(f.State))))
}
