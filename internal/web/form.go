package web

import (
	"net/url"
	"slices"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
)

// Form is a form with what was typed into it and what is wrong with that. Its fields are drawn by name.
type Form struct {
	Kind     proposal.Kind // or what the catalogue calls a form that is no action: its labels are form.<Kind>.<name>
	Heading  string
	Path     string // where it is posted
	ActionID string // UUID v7: pressing twice is one action
	Late     bool   // ask for the official date too
	After    string // what pressing will do, in words
	Do       string // the primary button, in words
	Keep     Keeping
	about    kinds.Case // what the rows of the kinds may ask of the case
	words    *words
	values   url.Values
	errors   []fieldMessage
	options  map[string][]Choice
}

// Choice is one option of a select, a radio group or a list of ticks.
type Choice struct {
	Value, Name, Note string
	Ticked            bool // in a list of ticks
}

// Field is one input of a form, in words.
type Field struct {
	Name, Label, Value, Error, Hint string
	Control                         kinds.Control
	Choices                         []Choice
	Checked                         bool   // of a tick
	Folded                          string // the words behind which it is folded away; "" if it is not
	Open                            bool   // the fold
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

// Field draws the input of that name; its errors and values come along. The label is form.<name>, unless the catalogue
// has one for this kind of action alone: form.send_back.reason.
func (f *Form) Field(name string) Field {
	return Field{Name: name, Label: f.words.T(labelKey(f.words, string(f.Kind), name)), Value: f.values.Get(name), Error: f.Error(name)}
}

// labelKey is the message that labels a field of a form.
func labelKey(w *words, form, name string) string {
	if own := "form." + form + "." + name; w.has(own) {
		return own
	}
	return "form." + name
}

// FieldHint is Field with a line under the label.
func (f *Form) FieldHint(name, hint string) Field {
	field := f.Field(name)
	field.Hint = hint
	return field
}

// Pick draws a choice among the field's options.
func (f *Form) Pick(name string) Field {
	field := f.Field(name)
	field.Choices = f.options[name]
	return field
}

// Ticks draws a list of ticks among the field's options.
func (f *Form) Ticks(name string) Field {
	field := f.Field(name)
	for _, c := range f.options[name] {
		c.Ticked = f.Has(name, c.Value)
		field.Choices = append(field.Choices, c)
	}
	return field
}

// Options are the field's choices.
func (f *Form) Options(name string) []Choice { return f.options[name] }

// Error is what is wrong with the field, in words; also for one item of a list, points.2.
func (f *Form) Error(name string) string {
	for _, e := range f.errors {
		if fieldName(e.field) == name {
			return e.text
		}
	}
	return ""
}

// Errors lists them all for the summary at the top, in the order of the form.
func (f *Form) Errors() []Field {
	var all []Field
	for _, e := range f.errors {
		all = append(all, Field{Name: fieldName(e.field), Error: e.text})
	}
	slices.SortStableFunc(all, func(a, b Field) int { return f.placeOf(a.Name) - f.placeOf(b.Name) })
	return all
}

// placeOf is where the form asks for a field; what its row does not name comes last.
func (f *Form) placeOf(name string) int {
	fields := f.row().Fields
	if at := slices.IndexFunc(fields, func(field kinds.Field) bool { return field.Name == name }); at >= 0 {
		return at
	}
	return len(fields)
}

// Has reports whether the value is among those chosen for the name.
func (f *Form) Has(name, value string) bool { return slices.Contains(f.values[name], value) }

// Value is what was typed.
func (f *Form) Value(name string) string { return f.values.Get(name) }

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
