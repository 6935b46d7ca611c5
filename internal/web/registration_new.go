package web

import (
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// registrationPage takes a proposal in (登记).
type registrationPage struct {
	Frame
	Form     *Form
	Existing *ExistingCase // the number is on the register already
}

func (*registrationPage) template() string { return "registration.html" }

// ExistingCase is the case that bears the number. Path is empty if it is not for this officer's eyes.
type ExistingCase struct{ Path, Number, Official string }

// registrationNew draws the empty form.
func (s *Server) registrationNew(w http.ResponseWriter, r *http.Request) error {
	if !officerOf(r).Has(proposal.Liaison) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Liaison}
	}
	p, err := s.newRegistrationPage(r, nil)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

func (s *Server) newRegistrationPage(r *http.Request, typed url.Values) (*registrationPage, error) {
	w := s.words(r)
	people, err := s.Store.People(r.Context())
	if err != nil {
		return nil, err
	}
	form := &Form{
		Kind: proposal.Register, Path: "/cases", ActionID: newActionID(), Late: typed.Get("late") != "",
		Do: w.T("do.register"), After: w.T("after.register"),
		words: w, values: typed, options: map[string][]Choice{},
	}
	bureau := &caseFile{Case: &store.Case{}, people: people}
	for _, field := range form.row().Fields {
		form.options[field.Name] = bureau.choices(w, field.Choices, proposal.Offer{})
	}
	form.Keep = newKeeping(formRegister, "", "", typed != nil)
	if typed == nil {
		form.values = url.Values{}
		for _, field := range form.row().Fields {
			if field.Opens != nil {
				form.values.Set(field.Name, field.Opens(form.about))
			}
		}
		all, err := s.Store.Typed(r.Context(), officerOf(r).ID, "")
		if err != nil {
			return nil, err
		}
		if kept := typedIn(all, formRegister, ""); kept != nil {
			form.values = form.Keep.fill(w, kept)
			form.Late = form.values.Get("late") != ""
		}
	}
	return &registrationPage{Frame: Frame{Title: w.T("register.title"), Section: "register"}, Form: form}, nil
}

// existingCase tells which case bears a number, as far as this officer may see it.
func (s *Server) existingCase(r *http.Request, id string, who *store.Person) *ExistingCase {
	c, err := s.Store.Case(r.Context(), id)
	if err != nil || !c.ShowTo(who.Person) {
		return &ExistingCase{}
	}
	return &ExistingCase{"/cases/" + id, s.words(r).number(c.Key), c.Key.OfficialTitle(c.Subject)}
}
