package kit

import (
	"context"
	"maps"
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
var NeverKept = []string{FieldActionID, FieldBaseSeq, FieldFor, FieldRef, "sha256", "base_version", "password"}

// Keeping is how a form tells keep.js where its text is kept, and its reader what was found there.
type Keeping struct {
	Form, CaseID, Ref string
	Sent              bool   // the values are those that were just sent: nothing older may take their place
	At                string // when what is shown was typed, in words; "" if nothing was kept
	Moved             bool   // the case has changed since
	Drop              string // where dropping it is posted
	Later             string // where keeping it and leaving is posted
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

// NewKeeping is how the text of a form is kept; sent says that the form holds what was just sent.
func NewKeeping(form, caseID, ref string, sent bool) Keeping {
	drop := url.Values{"form": {form}}
	if caseID != "" {
		drop.Set("case", caseID)
	}
	if ref != "" {
		drop.Set("ref", ref)
	}
	return Keeping{Form: form, CaseID: caseID, Ref: ref, Sent: sent, Drop: "/typed/drop?" + drop.Encode(), Later: "/typed/later?" + drop.Encode()}
}

// TypedIn is what was typed into the form and not sent; nil if nothing was.
func TypedIn(all []store.Typed, form, ref string) *store.Typed {
	i := slices.IndexFunc(all, func(t store.Typed) bool { return t.Form == form && t.Ref == ref })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// Fill puts what was typed into a form that is drawn anew.
func (k *Keeping) Fill(w *locale.Words, t *store.Typed) url.Values {
	k.At = w.Moment(t.SavedAt)
	return maps.Clone(url.Values(t.Fields))
}

// ForgetTyped drops what was kept of a form that was sent. What stays behind by an accident is not offered again: its action
// is on record.
func (s *Kit) ForgetTyped(r *http.Request, caseID, form, ref string) {
	if err := s.store.ForgetTyped(context.WithoutCancel(r.Context()), OfficerOf(r).ID, caseID, form, ref); err != nil {
		s.Log.WarnContext(r.Context(), "typed text stays", "form", form, "err", err)
	}
}
