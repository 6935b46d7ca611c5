package web

import (
	"net"
	"net/http"
	"strings"

	"github.com/banli/banli/internal/password"
)

// noHash is compared with when the account does not exist, so that the answer takes as long as for one that does.
var noHash = password.Hash("")

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

	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	key := strings.ToLower(p.Account) + " " + host
	left, rest := s.logins.take(key)
	if rest > 0 {
		p.PasswordError = words.T("login.resting", "N", int(rest.Minutes())+1)
		return s.renderLogin(w, r, http.StatusTooManyRequests, p)
	}
	id, hash, err := s.credentials(r.Context(), p.Account)
	if err != nil {
		return err
	}
	if id == "" {
		hash = noHash
	}
	ok, err := password.Matches(hash, r.PostForm.Get("password"))
	if err != nil {
		return err
	}
	if !ok || id == "" {
		p.PasswordError = words.T("login.wrong", "N", left)
		if left == 0 {
			p.PasswordError = words.T("login.wrong_last")
		}
		return s.renderLogin(w, r, http.StatusUnprocessableEntity, p)
	}

	s.logins.clear(key)
	if err := s.sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.sessions.Put(r.Context(), sessionPerson, string(id))
	if p.Kept != nil {
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
