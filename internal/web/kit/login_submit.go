package kit

import (
	"net"
	"net/http"
	"strings"
)

// LoginSubmit checks a password and starts a session with a new token.
func (s *Kit) LoginSubmit(w http.ResponseWriter, r *http.Request) error {
	words := s.Words(r)
	p := &LoginPage{
		Account: strings.TrimSpace(r.PostForm.Get("account")),
		Back:    LocalPath(r.PostForm.Get("back")),
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
	login, err := s.store.Authenticate(r.Context(), p.Account, r.PostForm.Get("password"), from)
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
	before, _ := r.Cookie(officerCookie)
	http.SetCookie(w, &http.Cookie{
		Name: officerCookie, Value: string(login.Person.ID), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.SecureCookies,
	})
	if p.Kept != nil && (before == nil || before.Value != string(login.Person.ID)) {
		s.Flash(r, words.T("kept.others")) // nobody sends what somebody else wrote
		p.Back = "/"                       // the form's own address takes posts alone
	} else if p.Kept != nil {
		r = r.WithContext(WithOfficer(r.Context(), login.Person))
		return s.Render(w, r, http.StatusOK, &KeptPage{Frame: Frame{Title: words.T("kept.title")}, Kept: p.Kept})
	}
	if p.Back == "/" {
		p.Back = startOf(login.Person)
	}
	http.Redirect(w, r, p.Back, http.StatusSeeOther)
	return nil
}

// KeptPage follows a login that interrupted a form: here are your words, send them or look at the case first.
type KeptPage struct {
	Frame
	Kept *Kept
}

func (*KeptPage) Template() string { return "kept.html" }
