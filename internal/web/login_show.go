package web

import (
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/proposal"
)

// loginPage asks who is there. When a session ended under somebody's hands it says so and what is safe.
type loginPage struct {
	Frame
	Steps   []proposal.Step
	Account string
	Back    string // where to go after login
	Lost    bool   // a session was there and has ended
	Kept    *Kept  // the form that came when it had ended

	AccountError  string
	PasswordError string
}

func (*loginPage) template() string { return "login.html" }

func escapeQuery(s string) string { return url.QueryEscape(s) }

// loginShow draws the login page, or sends who is logged in already to work.
func (s *Server) loginShow(w http.ResponseWriter, r *http.Request) error {
	back := localPath(r.FormValue("back"))
	if officerOf(r) != nil {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	_, err := r.Cookie(sessionCookie)
	return s.renderLogin(w, r, http.StatusOK, &loginPage{Back: back, Lost: err == nil && r.URL.Query().Has("back")})
}

func (s *Server) renderLogin(w http.ResponseWriter, r *http.Request, status int, p *loginPage) error {
	p.Title = s.words(r).T("login.title")
	p.Steps = proposal.Steps
	return s.render(w, r, status, p)
}
