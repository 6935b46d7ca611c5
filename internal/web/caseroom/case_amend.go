package caseroom

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"unicode/utf8"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// AmendView is the correction of the register: what may be corrected, or the one fact that was chosen with what would follow.
type AmendView struct {
	Facts   []AmendFact // to choose from; nil once one is chosen
	Fact    *AmendFact
	Others  string    // where another is chosen
	Value   kit.Field // in which it is corrected
	Ask     string    // where what follows is asked for
	Sure    *kit.Field
	Wrong   string // why it cannot be corrected so
	Follows []string
}

// AmendFact is a fact and what the register says of it now.
type AmendFact struct {
	Fact proposal.Fact
	Says string
	Path string // where it is corrected
}

const fieldFact = "fact"

// addAmend fills the form of a correction; other forms stay as they are.
func (s *Room) addAmend(r *http.Request, p *casePage, f *casefile.File) error {
	if p.Form == nil || p.Form.Kind != proposal.Amend {
		return nil
	}
	w, who, form := s.Words(r), kit.OfficerOf(r), p.Form
	by := f.As(who.Person)
	if form.For != "" {
		by, _ = by.As(form.For)
	}
	v := &AmendView{Ask: "/cases/" + f.CaseID + "/form/" + string(proposal.Amend)}
	form.Amend = v
	may := f.Pack.MayCorrect(f.State, by)
	if asked := r.URL.Query().Get(fieldFact); asked != "" && asked != form.Value(fieldFact) { // what was typed for another says nothing here
		form.Values.Set(fieldFact, asked)
		form.Values.Del("value")
	}
	fact := proposal.Fact(form.Value(fieldFact))
	register := f.Register()
	if !slices.Contains(may, fact) {
		form.Values.Del(fieldFact)
		for _, fact := range may {
			v.Facts = append(v.Facts, newAmendFact(w, f, form, fact, register))
		}
		form.lacks = lacksOf(form, f, who)
		return nil
	}
	chosen := newAmendFact(w, f, form, fact, register)
	v.Fact, v.Others = &chosen, amendPath(form, "")
	field := kinds.Correction(fact)
	form.Choices["value"] = f.Choices(w, field.Choices, form.Offer)
	fresh := !form.Values.Has("value")
	if fresh && !fact.Confidential() {
		form.Values.Set("value", register.Says(fact))
	}
	form.lacks = lacksOf(form, f, who)
	far := form.AsksSure()
	if !fresh {
		wrong, err := s.foresee(r, v, f, form, by)
		if err != nil {
			return err
		}
		far = far || slices.ContainsFunc(wrong, func(m kit.FieldMessage) bool { return m.Code == proposal.FarOff })
	}
	v.Value = form.Drawn(field)
	if far {
		tick := form.Tick("sure")
		v.Sure = &tick
	}
	return nil
}

func newAmendFact(w *locale.Words, f *casefile.File, form *CaseForm, fact proposal.Fact, register proposal.RegisterRow) AmendFact {
	a := AmendFact{Fact: fact, Path: amendPath(form, fact)}
	switch says := register.Says(fact); {
	case fact.Confidential():
		a.Says = w.T("amend.unseen")
	case fact == proposal.FactText:
		a.Says = w.T("amend.characters", "N", utf8.RuneCountInString(says))
	default:
		a.Says = kinds.Told(casefile.Teller{Words: w, File: f}, fact, says)
	}
	if a.Says == "" {
		a.Says = w.T("amend.nothing")
	}
	return a
}

// amendPath is where a fact is corrected; "" for where one is chosen.
func amendPath(form *CaseForm, fact proposal.Fact) string {
	v := url.Values{"do": {string(proposal.Amend)}}
	if fact != "" {
		v.Set(fieldFact, string(fact))
	}
	if form.For != "" {
		v.Set(kit.FieldFor, string(form.For))
	}
	return "?" + v.Encode() + "#act"
}

// foresee adds what would follow from what is typed, or what the rules have against it.
func (s *Room) foresee(r *http.Request, v *AmendView, f *casefile.File, form *CaseForm, by proposal.Person) ([]kit.FieldMessage, error) {
	w := s.Words(r)
	known, err := s.store.DraftFacts(r.Context(), f.CaseID)
	if err != nil {
		return nil, err
	}
	facts := *s.ExamineFacts(f, known, f.Days)
	facts.Actor, facts.Register = by, f.Register()
	if f.Draft != nil {
		facts.Draft = f.Draft.Draft
	}
	in := &proposal.Amendment{Fact: v.Fact.Fact, Value: form.Value("value"), Sure: form.Has("sure", "1")}
	seen, err := proposal.Foresee(f.State, proposal.Action{Kind: proposal.Amend, By: by.ID, Input: in}, facts)
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) {
		wrong := kit.FieldWords(w, refusal.Fields)
		if form.Error("value") == "" && len(wrong) > 0 {
			v.Wrong = wrong[0].Text
		}
		return wrong, nil
	}
	v.Follows = followLines(w, f, in, seen)
	return nil, err
}

// followLines put what would follow into words.
func followLines(w *locale.Words, f *casefile.File, in *proposal.Amendment, seen proposal.Foreseen) []string {
	var lines []string
	add := func(line string) { lines = append(lines, line) }
	for _, c := range seen.Moved {
		name := w.T("clock." + string(c.Kind))
		switch {
		case c.To.IsZero():
			add(w.T("follow.ends", "Clock", name))
		case c.From.IsZero():
			add(w.T("follow.begins", "Clock", name, "To", w.Date(c.To), "Over", c.Over))
		default:
			add(w.T("follow.moved", "Clock", name, "From", w.Date(c.From), "To", w.Date(c.To), "Over", c.Over))
		}
	}
	if seen.Title != "" {
		add(w.T("follow.title", "Title", seen.Title))
	}
	if seen.Addressee != "" {
		add(w.T("follow.addressee", "Addressee", seen.Addressee))
	}
	var found []string
	for _, x := range seen.Found {
		found = append(found, casefile.FindingText(w, x, ""))
	}
	stage := w.T("stage." + string(seen.Stage))
	switch {
	case len(found) > 0:
		add(w.T("follow.found", "Back", seen.Stage != "", "Stage", stage, "What", w.List(found)))
	case seen.Unsigned:
		add(w.T("follow.unsigned"))
	case seen.Stage != "":
		add(w.T("follow.stage", "Stage", stage))
	}
	if seen.Void.Serial > 0 {
		add(w.T("follow.void", "Number", seen.Void.String()))
	}
	if seen.Sent {
		add(w.T("follow.sent", "Number", f.State.Number.String()))
	}
	if seen.Republish {
		add(w.T("follow.republish"))
	}
	switch {
	case seen.Named:
		add(w.T("follow.named"))
	case in.Fact == proposal.FactSecrecy:
		add(w.T("follow.secret"))
	case f.State.Secrecy && (in.Fact == proposal.FactLeadDeputy || in.Fact == proposal.FactCoSigners):
		add(w.T("follow.masked"))
	}
	if in.Fact == proposal.FactDispatchedOn {
		add(w.T("follow.sent_on", "Overdue", seen.Overdue))
	}
	if in.Fact == proposal.FactNumber {
		add(w.T("follow.number"))
	}
	if len(lines) == 0 {
		add(w.T("follow.none"))
	}
	return lines
}
