package kit

import (
	"net/http"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
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

	login, err := s.Authenticate(r, p.Account, r.PostForm.Get("password"))
	if err != nil {
		return err
	}
	switch {
	case login.Person != nil:
	case !login.Until.IsZero():
		p.PasswordError = s.RestingWords(words, login)
		return s.renderLogin(w, r, http.StatusTooManyRequests, p)
	default:
		p.PasswordError = words.T("login.wrong", "N", login.Left)
		return s.renderLogin(w, r, http.StatusUnprocessableEntity, p)
	}

	if p.Kept != nil && !s.wrote(r, login) {
		p.Others = true
		return s.renderLogin(w, r, http.StatusConflict, p)
	}
	for _, key := range []string{sessionProof, sessionThere, sessionThereSession, sessionThereFactor} {
		s.sessions.Remove(r.Context(), key)
	}
	if login.Person.SecondFactor {
		if err := s.awaitSecond(r, login.Person); err != nil {
			return err
		}
		return s.renderLoginSecond(w, r, http.StatusOK, login.Person, &LoginSecondPage{Back: p.Back, Kept: p.Kept}, "")
	}
	s.sessions.Put(r.Context(), sessionSureAt, s.Now().Unix()) // the password is all that they have
	return s.enter(w, r, login.Person, p.Back, p.Kept)
}

// enter begins the session of somebody who has proved who they are, and goes to where they wanted, or shows the form that was kept for them.
func (s *Kit) enter(w http.ResponseWriter, r *http.Request, who *store.Person, back string, kept *Kept) error {
	if err := s.BeginSession(r, who); err != nil {
		return err
	}
	if err := s.tellCame(r, who.ID); err != nil {
		return err
	}
	browser, err := s.store.RememberBrowser(r.Context(), who.ID, s.browserOf(r))
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{
		Name: s.secretCookie(browserCookie), Value: browser, Path: "/", MaxAge: int(browserCookieAge.Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.SecureCookies,
	})
	if kept != nil {
		r = r.WithContext(WithOfficer(r.Context(), who))
		return s.Render(w, r, http.StatusOK, &KeptPage{Frame: Frame{Title: s.Words(r).T("kept.title")}, Kept: kept})
	}
	if back == "/" {
		back = startOf(who)
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// tellCame keeps that they came in, and whether by the provider.
func (s *Kit) tellCame(r *http.Request, who proposal.PersonID) error {
	if s.sessions.GetString(r.Context(), sessionThere) != "" {
		return s.store.TellAtProvider(r.Context(), who, store.CameIn, "", From(r))
	}
	return s.store.TellLogin(r.Context(), who, store.CameIn, From(r))
}

// Authenticate checks a password that came with the request. Tries are counted wherever one is asked for.
func (s *Kit) Authenticate(r *http.Request, login, plain string) (store.Login, error) {
	return s.store.Authenticate(r.Context(), login, plain, From(r), s.browserOf(r))
}

// RestingWords say how long a login may not be tried.
func (s *Kit) RestingWords(w *locale.Words, login store.Login) string {
	return w.T("login.resting", "N", int(login.Until.Sub(s.Now()).Minutes())+1)
}

// wrote reports whether it was they who log in now that typed what the login form carries: their page says so, or, if it does not,
// they were the last in this browser.
func (s *Kit) wrote(r *http.Request, login store.Login) bool {
	if drawn := r.PostForm.Get(keptPrefix + FieldDrawnFor); drawn != "" {
		return drawn == string(login.Person.ID)
	}
	return login.Known
}

// KeptPage follows a login, or a way to the provider, that interrupted a form: here are your words, send them or look at the case first.
type KeptPage struct {
	Frame
	Kept   *Kept
	Proved bool // nothing had ended: they went to prove who they are
}

func (*KeptPage) Template() string { return "kept.html" }
