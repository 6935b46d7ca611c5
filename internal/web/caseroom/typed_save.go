package caseroom

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// keepPrefix marks what keep.js says of a form among the fields of the form.
const keepPrefix = "keep."

// TypedSave keeps what somebody has typed into a form. It answers keep.js with the words that stand beside the form then, and
// with whether that is what is kept now.
func (s *Room) TypedSave(w http.ResponseWriter, r *http.Request) error {
	who, words, form := kit.OfficerOf(r), s.Words(r), r.PostForm
	t := typedOf(form, form.Get(keepPrefix+"form"), form.Get(keepPrefix+"case"), form.Get(keepPrefix+"ref"))
	if !kit.MayKeep(t.Form, t.CaseID) {
		return kit.ErrNotFound
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
	kept, others, err := s.store.KeepTyped(r.Context(), who.ID, t)
	if err != nil {
		return err
	}
	said := words.T("keep.saved", "Time", words.Second(t.SavedAt))
	if others > 0 {
		said += words.T("keep.others")
	}
	return kit.WriteJSON(w, http.StatusOK, typedAnswer{Said: said, Kept: kept})
}

// TypedLater keeps a form as it stands and leaves it: the line went dead, or somebody is at the door.
func (s *Room) TypedLater(w http.ResponseWriter, r *http.Request) error {
	q, who := r.URL.Query(), kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), q.Get("case"), who)
	if err != nil {
		return err
	}
	if !kit.MayKeep(q.Get("form"), f.CaseID) {
		return kit.ErrNotFound
	}
	t := typedOf(r.PostForm, q.Get("form"), f.CaseID, q.Get("ref"))
	t.SavedAt = s.Now().UTC()
	if _, _, err := s.store.KeepTyped(r.Context(), who.ID, t); err != nil {
		return err
	}
	words := s.Words(r)
	s.Flash(r, words.T("keep.later", "Number", words.Number(f.Key)))
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

// typedOf is what was typed into the form, without what the form carries for itself.
func typedOf(form url.Values, name, caseID, ref string) store.Typed {
	t := store.Typed{CaseID: caseID, Form: name, Ref: ref, ActionID: form.Get(kit.FieldActionID), On: form[kit.FieldKeptOn], Fields: map[string][]string{}}
	t.BaseSeq, _ = strconv.Atoi(form.Get(kit.FieldBaseSeq)) // a form of no case has none
	t.BaseSeq = max(t.BaseSeq, 0)
	for field, values := range form {
		if !strings.HasPrefix(field, keepPrefix) && !slices.Contains(kit.NeverKept, field) {
			t.Fields[field] = values
		}
	}
	return t
}

// typedAnswer is what keep.js reads.
type typedAnswer struct {
	Said string `json:"said"`
	Kept bool   `json:"kept"` // false: something newer is, or the form was sent already
}

// TypedDrop drops what was kept of a form and opens the form empty.
func (s *Room) TypedDrop(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	form, caseID, ref := q.Get("form"), q.Get("case"), q.Get("ref")
	if !kit.MayKeep(form, caseID) {
		return kit.ErrNotFound
	}
	if caseID != "" {
		if err := s.mayType(r.Context(), caseID, kit.OfficerOf(r)); err != nil {
			return err
		}
	}
	if err := s.store.ForgetTyped(r.Context(), kit.OfficerOf(r).ID, caseID, form, ref, kit.KeptOn(r.PostForm)); err != nil {
		return err
	}
	http.Redirect(w, r, backToForm(form, caseID, ref), http.StatusSeeOther)
	return nil
}

// backToForm is the page on which a form stands.
func backToForm(form, caseID, ref string) string {
	switch {
	case form == kit.FormRegister:
		return "/cases/new"
	case caseID == "":
		return "/"
	case form == kit.FormNote:
		return "/cases/" + caseID
	}
	path := "/cases/" + caseID + "?do=" + kit.EscapeQuery(form)
	if ref != "" {
		path += "&ref=" + kit.EscapeQuery(ref)
	}
	return path
}

// unsent is the text of forms that this page does not show, and of the one that it shows what stands in other windows.
func (s *Room) unsent(w *locale.Words, f *casefile.File, shown *CaseForm, offers []proposal.Offer) []kit.Unsent {
	var list []kit.Unsent
	if shown != nil {
		list = shown.Keep.Beside
	}
	for _, t := range f.Typed {
		if shown != nil && t.Form == string(shown.Kind) && t.Ref == shown.Ref || t.Form == kit.FormNote {
			continue
		}
		kind := proposal.Kind(t.Form)
		v := kit.Unsent{
			Words: w.T("keep.unsent", "When", w.Moment(t.SavedAt), "Action", w.T("action."+t.Form)),
			Shown: kit.ShownOf(w, t.Form, t.Fields),
			Drop:  kit.NewKeeping(t.Form, t.CaseID, t.Ref, nil).Drop,
			On:    t.As(),
		}
		if i := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == kind && o.Ref == t.Ref }); i >= 0 {
			v.Path = otherAction(f, w, offers[i]).Path
		}
		list = append(list, v)
	}
	return list
}

// mayType reports whether the officer may see the case that the form is about.
func (s *Room) mayType(ctx context.Context, caseID string, who *store.Person) error {
	heads, err := s.store.CaseHeads(ctx, []string{caseID})
	if err != nil {
		return err
	}
	for _, head := range heads {
		if who.Sees(head.State) {
			return nil
		}
	}
	_, err = s.OpenCase(ctx, caseID, who) // whoever covers for somebody in this case alone sees it too
	return err
}

// typedAgo is when something was typed, by the age that the browser gives: clocks of browsers are wrong, what they count is not.
func (s *Room) typedAgo(ms int64) time.Time {
	return s.Now().UTC().Add(-time.Duration(max(ms, 0)) * time.Millisecond)
}
