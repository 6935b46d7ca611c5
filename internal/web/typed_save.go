package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// keepPrefix marks what keep.js says of a form among the fields of the form.
const keepPrefix = "keep."

// typedSave keeps what somebody has typed into a form. It answers keep.js with the words that stand beside the form then, and
// with whether the text was new here.
func (s *Server) typedSave(w http.ResponseWriter, r *http.Request) error {
	who, words, form := officerOf(r), s.words(r), r.PostForm
	t := typedOf(form, form.Get(keepPrefix+"form"), form.Get(keepPrefix+"case"), form.Get(keepPrefix+"ref"))
	if !mayKeep(t.Form, t.CaseID) {
		return errNotFound
	}
	if t.CaseID != "" {
		if err := s.mayType(r.Context(), t.CaseID, who); err != nil {
			return err
		}
	}
	age, err := strconv.ParseInt(form.Get(keepPrefix+"age"), 10, 64)
	if err != nil {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "age", Code: proposal.FieldMalformed}}}
	}
	t.SavedAt = s.typedAgo(age)
	kept, err := s.Store.KeepTyped(r.Context(), who.ID, t)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, typedAnswer{Said: words.T("keep.saved", "Time", words.Second(t.SavedAt)), New: kept})
}

// typedLater keeps a form as it stands and leaves it: the line went dead, or somebody is at the door.
func (s *Server) typedLater(w http.ResponseWriter, r *http.Request) error {
	q, who := r.URL.Query(), officerOf(r)
	f, err := s.openCase(r.Context(), q.Get("case"), who)
	if err != nil {
		return err
	}
	if !mayKeep(q.Get("form"), f.CaseID) {
		return errNotFound
	}
	t := typedOf(r.PostForm, q.Get("form"), f.CaseID, q.Get("ref"))
	t.SavedAt = s.Now().UTC()
	if _, err := s.Store.KeepTyped(r.Context(), who.ID, t); err != nil {
		return err
	}
	words := s.words(r)
	s.flash(r, words.T("keep.later", "Number", words.number(f.Key)))
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// typedOf is what was typed into the form, without what the form carries for itself.
func typedOf(form url.Values, name, caseID, ref string) store.Typed {
	t := store.Typed{CaseID: caseID, Form: name, Ref: ref, ActionID: form.Get(fieldActionID), Fields: map[string][]string{}}
	t.BaseSeq, _ = strconv.Atoi(form.Get(fieldBaseSeq)) // a form of no case has none
	t.BaseSeq = max(t.BaseSeq, 0)
	for field, values := range form {
		if !strings.HasPrefix(field, keepPrefix) && !slices.Contains(neverKept, field) {
			t.Fields[field] = values
		}
	}
	return t
}

// typedAnswer is what keep.js reads.
type typedAnswer struct {
	Said string `json:"said"`
	New  bool   `json:"new"` // false: older than what is kept, the same, or sent already
}

// typedDrop drops what was kept of a form and opens the form empty.
func (s *Server) typedDrop(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	form, caseID, ref := q.Get("form"), q.Get("case"), q.Get("ref")
	if !mayKeep(form, caseID) {
		return errNotFound
	}
	if caseID != "" {
		if err := s.mayType(r.Context(), caseID, officerOf(r)); err != nil {
			return err
		}
	}
	if err := s.Store.ForgetTyped(r.Context(), officerOf(r).ID, caseID, form, ref); err != nil {
		return err
	}
	http.Redirect(w, r, backToForm(form, caseID, ref), http.StatusSeeOther)
	return nil
}

// backToForm is the page on which a form stands.
func backToForm(form, caseID, ref string) string {
	switch {
	case form == formRegister:
		return "/cases/new"
	case caseID == "":
		return "/"
	case form == formNote:
		return "/cases/" + caseID
	}
	path := "/cases/" + caseID + "?do=" + escapeQuery(form)
	if ref != "" {
		path += "&ref=" + escapeQuery(ref)
	}
	return path
}
