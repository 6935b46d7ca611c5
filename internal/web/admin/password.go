package admin

import (
	"errors"
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// wrongFields are the fields of a refusal that says what is wrong with a form; false for any other error.
func wrongFields(err error) ([]proposal.FieldError, bool) {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput {
		return nil, false
	}
	return refusal.Fields, true
}

// passwordLinkPage is the link behind which somebody chooses a password, to be printed or passed on. It is shown once.
type passwordLinkPage struct {
	kit.Frame
	Name, Login string
	Address     string
	Until       string
	Back        string
}

func (*passwordLinkPage) Template() string { return "password_link.html" }

// PasswordLinkCreate makes the link and shows it.
func (s *Room) PasswordLinkCreate(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	one, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
	if err != nil {
		return err
	}
	p := &passwordLinkPage{
		Frame: kit.Frame{Title: words.T("password.link"), Section: "people"}, Name: words.Name(one.Name), Login: one.Login, Back: "/people/" + string(one.ID),
	}
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error {
		secret, until, err := e.NewPasswordLink(r.Context(), one.ID)
		p.Address, p.Until = s.Site(r)+"/password/"+secret, words.Moment(until)
		return err
	})
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// passwordPage is where the holder of a link chooses a password.
type passwordPage struct {
	kit.Frame
	Name, Login string
	Form        *kit.Form // nil if the link opens nothing
}

func (*passwordPage) Template() string { return "password.html" }

// PasswordShow draws the form.
func (s *Room) PasswordShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderPassword(w, r, http.StatusOK, nil)
}

// PasswordSet keeps the password; the link is used up.
func (s *Room) PasswordSet(w http.ResponseWriter, r *http.Request) error {
	if wrong := wrongWithPassword(r.PostForm); len(wrong) > 0 {
		return s.renderPassword(w, r, http.StatusUnprocessableEntity, wrong)
	}
	err := s.store.UsePasswordLink(r.Context(), r.PathValue("secret"), r.PostForm.Get("password"))
	if kit.Refused(err, proposal.NotFound) {
		return s.renderPassword(w, r, http.StatusNotFound, nil)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}

func (s *Room) renderPassword(w http.ResponseWriter, r *http.Request, status int, wrong []proposal.FieldError) error {
	words := s.Words(r)
	p := &passwordPage{Frame: kit.Frame{Title: words.T("password.choose")}}
	one, err := s.store.PersonByPasswordLink(r.Context(), r.PathValue("secret"))
	switch {
	case kit.Refused(err, proposal.NotFound):
		return s.Render(w, r, http.StatusNotFound, p)
	case err != nil:
		return err
	}
	p.Name, p.Login = words.Name(one.Name), one.Login
	p.Form = &kit.Form{Kind: "password", Path: "/password/" + r.PathValue("secret"), Words: words, Wrong: kit.FieldWords(words, wrong)}
	return s.Render(w, r, status, p)
}
