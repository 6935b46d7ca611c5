package kit

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/locale"
)

// Kept is a posted form that could not be accepted, carried so that nothing typed is lost: every value goes along hidden,
// and those a person wrote are shown.
type Kept struct {
	Path   string
	Hidden []KeptField
	Shown  []KeptField
}

// KeptField is one value of a kept form. Label is in words and empty for values nobody typed.
type KeptField struct {
	Name, Label, Value string
}

// otherWords are the fields of forms that are no action in which a person writes words, and those of the reply. What the fields of
// an action hold, the row of its kind says. Other fields hold choices and codes, which are carried along but would mean nothing to a
// reader.
var otherWords = []string{
	"body", "why", "promise", "contact_name", "contact_phone", "point", "text", "reason", "words", "comment", "note", "title",
}

// keptPrefix marks, in the login form, the fields of the form that came when the session was gone.
const keptPrefix = "kept."

// Keep carries the form of a POST; nil for other requests and for forms with a password in them.
func (s *Kit) Keep(r *http.Request) *Kept {
	if r.Method != http.MethodPost || len(r.PostForm) == 0 || r.PostForm.Has("password") {
		return nil
	}
	return s.KeepForm(s.Words(r), r.URL.Path, r.PostForm)
}

// KeepForm carries a form that was posted to the path.
func (s *Kit) KeepForm(w *locale.Words, path string, form map[string][]string) *Kept {
	k := &Kept{Path: path, Shown: ShownOf(w, formAt(path), form)}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			k.Hidden = append(k.Hidden, KeptField{Name: name, Value: strings.ToValidUTF8(value, "\ufffd")})
		}
	}
	return k
}

// formAt is the kind of action whose form is posted to the path; "" for a form that is no action.
func formAt(path string) string {
	if path == "/cases" {
		return FormRegister
	}
	if strings.HasPrefix(path, "/cases/") {
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return ""
}

// ShownOf are the words among the values of a form, in the order of its fields.
func ShownOf(w *locale.Words, name string, form map[string][]string) []KeptField {
	row := kinds.Of(proposal.Kind(name))
	var shown []KeptField
	for _, field := range slices.Sorted(maps.Keys(form)) {
		base := FieldName(field)
		of, known := row.Field(base)
		if known && !of.Words() || !known && !slices.Contains(otherWords, base) {
			continue
		}
		label := LabelKey(w, name, base)
		if !w.Has(label) {
			continue
		}
		for _, value := range form[field] {
			if value = strings.ToValidUTF8(value, "\ufffd"); strings.TrimSpace(value) != "" {
				shown = append(shown, KeptField{Name: field, Label: w.T(label), Value: value})
			}
		}
	}
	return shown
}

// FieldName drops the counter of a repeated field: point.3 is a point.
func FieldName(name string) string {
	base, _, _ := strings.Cut(name, ".")
	return base
}

// keptFromLogin takes the kept form out of a login form again.
func (s *Kit) keptFromLogin(r *http.Request) *Kept {
	form := map[string][]string{}
	for name, values := range r.PostForm {
		if original, ok := strings.CutPrefix(name, keptPrefix); ok {
			form[original] = values
		}
	}
	if len(form) == 0 {
		return nil
	}
	return s.KeepForm(s.Words(r), LocalPath(r.PostForm.Get("back")), form)
}
