package office

import (
	"errors"
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/workflows"
)

// RegistrationCreate registers a proposal and opens its case. A number that is on the register already shows the case
// that bears it.
func (s *Room) RegistrationCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !who.Has(proposal.Liaison) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	in := &proposal.Registration{}
	wrong := kit.DecodeForm(r.PostForm, in)
	action, more := casefile.ActionOf(proposal.Register, in, r.PostForm, who)
	id := workflows.CaseID(in.RegisterKey)
	var err error
	if wrong = append(wrong, more...); len(wrong) > 0 {
		err = casefile.EverythingWrong(wrong, action)
	} else {
		_, err = s.cases.Act(r.Context(), id, action)
	}
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.ForgetTyped(r, "", kit.FormRegister, "")
		s.Flash(r, words.T("flash.registered", "Number", words.Number(in.RegisterKey)))
		http.Redirect(w, r, "/cases/"+id, http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput && refusal.Code != proposal.AlreadyRegistered:
		return err
	}
	p, err := s.newRegistrationPage(r, r.PostForm)
	if err != nil {
		return err
	}
	p.Form.Wrong = kit.FieldWords(words, refusal.Fields)
	if refusal.Code == proposal.AlreadyRegistered {
		p.Existing = s.existingCase(r, id, who)
		p.Form.Wrong = append(p.Form.Wrong, kit.FieldMessage{Field: "number", Text: words.T("refusal.already_registered.title")})
	}
	return s.Render(w, r, kit.StatusOf[refusal.Code], p)
}
