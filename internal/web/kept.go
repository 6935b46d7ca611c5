package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
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

// wordFields are the fields in which a person writes words. The others hold choices and codes, which are carried along but
// would mean nothing to a reader.
var wordFields = []string{
	"opinion", "text", "reason", "words", "spoke_with", "comment", "note", "receipt", "copies", "title", "points", "point",
	"category", "lead_deputy", "co_signers", "delegation", "deputy_contact", "number", "source_id", "why", "promise", "contact_name",
	"contact_phone", "body", "question", "unit", "figures", "explanation", "result", "letter", "legal_duty", "suggested", "redactions",
	"files", "seal", "contact", "with", "lead_unit", "motion_no", "to",
}

// keptPrefix marks, in the login form, the fields of the form that came when the session was gone.
const keptPrefix = "kept."

// keep carries the form of a POST; nil for other requests and for forms with a password in them.
func (s *Server) keep(r *http.Request) *Kept {
	if r.Method != http.MethodPost || len(r.PostForm) == 0 || r.PostForm.Has("password") {
		return nil
	}
	return s.keepForm(s.words(r), r.URL.Path, r.PostForm)
}

func (s *Server) keepForm(w *words, path string, form map[string][]string) *Kept {
	k := &Kept{Path: path}
	registration := path == "/cases" // there body is NPC or CPPCC; elsewhere it is the text of the reply
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range form[name] {
			value = strings.ToValidUTF8(value, "\ufffd")
			k.Hidden = append(k.Hidden, KeptField{Name: name, Value: value})
			label := "form." + fieldName(name)
			if name == "body" && registration || name == "to" && slices.Contains(proposal.Stages, proposal.Stage(value)) {
				continue // a choice, not words
			}
			if slices.Contains(wordFields, fieldName(name)) && w.has(label) && strings.TrimSpace(value) != "" {
				k.Shown = append(k.Shown, KeptField{Name: name, Label: w.T(label), Value: value})
			}
		}
	}
	return k
}

// fieldName drops the counter of a repeated field: point.3 is a point.
func fieldName(name string) string {
	base, _, _ := strings.Cut(name, ".")
	return base
}

// keptFromLogin takes the kept form out of a login form again.
func (s *Server) keptFromLogin(r *http.Request) *Kept {
	form := map[string][]string{}
	for name, values := range r.PostForm {
		if original, ok := strings.CutPrefix(name, keptPrefix); ok {
			form[original] = values
		}
	}
	if len(form) == 0 {
		return nil
	}
	return s.keepForm(s.words(r), localPath(r.PostForm.Get("back")), form)
}
