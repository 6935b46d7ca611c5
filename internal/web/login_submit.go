package web

import (
	"net"
	"net/http"
	"strings"
)

// loginSubmit checks a password and starts a session with a new token.
func (s *Server) loginSubmit(w http.ResponseWriter, r *http.Request) error {
	words := s.words(r)
	p := &loginPage{
		Account: strings.TrimSpace(r.PostForm.Get("account")),
		Back:    localPath(r.PostForm.Get("back")),
		Kept:    s.keptFromLogin(r),
	}
	if p.Account == "" {
		p.AccountError = words.T("login.account_missing")
		return s.renderLogin(w, r, http.StatusUnprocessableEntity, p)
	}
	if r.PostForm.Get("password") == "" {
		p.PasswordError = words.T("login.password_missing")
		return s.renderLogin(w, r, http.StatusUnprocessableEntity, p)
	}

	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	login, err := s.Store.Authenticate(r.Context(), p.Account, r.PostForm.Get("password"), from)
	if err != nil {
		return err
	}
	switch {
	case login.Person != nil:
	case !login.Until.IsZero():
		p.PasswordError = words.T("login.resting", "N", int(login.Until.Sub(s.Now()).Minutes())+1)
		return s.renderLogin(w, r, http.StatusTooManyRequests, p)
	default:
		p.PasswordError = words.T("login.wrong", "N", login.Left)
		return s.renderLogin(w, r, http.StatusUnprocessableEntity, p)
	}

	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionPerson, string(login.Person.ID))
	if p.Kept != nil {
		r = r.WithContext(withOfficer(r.Context(), login.Person))
		return s.render(w, r, http.StatusOK, &keptPage{Frame: Frame{Title: words.T("kept.title")}, Kept: p.Kept})
	}
	http.Redirect(w, r, p.Back, http.StatusSeeOther)
	return nil
}

// keptPage follows a login that interrupted a form: here are your words, send them or look at the case first.
type keptPage struct {
	Frame
	Kept *Kept
}

func (*keptPage) template() string { return "kept.html" }
