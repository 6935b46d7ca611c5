package kit

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// Forms of no action whose typed text is kept too.
const (
	FormRegister = string(proposal.Register)
	FormBulk     = "bulk"
	FormNote     = "note"
)

// NeverKept are fields that a form carries for itself: they belong to the page that was drawn, not to what was typed.
var NeverKept = []string{FieldActionID, FieldBaseSeq, FieldFor, FieldRef, FieldKeptOn, "sha256", "base_version", "password"}

// Keeping is how a form tells keep.js where its text is kept, and its reader what was found there.
type Keeping struct {
	Form, CaseID, Ref string
	On                []string // what was kept that the form was drawn from
	Sent              bool     // the values are those that were just sent: nothing older may take their place
	At                string   // when what is shown was typed, in words; "" if nothing was kept
	Moved             bool     // the case has changed since
	Drop              string   // where dropping it is posted
	Later             string   // where keeping it and leaving is posted
	Beside            []Unsent // what the same person typed into the same form in other windows
}

// Unsent is text that was typed into a form and that the form on the page does not show.
type Unsent struct {
	Words  string
	Path   string // of the form; "" if it is this page's, or not theirs to send now
	Beside bool   // the page shows the form
	Shown  []KeptField
	Drop   string
	On     string // what is dropped
}

// MayKeep reports whether the text of the form is kept here. Drafts have versions of their own.
func MayKeep(form, caseID string) bool {
	switch form {
	case FormRegister, FormBulk:
		return caseID == ""
	case FormNote:
		return caseID != ""
	}
	row := kinds.Of(proposal.Kind(form))
	return caseID != "" && row.OnCase() && row.Form != kinds.DraftForm
}

// NewKeeping is how the text of a form is kept. If the form holds what was just sent, sent is that.
func NewKeeping(form, caseID, ref string, sent url.Values) Keeping {
	drop := url.Values{"form": {form}}
	if caseID != "" {
		drop.Set("case", caseID)
	}
	if ref != "" {
		drop.Set("ref", ref)
	}
	return Keeping{Form: form, CaseID: caseID, Ref: ref, On: KeptOn(sent), Sent: sent != nil, Drop: "/typed/drop?" + drop.Encode(), Later: "/typed/later?" + drop.Encode()}
}

// KeptOn is what was kept of a form that was sent: of the form itself, and of what that was drawn from.
func KeptOn(sent url.Values) []string {
	on := slices.Clone(sent[FieldKeptOn])
	if id := sent.Get(FieldActionID); id != "" {
		on = append(on, id)
	}
	return on
}

// Find looks for what was typed into the form, newest first. It returns what the form is to be filled with, nil if it holds what was
// just sent or if there is nothing; the rest stands beside it.
func (k *Keeping) Find(w *locale.Words, all []store.Typed) (fill *store.Typed) {
	for _, t := range all {
		switch {
		case t.Form != k.Form || t.Ref != k.Ref || slices.Contains(k.On, t.ActionID):
		case !k.Sent && fill == nil:
			fill, k.At, k.On = &t, w.Moment(t.SavedAt), []string{t.As()}
		case !slices.Contains(k.On, t.As()):
			k.Beside = append(k.Beside, Unsent{
				Words: w.T("keep.beside", "When", w.Moment(t.SavedAt)), Beside: true, Shown: ShownOf(w, t.Form, t.Fields), Drop: k.Drop, On: t.As(),
			})
		}
	}
	return fill
}

// ForgetTyped drops what was kept of a form that was sent. What stays behind by an accident is not offered again: its action
// is on record.
func (s *Kit) ForgetTyped(r *http.Request, caseID, form, ref string) {
	if err := s.store.ForgetTyped(context.WithoutCancel(r.Context()), OfficerOf(r).ID, caseID, form, ref, KeptOn(r.PostForm)); err != nil {
		s.Log.WarnContext(r.Context(), "typed text stays", "form", form, "err", err)
	}
}
