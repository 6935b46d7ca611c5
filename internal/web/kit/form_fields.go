package kit

import (
	"strings"

	"github.com/banli/banli/internal/kinds"
)

// FormPart is a part of a form: its fields, line by line, under the heading register.<Name> if it has a name.
type FormPart struct {
	Name  string
	Lines [][]Field
}

// Row is what is declared of the form's kind.
func (f *Form) Row() kinds.Row { return kinds.Of(f.Kind) }

// Says is a line above the fields; "" for none.
func (f *Form) Says() string {
	if f.Row().Says == nil {
		return ""
	}
	return f.Row().Says(f.Words, f.Case)
}

// NamedBy is the field whose choice the button names; "" if its words are the same for every choice.
func (f *Form) NamedBy() string { return f.Row().Names }

// Named are the words of a button that names a choice; {name} stands for the choice.
func (f *Form) Named() string { return f.Words.T("do."+string(f.Kind)+"_named", "Name", "{name}") }

// Special is the form that is drawn in the place of fields; "" for none.
func (f *Form) Special() kinds.Special { return f.Row().Form }

// Parts are the fields that the row of the kind asks for in this case.
func (f *Form) Parts() []FormPart {
	var parts []FormPart
	for _, field := range f.Row().Fields {
		if field.Control == kinds.Sure && !f.AsksSure() || field.Control == kinds.Elsewhere || field.Control == kinds.AtEnd || field.When != nil && !field.When(f.Case) {
			continue
		}
		drawn := f.Drawn(field)
		if field.With != "" && field.Control == kinds.Ticks && len(drawn.Choices) == 0 {
			continue
		}
		if len(parts) == 0 || parts[len(parts)-1].Name != field.Part {
			parts = append(parts, FormPart{Name: field.Part})
		}
		lines := &parts[len(parts)-1].Lines
		if n := len(*lines); field.Beside && n > 0 {
			(*lines)[n-1] = append((*lines)[n-1], drawn)
		} else {
			*lines = append(*lines, []Field{drawn})
		}
	}
	return parts
}

// Drawn is a field of the row with what was typed into it and what is wrong with it.
func (f *Form) Drawn(k kinds.Field) Field {
	field := f.Ticks(k.Name)
	field.Control, field.Checked = k.Control, f.Has(k.Name, "1")
	field.From, field.Reach = string(k.From), k.Reach
	if k.Hint != nil {
		field.Hint = k.Hint(f.Words, f.Case)
	}
	if none := "form.none." + string(k.Choices.Source); len(field.Choices) == 0 && f.Words.Has(none) {
		field.Hint = f.Words.T(none)
	}
	if field.With = k.With; k.With != "" && k.Control == kinds.Ticks {
		name, value, _ := strings.Cut(k.With, "=")
		field.Folded, field.Open = f.Words.T("register."+k.Name), f.Has(name, value)
	}
	return field
}
