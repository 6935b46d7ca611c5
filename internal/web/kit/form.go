package kit

import (
	"net/url"
	"slices"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/locale"
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
	Case     kinds.Case // what the rows of the kinds may ask of the case
	Words    *locale.Words
	Values   url.Values
	Wrong    []FieldMessage
	Choices  map[string][]Choice
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
	With                            string // name=value: it applies while that field holds that value
	Folded                          string // the words behind which it is folded away; "" if it is not
	Open                            bool   // the fold
	From                            string // the directory from which a name may be chosen; "" for none
	Reach                           bool   // and the choice says how they are reached
}

// PlainWords are FieldWords for forms that are no action: what a field of the name means there says nothing here.
func PlainWords(w *locale.Words, fields []proposal.FieldError) []FieldMessage {
	var messages []FieldMessage
	for _, f := range fields {
		messages = append(messages, FieldMessage{Field: f.Field, Text: w.T("field."+string(f.Code), "Max", f.Max, "Date", w.Date(f.Date)), Code: f.Code})
	}
	return messages
}

// FieldMessage is what is wrong with a field, in words.
type FieldMessage struct {
	Field, Text string
	Code        proposal.FieldCode // "" for what no field of the rules is wrong with
	Own         bool               // the words are this field's own and say which it is
}

// Field draws the input of that name; its errors and values come along. The label is form.<name>, unless the catalogue
// has one for this kind of action alone: form.send_back.reason.
func (f *Form) Field(name string) Field {
	return Field{Name: name, Label: f.Words.T(LabelKey(f.Words, string(f.Kind), name)), Value: f.Values.Get(name), Error: f.Error(name)}
}

// LabelKey is the message that labels a field of a form.
func LabelKey(w *locale.Words, form, name string) string {
	if own := "form." + form + "." + name; w.Has(own) {
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
	field.Choices = f.Choices[name]
	return field
}

// Ticks draws a list of ticks among the field's options.
func (f *Form) Ticks(name string) Field {
	field := f.Field(name)
	for _, c := range f.Choices[name] {
		c.Ticked = f.Has(name, c.Value)
		field.Choices = append(field.Choices, c)
	}
	return field
}

// Options are the field's choices.
func (f *Form) Options(name string) []Choice { return f.Choices[name] }

// Error is what is wrong with the field, in words; also for one item of a list, points.2.
func (f *Form) Error(name string) string {
	for _, e := range f.Wrong {
		if FieldName(e.Field) == name {
			return e.Text
		}
	}
	return ""
}

// Tick draws a yes or no.
func (f *Form) Tick(name string) Field {
	field := f.Field(name)
	field.Checked = f.Has(name, "1")
	return field
}

// AsksSure reports whether something lies far from where it is looked for: whoever means it is asked to say so.
func (f *Form) AsksSure() bool {
	return f.Has("sure", "1") || slices.ContainsFunc(f.Wrong, func(m FieldMessage) bool { return m.Code == proposal.FarOff })
}

// Errors lists them all for the summary at the top, in the order of the form. Beside a field “required” is enough; up there the field
// is named, unless the words do so themselves.
func (f *Form) Errors() []Field {
	var all []Field
	for _, e := range f.Wrong {
		wrong := Field{Name: FieldName(e.Field), Error: e.Text}
		if label := LabelKey(f.Words, string(f.Kind), wrong.Name); e.Code != "" && !e.Own && f.Words.Has(label) {
			wrong.Error = f.Words.T("form.error_in", "Field", f.Words.T(label), "Error", e.Text)
		}
		all = append(all, wrong)
	}
	slices.SortStableFunc(all, func(a, b Field) int { return f.PlaceOf(a.Name) - f.PlaceOf(b.Name) })
	return all
}

// PlaceOf is where the form asks for a field; what its row does not name comes last.
func (f *Form) PlaceOf(name string) int {
	fields := f.Row().Fields
	if at := slices.IndexFunc(fields, func(field kinds.Field) bool { return field.Name == name }); at >= 0 {
		return at
	}
	return len(fields)
}

// Has reports whether the value is among those chosen for the name.
func (f *Form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// Value is what was typed.
func (f *Form) Value(name string) string { return f.Values.Get(name) }

// Choices turns the values of a domain type into options whose names are catalogue messages.
func Choices[T ~string](w *locale.Words, prefix string, values []T) []Choice {
	var options []Choice
	for _, v := range values {
		options = append(options, Choice{Value: string(v), Name: locale.Capital(w.T(prefix + string(v)))})
	}
	return options
}

// FieldWords puts the errors of a refusal into words.
func FieldWords(w *locale.Words, fields []proposal.FieldError) []FieldMessage {
	var messages []FieldMessage
	for _, f := range fields {
		m := FieldMessage{Field: f.Field, Code: f.Code}
		key := "field." + string(f.Code)
		if own := key + "." + FieldName(f.Field); w.Has(own) {
			key, m.Own = own, true
		}
		m.Text = w.T(key, "Max", f.Max, "Date", w.Date(f.Date))
		messages = append(messages, m)
	}
	return messages
}

// NewActionID is new for every form that is drawn, also for one that comes back refused: the old id stands for what was
// typed before, and would be refused again whatever is corrected.
func NewActionID() string { return uuid.Must(uuid.NewV7()).String() }

// ErrorOf is what is wrong with the field.
func ErrorOf(errors []FieldMessage, name string) string {
	for _, e := range errors {
		if e.Field == name {
			return e.Text
		}
	}
	return ""
}
