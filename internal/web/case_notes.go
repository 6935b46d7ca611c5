package web

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// NotesView is what colleagues wrote about a case, newest first, and the form for another note.
type NotesView struct {
	Rows []NoteRow
	Form *NoteForm // nil for those who only read
}

// NoteRow is one note.
type NoteRow struct {
	No              int
	Who, When, Text string
	Told            string // who was mentioned, in words
}

// NoteForm writes a note.
type NoteForm struct {
	Path     string
	ActionID string
	Text     string
	Mention  string // who was chosen beside the text
	People   []Choice
	Keep     Keeping
	errors   []fieldMessage
}

// Error is what is wrong with the field, in words.
func (f *NoteForm) Error(name string) string { return errorOf(f.errors, name) }

// Open reports whether the form shows itself: something has to be mended in it, or was not sent.
func (f *NoteForm) Open() bool { return len(f.errors) > 0 || f.Keep.At != "" }

// errorOf is what is wrong with the field.
func errorOf(errors []fieldMessage, name string) string {
	for _, e := range errors {
		if e.field == name {
			return e.text
		}
	}
	return ""
}

// newNotes puts the notes into words; nil for who does not see the whole case.
func newNotes(w *words, f *caseFile) *NotesView {
	if !f.whole {
		return nil
	}
	v := &NotesView{}
	for _, n := range slices.Backward(f.Notes) {
		v.Rows = append(v.Rows, NoteRow{No: n.No, Who: w.Name(f.People[n.By]), When: w.Moment(n.At), Text: n.Text, Told: f.names(w, n.Mentions)})
	}
	if f.past == nil {
		v.Form = &NoteForm{Path: "/cases/" + f.CaseID + "/notes", ActionID: newActionID(), People: f.readerChoices(w), Keep: newKeeping(formNote, f.CaseID, "", false)}
		if kept := typedIn(f.typed, formNote, ""); kept != nil {
			found := v.Form.Keep.fill(w, kept)
			v.Form.Text, v.Form.Mention = found.Get("text"), found.Get("mention")
		}
	}
	return v
}

func (f *caseFile) names(w *words, ids []proposal.PersonID) string {
	var names []string
	for _, id := range ids {
		names = append(names, f.personName(w, id))
	}
	return w.list(names)
}

// readerChoices are the colleagues who may see the whole case: only they can be told of it.
func (f *caseFile) readerChoices(w *words) []Choice {
	return f.choose(w, func(p store.Person) bool { return ofBureau(p) && f.As(p.Person).SeesAll(f.State) })
}

// noteOf is what a note's event says.
func noteOf(event string, input json.RawMessage) string {
	var in struct {
		Text string `json:"text"`
	}
	if event != proposal.EventNote || json.Unmarshal(input, &in) != nil {
		return ""
	}
	return in.Text
}

// mentionsIn are the people whose names stand after an @ in the text. Of names of which one begins another, the longest counts.
// Two people of one name are told apart in the field beside the text.
func mentionsIn(text string, people []store.Person) (ids []proposal.PersonID, ambiguous string) {
	for rest := text; ; {
		at := strings.IndexByte(rest, '@')
		if at < 0 {
			return ids, ambiguous
		}
		rest = rest[at+1:]
		var named []proposal.PersonID
		longest := 0
		for _, p := range people {
			for _, name := range []string{p.Name.ZH, p.Name.EN} {
				n := utf8.RuneCountInString(name)
				if name == "" || n < longest || !strings.HasPrefix(rest, name) {
					continue
				}
				if n > longest {
					named, longest = nil, n
				}
				if !slices.Contains(named, p.ID) {
					named = append(named, p.ID)
				}
			}
		}
		switch {
		case len(named) > 1:
			ambiguous = string([]rune(rest)[:longest])
		case len(named) == 1 && !slices.Contains(ids, named[0]):
			ids = append(ids, named[0])
		}
	}
}
