package web

import (
	"errors"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// CaseForm is the one form of a case page: one action that this officer may take now, with what was typed into it.
type CaseForm struct {
	Kind     proposal.Kind
	Heading  string
	Offer    proposal.Offer    // what it does
	About    string            // the strand that it is about, in words
	Ref      string            // of that strand
	For      proposal.PersonID // whom the officer acts for; "" for themselves
	ForWhom  string            // the same, in words
	Path     string            // where it is posted
	ActionID string            // UUID v7: pressing twice is one action
	BaseSeq  int               // the state that the officer saw
	Late     bool              // ask for the official date too
	After    string            // what pressing will do, in words
	Do       string            // the primary button, in words
	Keep     Keeping
	words    *words
	values   url.Values
	kept     url.Values // what was found kept, among the values
	errors   []fieldMessage

	Points   []FormPoint // of the consultation
	Draft    *DraftForm  // of the drafting
	Hint     string      // what an empty field means: the default due date, the next serial
	Findings []FindingView
	Missing  int // findings that are neither mended nor answered for
	options  map[string][]Choice
	lacks    []Lack
}

// Lack is something without which the form will not be taken, and the field where it is mended.
type Lack struct{ Text, Place string }

// Lacks lists what is missing, in the order of the form: findings that are neither mended nor answered for, or empty fields.
func (f *CaseForm) Lacks() []Lack {
	lacks := slices.Clone(f.lacks)
	for _, found := range f.Findings {
		if found.Must || found.Reason == "" {
			lacks = append(lacks, Lack{found.Text, found.Place})
		}
	}
	return lacks
}

// Choice is one option of a select, a radio group or a list of ticks.
type Choice struct {
	Value, Name, Note string
	Ticked            bool // in a list of ticks
}

// FormPoint is one point on the consultation form.
type FormPoint struct {
	No     int
	Text   string
	Was    string // how it is on record; "" for one that was added
	Ticked bool
	At     string // when it was ticked, in milliseconds
	Blank  bool   // a line for what the deputy adds
}

// Field is one input of a form, in words.
type Field struct {
	Name, Label, Value, Error, Hint string
	Choices                         []Choice
}

// plainWords are fieldWords for forms that are no action: what a field of the name means there says nothing here.
func plainWords(w *words, fields []proposal.FieldError) []fieldMessage {
	var messages []fieldMessage
	for _, f := range fields {
		messages = append(messages, fieldMessage{f.Field, w.T("field."+string(f.Code), "Max", f.Max, "Date", w.Date(f.Date))})
	}
	return messages
}

type fieldMessage struct{ field, text string }

// lacksOf are the fields that the rules ask for and that hold nothing they take yet.
func lacksOf(form *CaseForm, f *caseFile, who *store.Person) []Lack {
	if form.Kind == proposal.Submit {
		return nil // its findings tell
	}
	typed := url.Values{}
	for name, values := range form.values {
		typed[name] = values
	}
	typed.Set(fieldActionID, form.ActionID)
	action, err := readAction(form.Kind, proposal.NewInput(form.Kind), typed, f, who)
	if err == nil {
		err = action.Check()
	}
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) {
		return nil
	}
	var lacks []Lack
	for _, e := range refusal.Fields {
		name := fieldName(e.Field)
		if !slices.ContainsFunc(lacks, func(l Lack) bool { return l.Place == name }) {
			lacks = append(lacks, Lack{form.Field(name).Label, name})
		}
	}
	return lacks
}

// Field draws the input of that name; its errors and values come along. The label is form.<name>, unless the catalogue
// has one for this kind of action alone: form.send_back.reason.
func (f *CaseForm) Field(name string) Field {
	label := "form." + string(f.Kind) + "." + name
	if !f.words.has(label) {
		label = "form." + name
	}
	return Field{Name: name, Label: f.words.T(label), Value: f.values.Get(name), Error: f.Error(name)}
}

// FieldHint is Field with a line under the label.
func (f *CaseForm) FieldHint(name, hint string) Field {
	field := f.Field(name)
	field.Hint = hint
	return field
}

// Pick draws a choice among the field's options.
func (f *CaseForm) Pick(name string) Field {
	field := f.Field(name)
	field.Choices = f.options[name]
	return field
}

// PickHint is Pick with a line under the label.
func (f *CaseForm) PickHint(name, hint string) Field {
	field := f.Pick(name)
	field.Hint = hint
	return field
}

// Ticks draws a list of ticks among the field's options.
func (f *CaseForm) Ticks(name string) Field {
	field := f.Field(name)
	for _, c := range f.options[name] {
		c.Ticked = f.Has(name, c.Value)
		field.Choices = append(field.Choices, c)
	}
	return field
}

// Options are the field's choices.
func (f *CaseForm) Options(name string) []Choice { return f.options[name] }

// Error is what is wrong with the field, in words; also for one item of a list, points.2.
func (f *CaseForm) Error(name string) string {
	for _, e := range f.errors {
		if fieldName(e.field) == name {
			return e.text
		}
	}
	return ""
}

// Errors lists them all for the summary at the top.
func (f *CaseForm) Errors() []Field {
	var all []Field
	for _, e := range f.errors {
		all = append(all, Field{Name: fieldName(e.field), Error: e.text})
	}
	return all
}

// Has reports whether the value is among those chosen for the name.
func (f *CaseForm) Has(name, value string) bool { return slices.Contains(f.values[name], value) }

// Value is what was typed.
func (f *CaseForm) Value(name string) string { return f.values.Get(name) }

// choices turns the values of a domain type into options whose names are catalogue messages.
func choices[T ~string](w *words, prefix string, values []T) []Choice {
	var options []Choice
	for _, v := range values {
		options = append(options, Choice{Value: string(v), Name: w.T(prefix + string(v))})
	}
	return options
}

// fieldWords puts the errors of a refusal into words.
func fieldWords(w *words, fields []proposal.FieldError) []fieldMessage {
	var messages []fieldMessage
	for _, f := range fields {
		text := w.T("field."+string(f.Code), "Max", f.Max, "Date", w.Date(f.Date))
		if own := "field." + string(f.Code) + "." + fieldName(f.Field); w.has(own) {
			text = w.T(own, "Max", f.Max, "Date", w.Date(f.Date))
		}
		messages = append(messages, fieldMessage{f.Field, text})
	}
	return messages
}
