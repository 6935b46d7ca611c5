package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Forms of no action whose typed text is kept too.
const (
	formRegister = string(proposal.Register)
	formBulk     = "bulk"
	formNote     = "note"
)

// neverKept are fields that a form carries for itself: they belong to the page that was drawn, not to what was typed.
var neverKept = []string{fieldActionID, fieldBaseSeq, fieldFor, fieldRef, "sha256", "base_version", "password"}

// Keeping is how a form tells keep.js where its text is kept, and its reader what was found there.
type Keeping struct {
	Form, CaseID, Ref string
	Sent              bool   // the values are those that were just sent: nothing older may take their place
	At                string // when what is shown was typed, in words; "" if nothing was kept
	Moved             bool   // the case has changed since
	Drop              string // where dropping it is posted
	Later             string // where keeping it and leaving is posted
}

// UnsentView is text that was typed into a form which the page does not show.
type UnsentView struct {
	Words string
	Path  string // of the form; "" if the officer may not do that now
	Shown []KeptField
	Drop  string
}

// mayKeep reports whether the text of the form is kept here. Drafts have versions of their own.
func mayKeep(form, caseID string) bool {
	switch form {
	case formRegister, formBulk:
		return caseID == ""
	case formNote:
		return caseID != ""
	}
	row := kinds.Of(proposal.Kind(form))
	return caseID != "" && row.OnCase() && row.Form != kinds.DraftForm
}

func newKeeping(form, caseID, ref string, sent bool) Keeping {
	drop := url.Values{"form": {form}}
	if caseID != "" {
		drop.Set("case", caseID)
	}
	if ref != "" {
		drop.Set("ref", ref)
	}
	return Keeping{Form: form, CaseID: caseID, Ref: ref, Sent: sent, Drop: "/typed/drop?" + drop.Encode(), Later: "/typed/later?" + drop.Encode()}
}

// typedIn is what was typed into the form and not sent; nil if nothing was.
func typedIn(all []store.Typed, form, ref string) *store.Typed {
	i := slices.IndexFunc(all, func(t store.Typed) bool { return t.Form == form && t.Ref == ref })
	if i < 0 {
		return nil
	}
	return &all[i]
}

// fill puts what was typed into a form that is drawn anew.
func (k *Keeping) fill(w *words, t *store.Typed) url.Values {
	k.At = w.Moment(t.SavedAt)
	return maps.Clone(url.Values(t.Fields))
}

// unsent is the text of forms that this page does not show.
func (s *Server) unsent(w *words, f *caseFile, shown *CaseForm, offers []proposal.Offer) []UnsentView {
	var list []UnsentView
	for _, t := range f.typed {
		if shown != nil && t.Form == string(shown.Kind) && t.Ref == shown.Ref || t.Form == formNote {
			continue
		}
		kind := proposal.Kind(t.Form)
		v := UnsentView{
			Words: w.T("keep.unsent", "When", w.Moment(t.SavedAt), "Action", w.T("action."+t.Form)),
			Shown: shownOf(w, t.Form, t.Fields),
			Drop:  newKeeping(t.Form, t.CaseID, t.Ref, false).Drop,
		}
		if i := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == kind && o.Ref == t.Ref }); i >= 0 {
			v.Path = f.otherAction(w, offers[i]).Path
		}
		list = append(list, v)
	}
	return list
}

// forgetTyped drops what was kept of a form that was sent. What stays behind by an accident is not offered again: its action
// is on record.
func (s *Server) forgetTyped(r *http.Request, caseID, form, ref string) {
	if err := s.Store.ForgetTyped(context.WithoutCancel(r.Context()), officerOf(r).ID, caseID, form, ref); err != nil {
		s.Log.WarnContext(r.Context(), "typed text stays", "form", form, "err", err)
	}
}

// mayType reports whether the officer may see the case that the form is about.
func (s *Server) mayType(ctx context.Context, caseID string, who *store.Person) error {
	heads, err := s.Store.CaseHeads(ctx, []string{caseID})
	if err != nil {
		return err
	}
	for _, head := range heads {
		if who.Sees(head.State) {
			return nil
		}
	}
	_, err = s.openCase(ctx, caseID, who) // whoever covers for somebody in this case alone sees it too
	return err
}

// typedAgo is when something was typed, by the age that the browser gives: clocks of browsers are wrong, what they count is not.
func (s *Server) typedAgo(ms int64) time.Time {
	return s.Now().UTC().Add(-time.Duration(max(ms, 0)) * time.Millisecond)
}
