package proposal

import (
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// crowd is everybody who tries something: the bureau, and people whom a small bureau gives several roles.
var crowd = []Person{
	liaison, colleague, head, otherHead, handler, peer, reviewer, openness, deputyHead, otherDeputy, bureauHead, publisher, supervisor,
	{ID: "head_who_handles", Roles: []Role{DivisionHead, Handler}, Division: leading},
	{ID: "other_handler", Roles: []Role{Handler}, Division: other},
	{ID: "office_head", Roles: []Role{Handler, DivisionHead}, Division: office},
	{ID: "office_handler", Roles: []Role{Handler}, Division: office},
	{ID: "office_of_one", Roles: []Role{Liaison, OfficeReviewer, OpennessReviewer, Publisher}, Division: office},
	{ID: "leader_of_all", Roles: []Role{DeputyHead, BureauHead, Publisher, OfficeReviewer}, Field: []DivisionID{leading}},
	{ID: "everything", Roles: Roles, Division: leading, Field: []DivisionID{leading}},
	{},
}

// walk is one case on a random way through the process, with the record that stands beside it.
type walk struct {
	*rapid.T
	s        State
	now      time.Time
	points   int
	drafts   []Draft
	replyDue calendar.Date
	signed   string // hash of the text under the signature; "" while there is none
	number   DocumentNumber
}

func chance(t *rapid.T, percent int, label string) bool {
	return rapid.IntRange(0, 99).Draw(t, label) >= 100-percent
}

// pick draws one of the values, which must not be empty.
func pick[T any](t *rapid.T, label string, values ...T) T {
	return values[rapid.IntRange(0, len(values)-1).Draw(t, label)]
}

// facts is what the record would load for the action.
func (w *walk) facts(by Person, a Action) Facts {
	m := a.Mentions()
	f := Facts{
		Now: w.now, Calendar: calendar.National(), Pack: shenyang(), Actor: by, Points: w.points, NextSerial: 12,
		SerialUsed: m.Serial > 0 && m.Serial < 12,
	}
	for _, d := range m.Divisions {
		if d == office || d == leading || d == other {
			f.Divisions = append(f.Divisions, d)
		}
	}
	if i := slices.IndexFunc(crowd, func(p Person) bool { return p.ID == m.Person }); i >= 0 {
		f.Named = crowd[i]
	}
	if 0 < m.Draft && m.Draft <= len(w.drafts) {
		f.Draft = w.drafts[m.Draft-1]
	}
	return f
}

// fitting makes an input for the row that nothing is wrong with.
func (w *walk) fitting(row Transition) Input {
	t := w.T
	switch row.Kind {
	case Register:
		r := registration()
		r.AssignedOn = calendar.DateOf(w.now).AddDays(-rapid.IntRange(0, 120).Draw(t, "assigned days ago"))
		r.Late = chance(t, 20, "late")
		r.KeySupervised = chance(t, 20, "key")
		r.Secrecy = chance(t, 20, "secrecy")
		if chance(t, 20, "named day") {
			r.DueOn = r.AssignedOn.AddDays(rapid.IntRange(60, 200).Draw(t, "named in days"))
		}
		return r
	case ProposeAssignment:
		in := &RoutingOpinion{Lead: pick(t, "lead", leading, leading, leading, other)}
		if chance(t, 30, "co") {
			in.CoHandling = []DivisionID{office}
		}
		return in
	case Accept:
		lead := cmp.Or(w.s.Lead, leading)
		hands := slices.DeleteFunc(slices.Clone(crowd), func(p Person) bool { return !p.Has(Handler) || p.Has(DivisionHead) || p.Division != lead })
		return &Acceptance{Handler: pick(t, "handler", hands...).ID}
	case Refuse:
		suggested := leading
		if w.s.Lead == leading {
			suggested = other
		}
		return &DivisionRefusal{Reason: "不属职责", Suggested: suggested}
	case Contact:
		if chance(t, 50, "nobody answers") {
			return &Consultation{Mode: pick(t, "mode", Modes...), Outcome: NoAnswer}
		}
		return &Consultation{Mode: pick(t, "mode", Modes...), Outcome: Reached, Points: []string{"减负", "待遇"}[:rapid.IntRange(1, 2).Draw(t, "points")]}
	case Waive:
		return &ConsultationWaiver{Reason: "多次联系未果"}
	case Submit:
		d := goodDraft()
		d.Version = len(w.drafts) + 1
		d.ContactPhone = pick(t, "phone", "23468813", "23468801")
		w.drafts = append(w.drafts, d)
		return &Submission{Version: d.Version, SHA256: d.SHA256()}
	case DecideOpenness:
		if w.s.Secrecy || chance(t, 20, "closed") {
			return &OpennessDecision{Openness: ClosedText, Ground: "third_party", Reason: "涉及第三方"}
		}
		return &OpennessDecision{Openness: Open}
	case SendBack:
		return &Return{To: pick(t, "to", row.To...), Reason: "再办"}
	case Sign:
		return &Signature{SHA256: cmp.Or(w.s.DraftSHA256, goodDraft().SHA256())}
	case Dispatch:
		return &DispatchNote{Mode: Mail}
	case Publish:
		return &PublicationOrder{SHA256: cmp.Or(w.s.DraftSHA256, goodDraft().SHA256())}
	}
	return NewInput(row.Kind) // these may be empty
}

// wild makes an input of the kind that may be right, wrong or nonsense.
func (w *walk) wild(kind Kind) Input {
	t := w.T
	word := func(label string) string { return pick(t, label, "", " ", "再办", "\xff", "x\x00") }
	version := rapid.IntRange(-1, len(w.drafts)+1).Draw(t, "version")
	hash := pick(t, "hash", "", w.s.DraftSHA256, w.signed, goodDraft().SHA256())
	division := pick(t, "division", "", office, leading, other, "tax")
	date := calendar.DateOf(w.now).AddDays(rapid.IntRange(-200, 200).Draw(t, "date"))
	switch kind {
	case Register:
		r := registration()
		r.AssignedOn, r.Late = date, chance(t, 50, "late")
		r.DueOn = pick(t, "named", calendar.Date{}, date.AddDays(-1), date.AddDays(100))
		r.Title = pick(t, "title", r.Title, word("title word"))
		return r
	case ProposeAssignment:
		return &RoutingOpinion{Lead: division, CoHandling: pick(t, "co", nil, []DivisionID{other}, []DivisionID{leading, "tax"}), InternalDue: date}
	case Accept:
		return &Acceptance{Handler: pick(t, "handler", crowd...).ID}
	case Refuse:
		return &DivisionRefusal{Reason: word("reason"), Suggested: division}
	case Contact:
		v := &Consultation{Mode: pick(t, "mode", append(Modes, "telex")...), Outcome: pick(t, "outcome", append(ContactOutcomes, "bored")...)}
		v.Points = pick(t, "points", nil, []string{"减负"}, []string{""})
		v.At = pick(t, "at", time.Time{}, date.Start())
		return v
	case Waive:
		return &ConsultationWaiver{Reason: word("reason")}
	case Submit:
		return &Submission{Version: version, SHA256: hash}
	case DecideOpenness:
		return &OpennessDecision{Openness: pick(t, "openness", append(Opennesses, "")...), Ground: pick(t, "ground", "", "security", "whim"), Reason: word("reason")}
	case SendBack:
		return &Return{To: pick(t, "to", append(Stages, "", "nowhere")...), Reason: word("reason")}
	case Sign:
		return &Signature{SHA256: hash, Opinion: word("opinion")}
	case AssignNumber:
		return &NumberAssignment{Serial: rapid.IntRange(-1, 20).Draw(t, "serial")}
	case Dispatch:
		return &DispatchNote{Mode: pick(t, "mode", append(DispatchModes, "pigeon")...)}
	case Publish:
		return &PublicationOrder{SHA256: hash}
	case Ring:
		return &RungClock{Clock: pick(t, "clock", append(ClockKinds, "lunch")...)}
	}
	return NewInput(kind)
}

// step tries one action: more often than not one that the page would offer.
func (w *walk) step() {
	t := w.T
	w.now = w.now.Add(time.Duration(rapid.IntRange(0, 24*8).Draw(t, "hours")) * time.Hour)
	var by Person
	var a Action
	if chance(t, 75, "offered") {
		by, a = w.offered()
	} else {
		by, a.Kind = pick(t, "who", crowd...), pick(t, "kind", allKinds()...)
		a.Input = w.wild(a.Kind)
		a.BaseSeq = pick(t, "base", 0, 0, w.s.Seq, w.s.Last.Seq-1)
		a.On = pick(t, "on", calendar.Date{}, calendar.Date{}, calendar.DateOf(w.now), calendar.DateOf(w.now).AddDays(-30))
	}
	if a.Input == nil {
		return
	}
	a.ID, a.By = "a", by.ID
	f := w.facts(by, a)
	f.ClaimedBy = pick(t, "claim", "", "", "", by.ID, colleague.ID)
	w.apply(a, f)
}

// offered draws one of the actions that somebody may do now, sending back less often than going on.
func (w *walk) offered() (Person, Action) {
	back := chance(w.T, 15, "back")
	type offer struct {
		by  Person
		row Transition
	}
	var offers []offer
	for _, p := range crowd {
		for _, row := range Offers(w.s, p, shenyang()) {
			if back == (row.Kind == SendBack || row.Kind == Refuse) {
				offers = append(offers, offer{p, row})
			}
		}
	}
	if len(offers) == 0 {
		return Person{}, Action{}
	}
	o := pick(w.T, "offer", offers...)
	return o.by, Action{Kind: o.row.Kind, Input: w.fitting(o.row)}
}

func encoded(s State) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// apply holds what is true of every action, accepted or refused.
func (w *walk) apply(a Action, f Facts) {
	before, was := w.s, encoded(w.s)
	next, err := Apply(w.s, a, f)
	if encoded(before) != was {
		w.Fatalf("%s changed the state that it was given", a.Kind)
	}
	if err != nil {
		if refusal := (*Refusal)(nil); !errors.As(err, &refusal) || !slices.Contains(Codes, refusal.Code) {
			w.Fatalf("%s failed with %v, not with a refusal", a.Kind, err)
		}
		if !reflect.DeepEqual(next, before) {
			w.Fatalf("%s was refused and changed the state:\n%s", a.Kind, gocmp.Diff(before, next))
		}
		return
	}
	if again, err := Apply(before, a, f); err != nil || !reflect.DeepEqual(again, next) {
		w.Fatalf("%s gives another answer the second time: %v\n%s", a.Kind, err, gocmp.Diff(next, again))
	} else {
		// Neither the earlier state, nor this one, nor the input may share memory with another that is written over.
		is := encoded(next)
		scribble(&again, a.Input)
		if encoded(before) != was || encoded(next) != is {
			w.Fatalf("%s leaves states that share memory with each other or with the input", a.Kind)
		}
	}
	w.accepted(a, before, next)
	w.s = next
}

// scribble writes over every slice of a state and of a routing opinion.
func scribble(s *State, in Input) {
	clear(s.CoHandling)
	clear(s.Passed)
	clear(s.Clocks)
	if r, ok := in.(*RoutingOpinion); ok {
		clear(r.CoHandling)
	}
}

// accepted holds what is true of every action that was accepted.
func (w *walk) accepted(a Action, before, next State) {
	switch {
	case before.Stage == Closed:
		w.Fatalf("%s moved a closed case", a.Kind)
	case next.Seq != before.Seq+1:
		w.Fatalf("%s took seq from %d to %d", a.Kind, before.Seq, next.Seq)
	case !slices.Contains(Stages, next.Stage):
		w.Fatalf("%s led to %q, which is not in the diagram", a.Kind, next.Stage)
	case a.Kind == Ring && next.Stage != before.Stage:
		w.Fatalf("a ring moved the case from %q to %q", before.Stage, next.Stage)
	}
	inTable := slices.ContainsFunc(Table, func(row Transition) bool {
		return row.Kind == a.Kind && row.From == before.Stage && slices.Contains(row.To, next.Stage)
	})
	if a.Kind != Ring && !inTable {
		w.Fatalf("%s went from %q to %q, which the table does not have", a.Kind, before.Stage, next.Stage)
	}
	switch in := a.Input.(type) {
	case *Registration:
		w.replyDue, w.points = next.Clock(ReplyClock).Due(), len(in.Points)
	case *Consultation:
		if in.Outcome == Reached {
			w.points = len(in.Points)
		}
	case *Signature:
		w.signed = next.DraftSHA256
	case *Return:
		w.signed = ""
	case *NumberAssignment:
		w.number = next.Number
	}
	w.invariants(next)
}

// invariants holds what is true of a case at rest.
func (w *walk) invariants(s State) {
	if due := s.Clock(ReplyClock).Due(); due != w.replyDue {
		w.Fatalf("the reply, due %s at registration, is now due %s", w.replyDue, due)
	}
	past := func(stage Stage) bool { return stage.Before(s.Stage) }
	for name, broken := range map[string]bool{
		"the signed text changed":                        w.signed != "" && s.DraftSHA256 != w.signed,
		"signed at the wrong stage":                      (s.Signer != "") != past(SignOff) || s.SignedOn.IsZero() == past(SignOff),
		"the number changed":                             s.Number != w.number,
		"numbered at the wrong stage":                    (s.Number.Serial > 0) != past(Numbering),
		"a version is in review at the wrong stage":      (s.Draft > 0) != past(Drafting) || (s.DraftSHA256 != "") != past(Drafting),
		"openness is decided at the wrong stage":         (s.Openness != "") != past(OpennessReview),
		"published though not open":                      (s.Stage == Publishing || !s.PublishedOn.IsZero()) && s.Openness != Open,
		"open though secrecy was asked for":              s.Secrecy && s.Openness == Open,
		"not all three reviews stand":                    past(OpennessReview) && len(s.Passed) != 3,
		"in review without consultation or waiver":       past(Drafting) && !s.Consulted && !s.Waived,
		"the drafter reviewed":                           past(Drafting) && slices.Contains(s.reviewers(), s.Drafter),
		"drafter or reviewer signed":                     s.Signer != "" && (s.Signer == s.Drafter || slices.Contains(s.reviewers(), s.Signer)),
		"sent, but the reply clock still runs":           past(Dispatching) && s.Clock(ReplyClock).Open(),
		"a case without a leading division is under way": past(Registered) && s.Lead == "",
		"no handler":            past(Accepting) && s.Handler == "",
		"closed without a date": (s.Stage == Closed) == s.ClosedOn.IsZero(),
	} {
		if broken {
			w.Fatalf("%s: %s", name, encoded(s))
		}
	}
	var stored State
	if err := json.Unmarshal([]byte(encoded(s)), &stored); err != nil || !gocmp.Equal(stored, s, cmpopts.EquateEmpty()) {
		w.Fatalf("the state does not survive the record: %v\n%s", err, gocmp.Diff(s, stored))
	}
}

// offersAgree holds the page and the record together: what is offered is not refused for who or where, what is not
// offered always is.
func (w *walk) offersAgree() {
	p := pick(w.T, "asks", crowd...)
	offers := Offers(w.s, p, shenyang())
	for _, kind := range allKinds() {
		if kind == Ring {
			continue
		}
		row, here := transition(kind, w.s.Stage)
		a := Action{ID: "a", Kind: kind, By: p.ID, Input: NewInput(kind)}
		drafts := w.drafts
		if here {
			a.Input = w.fitting(row)
		} else {
			a.Input = w.fitting(Table[slices.IndexFunc(Table, func(row Transition) bool { return row.Kind == kind })])
		}
		_, err := Apply(w.s, a, w.facts(p, a))
		w.drafts = drafts
		refusal := (*Refusal)(nil)
		errors.As(err, &refusal)
		offered := slices.ContainsFunc(offers, func(o Transition) bool { return o.Kind == kind })
		switch {
		case offered && refusal != nil && refusal.Code != TooFewAttempts:
			w.Fatalf("%s is offered to %s in %q and refused: %v", kind, p.ID, w.s.Stage, refusal)
		case !offered && (refusal == nil || !slices.Contains(whoOrWhere, refusal.Code)):
			w.Fatalf("%s is not offered to %s in %q and answered with %v", kind, p.ID, w.s.Stage, err)
		}
	}
}

var whoOrWhere = []Code{
	NotFound, Forbidden, NotInStage, AlreadyRegistered, OwnDraft, OwnReview, OwnSignature, WrongSigner, OutsideField,
}

func TestRandomWaysStayInTheDiagram(t *testing.T) {
	reached := map[Stage]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{T: rt, now: day("2020-02-10").Start().Add(9 * time.Hour)}
		for range rapid.IntRange(40, 80).Draw(rt, "steps") {
			w.step()
			w.offersAgree()
			reached[w.s.Stage]++
		}
	})
	t.Log(reached)
	for _, stage := range Stages {
		if reached[stage] == 0 {
			t.Errorf("no random way came to %s: the test proves nothing about it", stage)
		}
	}
}
