package kit

import (
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/proposal"
)

// LoginPage asks who is there. When a session ended under somebody's hands it says so and what is safe.
type LoginPage struct {
	Frame
	Steps   []proposal.Step
	Account string
	Back    string // where to go after login
	Lost    bool   // a session was there and has ended
	Kept    *Kept  // the form that came when it had ended
	Others  bool   // it was somebody else's: who logs in did not write it

	AccountError  string
	PasswordError string

	Provider      string // what the house's own provider of logins is called; "" if nobody comes in by one
	ProviderAway  bool   // it does not answer
	ProviderError string // what went wrong on the way there and back
	NoPasswords   bool   // passwords let in administrators alone
}

func (*LoginPage) Template() string { return "login.html" }

// EscapeQuery makes a text safe as a value in an address.
func EscapeQuery(s string) string { return url.QueryEscape(s) }

// LoginShow draws the login page, or sends who is logged in already to work.
func (s *Kit) LoginShow(w http.ResponseWriter, r *http.Request) error {
	back := LocalPath(r.FormValue("back"))
	if OfficerOf(r) != nil {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	_, err := r.Cookie(s.secretCookie(sessionCookie))
	return s.renderLogin(w, r, http.StatusOK, &LoginPage{Back: back, Lost: err == nil && r.URL.Query().Has("back")})
}

func (s *Kit) renderLogin(w http.ResponseWriter, r *http.Request, status int, p *LoginPage) error {
	p.Title = s.Words(r).T("login.title")
	p.Steps = proposal.Steps
	s.sayProvider(r, p)
	return s.Render(w, r, status, p)
}
