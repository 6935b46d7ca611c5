package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// PastEvent is one line of what has happened: when, who, what, and the words that were written then.
type PastEvent struct {
	No                     int
	When, Who, What, Words string
	By                     proposal.PersonID
	Group                  kinds.Subject
	Then                   string // where the case stands as it stood right after it
}

// pastEvent puts an event into words.
func pastEvent(w *words, f *caseFile, e store.Event) PastEvent {
	p := PastEvent{
		No: e.No, When: w.Moment(e.At), Who: w.Name(f.People[e.By]), What: w.T(kinds.EventKey(e.Kind, e.From)), By: e.By, Group: kinds.SubjectOf(e.Kind),
		Then: fmt.Sprintf("/cases/%s/at?event=%d", f.CaseID, e.No),
	}
	if about := eventAbout(w, f, e); about != "" {
		p.What = w.T("event.about", "What", p.What, "About", about)
	}
	if !e.On.IsZero() {
		p.When = w.T("event.late", "Date", w.Date(e.On), "Entered", w.Moment(e.At))
	}
	if e.By == "" {
		p.Who = w.T("event.system")
	}
	if version := savedVersion(e); version > 0 {
		p.What = w.T("event.saved", "Version", version)
	}
	for _, text := range []string{attachedName(e), noteOf(e.Kind, e.Input), linkWords(w, f, e)} {
		if text != "" {
			p.Words = text
		}
	}
	if in := eventInput(e); in != nil {
		p.What, p.Words = toldOf(w, f, e, in, p.What)
	}
	if e.For != "" {
		p.Who = w.T("event.for", "Who", p.Who, "For", f.personName(w, e.For))
	}
	return p
}

// savedVersion is the version that a save of the draft made; 0 for other events.
func savedVersion(e store.Event) int {
	var saved struct {
		Version int `json:"version"`
	}
	if e.Kind != proposal.EventSaveDraft || json.Unmarshal(e.Input, &saved) != nil {
		return 0
	}
	return saved.Version
}

// toldOf tells an action as the row of its kind does: what was done, and the words that were said.
func toldOf(w *words, f *caseFile, e store.Event, in proposal.Input, what string) (did, said string) {
	row := kinds.Of(proposal.Kind(e.Kind))
	last := f.lastEvent(row.Kind)
	act := kinds.Act{Input: in, What: what, From: e.From, State: f.State, Newest: last != nil && last.No == e.No}
	did, said = what, row.Said(e.Input)
	if row.Tells != nil {
		did = row.Tells(teller{w, f}, act)
	}
	if row.Adds != nil {
		said = strings.TrimSpace(said + "\n" + row.Adds(w, act))
	}
	return did, said
}

// teller names who and what a case mentions, in the reader's language.
type teller struct {
	*words
	f *caseFile
}

func (t teller) Division(id proposal.DivisionID) string { return t.Name(t.f.Divisions[id]) }
func (t teller) Person(id proposal.PersonID) string     { return t.f.personName(t.words, id) }
func (t teller) List(names []string) string             { return t.words.list(names) }

// attempts are the contacts with the deputy, oldest first.
func attempts(w *words, f *caseFile) []PastEvent {
	var list []PastEvent
	for i, c := range f.Consultations {
		list = append(list, PastEvent{
			No: i + 1, When: w.Moment(c.At), Who: w.Name(f.People[c.By]), What: kinds.Consulted(w, &c.Consultation), Words: c.Words,
		})
	}
	return list
}

// sentBack tells who sent the case back to where it is, and why; nil if nobody did.
func sentBack(w *words, f *caseFile) *SentBack {
	if f.State.ReturnedFrom == "" {
		return nil
	}
	e := f.lastEvent(kinds.SendingBack()...)
	if e == nil {
		return nil
	}
	past := pastEvent(w, f, *e)
	return &SentBack{Who: past.Who, From: w.T("stage." + string(e.From)), When: past.When, Reason: past.Words}
}

func urged(w *words, f *caseFile) *UrgedView {
	e := f.lastEvent(proposal.Urge)
	if e == nil || !f.Urged() {
		return nil
	}
	past := pastEvent(w, f, *e)
	return &UrgedView{Who: past.Who, When: past.When, Words: past.Words}
}

// number is how people call the case: 第0392号, No. 0392.
func (w *words) number(k proposal.RegisterKey) string {
	if w.lang == english {
		return w.T("case.number", "Number", k.Number)
	}
	return k.NumberName()
}

func (w *words) session(k proposal.RegisterKey) string {
	if w.lang == english {
		return w.T("case.session", "Body", w.T("body."+string(k.Body)), "Level", w.T("level."+string(k.Level)), "Term", k.Term, "Session", k.Session)
	}
	return k.SessionName()
}

// list joins names as a sentence does.
func (w *words) list(names []string) string {
	text := ""
	for i, name := range slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == "" }) {
		if i > 0 {
			text += w.T("list.join")
		}
		text += name
	}
	return text
}

// deputyName is who handed it in, with how many signed beside.
func deputyName(w *words, lead string, coSigners int) string {
	if coSigners > 0 {
		return w.T("deputy.with", "Name", lead, "N", coSigners+1)
	}
	return lead
}

func wishKey(wish proposal.OpennessWish) string {
	if wish == proposal.NoOpennessWish {
		return "none"
	}
	return string(wish)
}

// eventAbout is the strand that an event names, in words; "" if it names none.
func eventAbout(w *words, f *caseFile, e store.Event) string {
	ref, named := refOf(e)
	if !named || ref == "" {
		return ""
	}
	return f.strandName(w, proposal.Kind(e.Kind), ref)
}
