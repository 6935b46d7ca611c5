package casefile

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// PastEvent is one line of what has happened: when, who, what, and the words that were written then.
type PastEvent struct {
	No                     int
	When, Who, What, Words string
	By                     proposal.PersonID
	Group                  kinds.Subject
	Mend                   string // where an attempt is corrected; "": not by this officer
	Then                   string // where the case stands as it stood right after it
}

// PastEventOf puts an event into words.
func PastEventOf(w *locale.Words, f *File, e store.Event) PastEvent {
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
	for _, text := range []string{attachedName(e), sealedWords(w, e), NoteOf(e.Kind, e.Input), linkWords(w, f, e)} {
		if text != "" {
			p.Words = text
		}
	}
	if in := EventInput(e); in != nil {
		p.What, p.Words = toldOf(w, f, e, in, p.What)
	}
	if e.Proof != "" {
		p.What = w.T("event.proved", "What", p.What, "Way", w.T("second.way."+e.Proof))
	}
	if e.For != "" {
		p.Who = w.T("event.for", "Who", p.Who, "For", f.PersonName(w, e.For))
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
func toldOf(w *locale.Words, f *File, e store.Event, in proposal.Input, what string) (did, said string) {
	row := kinds.Of(proposal.Kind(e.Kind))
	last := f.LastEvent(row.Kind)
	act := kinds.Act{Input: in, What: what, From: e.From, State: f.State, Newest: last != nil && last.No == e.No}
	did, said = what, row.Said(e.Input)
	if row.Tells != nil {
		did = row.Tells(Teller{w, f, e.At}, act)
	}
	if in, ok := in.(*proposal.Amendment); ok {
		said = strings.TrimSpace(became(w, f, e, in) + "\n" + said)
	}
	if row.Adds != nil {
		said = strings.TrimSpace(said + "\n" + row.Adds(w, act))
	}
	return did, said
}

// longestFact is how many characters of a fact the past tells; what is longer, as the original, stands in the register.
const longestFact = 100

// became tells what the register said before a correction and says since; "" for what is long, or for other eyes.
func became(w *locale.Words, f *File, e store.Event, in *proposal.Amendment) string {
	was, is := kinds.Told(Teller{w, f, e.At}, in.Fact, e.Was), kinds.Told(Teller{w, f, e.At}, in.Fact, in.Value)
	if e.Was == "" && in.Value == "" || max(utf8.RuneCountInString(was), utf8.RuneCountInString(is)) > longestFact {
		return ""
	}
	nothing := w.T("amend.nothing")
	return w.T("amend.became", "Was", cmp.Or(was, nothing), "Is", cmp.Or(is, nothing))
}

// Teller names who and what a case mentions, in the reader's language.
type Teller struct {
	*locale.Words
	File *File
	At   time.Time // of what is told: divisions had the names of that day; zero: they have those of today
}

// Division names a division.
func (t Teller) Division(id proposal.DivisionID) string {
	if t.At.IsZero() {
		return t.Name(t.File.Divisions[id])
	}
	return t.Name(t.File.DivisionAt(id, t.At))
}

// Person names somebody of the bureau.
func (t Teller) Person(id proposal.PersonID) string { return t.File.PersonName(t.Words, id) }

// List joins names as a sentence does.
func (t Teller) List(names []string) string { return t.Words.List(names) }

// Attempts are the contacts with the deputy, oldest first.
func Attempts(w *locale.Words, f *File) []PastEvent {
	var list []PastEvent
	for i, c := range f.Consultations {
		list = append(list, PastEvent{
			No: i + 1, When: w.Moment(c.At), Who: w.Name(f.People[c.By]), What: kinds.Consulted(w, &c.Consultation), Words: c.Words,
		})
	}
	return list
}

// SentBackOf tells who sent the case back to where it is, and why; nil if nobody did.
func SentBackOf(w *locale.Words, f *File) *SentBack {
	if f.State.ReturnedFrom == "" {
		return nil
	}
	for _, e := range slices.Backward(f.Events) {
		if e.From == f.State.ReturnedFrom && e.To == f.State.Stage {
			past := PastEventOf(w, f, e)
			return &SentBack{Who: past.Who, From: w.T("stage." + string(e.From)), When: past.When, Reason: past.Words}
		}
	}
	return nil
}

// Urged is the urge that waits for its answer; nil if none does.
func Urged(w *locale.Words, f *File) *UrgedView {
	e := f.LastEvent(proposal.Urge)
	if e == nil || !f.Urged() {
		return nil
	}
	past := PastEventOf(w, f, *e)
	return &UrgedView{Who: past.Who, When: past.When, Words: past.Words}
}

// eventAbout is the strand that an event names, in words; "" if it names none.
func eventAbout(w *locale.Words, f *File, e store.Event) string {
	ref, named := RefOf(e)
	if !named || ref == "" {
		return ""
	}
	return f.StrandName(w, proposal.Kind(e.Kind), ref)
}

// attachedName is the name of the file that an event brought; "" for other events.
func attachedName(e store.Event) string {
	var file struct {
		Name string `json:"name"`
	}
	if e.Kind != proposal.EventAttach || json.Unmarshal(e.Input, &file) != nil {
		return ""
	}
	return file.Name
}

// sealedWords tells what was printed under which seal; "" for other events.
func sealedWords(w *locale.Words, e store.Event) string {
	var use store.SealUsed
	if e.Kind != proposal.EventSeal || json.Unmarshal(e.Input, &use) != nil {
		return ""
	}
	return w.T("event.sealed", "Version", use.Version, "Number", use.Number, "Seal", use.Name, "N", len(use.SHA256))
}

// NoteOf is what a note's event says.
func NoteOf(event string, input json.RawMessage) string {
	var in struct {
		Text string `json:"text"`
	}
	if event != proposal.EventNote || json.Unmarshal(input, &in) != nil {
		return ""
	}
	return in.Text
}

// linkWords tells of a link, with the other case if the reader may see it.
func linkWords(w *locale.Words, f *File, e store.Event) string {
	with := e.LinkedWith()
	i := slices.IndexFunc(f.Links, func(l store.CaseLink) bool { return l.CaseID == with })
	if with == "" || i < 0 {
		return ""
	}
	return w.T("strand.case", "Number", w.Number(f.Links[i].Key), "Subject", f.Links[i].Subject)
}

// SentBack tells why a case is here again.
type SentBack struct{ Who, From, When, Reason string }

// UrgedView tells who hurries the case, and with what words. Path opens the answer; "" for who has none to give here.
type UrgedView struct{ Who, When, Words, Path string }
