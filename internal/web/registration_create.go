package web

import (
	"errors"
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/workflows"
)

// registrationCreate registers a proposal and opens its case. A number that is on the register already shows the case
// that bears it.
func (s *Server) registrationCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	if !who.Has(proposal.Liaison) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	in := &proposal.Registration{}
	wrong := decodeForm(r.PostForm, in)
	action, more := actionOf(proposal.Register, in, r.PostForm, who)
	id := workflows.CaseID(in.RegisterKey)
	var err error
	if wrong = append(wrong, more...); len(wrong) > 0 {
		err = everythingWrong(wrong, action)
	} else {
		_, err = s.Cases.Act(r.Context(), id, action)
	}
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.forgetTyped(r, "", formRegister, "")
		s.flash(r, words.T("flash.registered", "Number", words.number(in.RegisterKey)))
		http.Redirect(w, r, "/cases/"+id, http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput && refusal.Code != proposal.AlreadyRegistered:
		return err
	}
	p, err := s.newRegistrationPage(r, r.PostForm)
	if err != nil {
		return err
	}
	p.Form.errors = fieldWords(words, refusal.Fields)
	if refusal.Code == proposal.AlreadyRegistered {
		p.Existing = s.existingCase(r, id, who)
		p.Form.errors = append(p.Form.errors, fieldMessage{"number", words.T("refusal.already_registered.title")})
	}
	return s.render(w, r, statusOf[refusal.Code], p)
}
