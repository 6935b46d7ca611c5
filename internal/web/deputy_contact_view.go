package web

import (
	"net/http"

	"github.com/banli/banli/internal/proposal"
)

// deputyContactView shows the deputy's contact data on the case page and records who looked. It is a POST, because it
// leaves a line in the record; leaving the page hides the data again.
func (s *Server) deputyContactView(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	id := r.PathValue("id")
	f, err := s.openCase(r.Context(), id, who)
	if err != nil {
		return err
	}
	if !f.HasContact || !f.As(who.Person).SeesAll(f.State) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	contact, err := s.Store.ViewContact(r.Context(), id, who.ID)
	if err != nil {
		return err
	}
	f, err = s.openCase(r.Context(), id, who) // the look is in the record now
	if err != nil {
		return err
	}
	words := s.words(r)
	p := s.newCasePage(words, f, who)
	p.Deputy.Contact = contact
	s.offerForm(words, p, f, who, wanted{})
	if err := s.addLetter(r, p, f); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}
