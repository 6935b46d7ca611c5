package admin

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/banli/banli/internal/calendar"
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

// PasswordLinkCreate makes the link and shows it, or has a mail take it to the person.
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
	if r.PostForm.Get("by") == "mail" {
		return s.mailPasswordLink(w, r, who, one)
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

// mailPasswordLink has a mail take the link to the person; nobody else sees it.
func (s *Room) mailPasswordLink(w http.ResponseWriter, r *http.Request, who *store.Person, one store.Person) error {
	if !s.mail {
		return kit.ErrNotFound
	}
	words, to, until := s.Words(r), "", time.Time{}
	err := s.store.Edit(r.Context(), who.ID, func(e *store.Edit) (err error) {
		to, until, err = e.MailPasswordLink(r.Context(), one.ID)
		return err
	})
	if err != nil {
		return err
	}
	s.Flash(r, words.T("flash.password_mail", "Email", to, "Until", words.Moment(until)))
	http.Redirect(w, r, "/people/"+url.PathEscape(string(one.ID)), http.StatusSeeOther)
	return nil
}

// TokenRevoke ends a token of the API.
func (s *Room) TokenRevoke(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error { return e.RevokeToken(r.Context(), r.PathValue("token")) })
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.token_revoked"))
	http.Redirect(w, r, "/people/"+url.PathEscape(r.PathValue("person")), http.StatusSeeOther)
	return nil
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
	one, err := s.store.PersonByPasswordLink(r.Context(), r.PathValue("secret"))
	if kit.Refused(err, proposal.NotFound) {
		return s.renderPassword(w, r, http.StatusNotFound, nil)
	} else if err != nil {
		return err
	}
	wrong, err := s.wrongWithChosen(r, one)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.renderPassword(w, r, http.StatusUnprocessableEntity, wrong)
	}
	err = s.store.UsePasswordLink(r.Context(), r.PathValue("secret"), r.PostForm.Get("password"))
	if kit.Refused(err, proposal.NotFound) {
		return s.renderPassword(w, r, http.StatusNotFound, nil)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}

// wrongWithChosen is what is wrong with the password that the person has typed.
func (s *Room) wrongWithChosen(r *http.Request, one store.Person) ([]proposal.FieldError, error) {
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	return wrongWithPassword(r.PostForm, one, bureau), err
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

// ownPasswordPage is where somebody who is logged in changes their password.
type ownPasswordPage struct {
	kit.Frame
	Form     *kit.Form
	Sessions []SessionRow
}

func (*ownPasswordPage) Template() string { return "own_password.html" }

// OwnPasswordShow draws the form.
func (s *Room) OwnPasswordShow(w http.ResponseWriter, r *http.Request) error {
	return s.renderOwnPassword(w, r, http.StatusOK, nil)
}

// OwnPasswordSet asks for the old password, counted as a login is, and keeps the new one. This session goes on, all others are over.
func (s *Room) OwnPasswordSet(w http.ResponseWriter, r *http.Request) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	login, err := s.Authenticate(r, who.Login, r.PostForm.Get("old"))
	if err != nil {
		return err
	}
	if login.Person == nil {
		text, status := words.T("password.old_wrong", "N", login.Left), http.StatusUnprocessableEntity
		if !login.Until.IsZero() {
			text, status = s.RestingWords(words, login), http.StatusTooManyRequests
		}
		return s.renderOwnPassword(w, r, status, []kit.FieldMessage{{Field: "old", Text: text}})
	}
	wrong, err := s.wrongWithChosen(r, *who)
	if err != nil {
		return err
	}
	if len(wrong) > 0 {
		return s.renderOwnPassword(w, r, http.StatusUnprocessableEntity, kit.FieldWords(words, wrong))
	}
	err = s.store.Edit(r.Context(), who.ID, func(e *store.Edit) error { return e.ChangePassword(r.Context(), who.ID, r.PostForm.Get("password")) })
	if err != nil {
		return err
	}
	now, err := s.store.Person(r.Context(), who.ID)
	if err != nil {
		return err
	}
	if err := s.BeginSession(r, &now); err != nil {
		return err
	}
	s.Flash(r, words.T("password.changed"))
	http.Redirect(w, r, "/settings", http.StatusSeeOther)
	return nil
}

func (s *Room) renderOwnPassword(w http.ResponseWriter, r *http.Request, status int, wrong []kit.FieldMessage) error {
	words := s.Words(r)
	sessions, err := s.sessionRows(r, *kit.OfficerOf(r), "")
	if err != nil {
		return err
	}
	return s.Render(w, r, status, &ownPasswordPage{
		Sessions: sessions,
		Frame:    kit.Frame{Title: words.T("password.change"), Section: "settings"},
		Form:     &kit.Form{Kind: "own_password", Path: "/password", Words: words, Wrong: wrong},
	})
}
