package caseroom

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
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
	People   []kit.Choice
	Keep     kit.Keeping
	errors   []kit.FieldMessage
}

// Error is what is wrong with the field, in words.
func (f *NoteForm) Error(name string) string { return kit.ErrorOf(f.errors, name) }

// Open reports whether the form shows itself: something has to be mended in it, or was not sent.
func (f *NoteForm) Open() bool { return len(f.errors) > 0 || f.Keep.At != "" }

// newNotes puts the notes into words; nil for who does not see the whole case.
func newNotes(w *locale.Words, f *casefile.File) *NotesView {
	if !f.Whole {
		return nil
	}
	v := &NotesView{}
	for _, n := range slices.Backward(f.Notes) {
		v.Rows = append(v.Rows, NoteRow{No: n.No, Who: w.Name(f.People[n.By]), When: w.Moment(n.At), Text: n.Text, Told: names(f, w, n.Mentions)})
	}
	if f.Past == nil {
		v.Form = &NoteForm{Path: "/cases/" + f.CaseID + "/notes", ActionID: kit.NewActionID(), People: readerChoices(f, w), Keep: kit.NewKeeping(kit.FormNote, f.CaseID, "", nil)}
		if kept := v.Form.Keep.Find(w, f.Typed); kept != nil {
			found := url.Values(kept.Fields)
			v.Form.Text, v.Form.Mention = found.Get("text"), found.Get("mention")
		}
	}
	return v
}

func names(f *casefile.File, w *locale.Words, ids []proposal.PersonID) string {
	var names []string
	for _, id := range ids {
		names = append(names, f.PersonName(w, id))
	}
	return w.List(names)
}

// readerChoices are the colleagues who may see the whole case: only they can be told of it.
func readerChoices(f *casefile.File, w *locale.Words) []kit.Choice {
	return f.Choose(w, func(p store.Person) bool { return kit.OfBureau(p) && f.As(p.Person).SeesAll(f.State) })
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
