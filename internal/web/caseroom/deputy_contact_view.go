package caseroom

import (
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// DeputyContactView shows the deputy's contact data on the case page and records who looked. It is a POST, because it
// leaves a line in the record; leaving the page hides the data again.
func (s *Room) DeputyContactView(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	id := r.PathValue("id")
	f, err := s.OpenCase(r.Context(), id, who)
	if err != nil {
		return err
	}
	if !f.HasContact || !f.As(who.Person).SeesAll(f.State) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	contact, err := s.store.ViewContact(r.Context(), id, who.ID)
	if err != nil {
		return err
	}
	f, err = s.OpenCase(r.Context(), id, who) // the look is in the record now
	if err != nil {
		return err
	}
	words := s.Words(r)
	p := s.newCasePage(words, f, who)
	p.Deputy.Contact, p.Deputy.Second, p.Deputy.Now = contact.Number, contact.Second, contact.Now
	s.offerForm(words, p, f, who, wantedOf(proposal.Kind(r.PostForm.Get("do")), r.PostForm))
	if p.Form != nil && r.PostForm.Has(kit.FieldActionID) { // the number was asked for from within a form: what stands in it stays
		p.Form = s.newCaseForm(words, f, p.Form.Offer, who, withoutOwn(r.PostForm))
	}
	if err := s.addReply(r, p, f); err != nil {
		return err
	}
	if err := s.addCall(r, p, f); err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}
