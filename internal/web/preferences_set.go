package web

import (
	"net/http"
	"slices"
	"strings"
)

// Preferences are cookies, not part of the session: they hold before login and on the public site too.
var displayChoices = map[string][]string{
	"text":     {"small", "large", "larger"},
	"contrast": {"high"},
	"theme":    {"light", "dark"},
}

func readersDisplay(r *http.Request) Display {
	chosen := func(name string) string {
		if c, err := r.Cookie(name); err == nil && slices.Contains(displayChoices[name], c.Value) {
			return c.Value
		}
		return ""
	}
	return Display{Text: chosen("text"), Contrast: chosen("contrast"), Theme: chosen("theme")}
}

// languageSet answers GET /language?to=en&back=/cases/… and returns to the page it came from.
func (s *Server) languageSet(w http.ResponseWriter, r *http.Request) error {
	to := r.FormValue("to")
	if !slices.Contains(languages, to) {
		return errNotFound
	}
	s.setPreference(w, languageCookie, to)
	http.Redirect(w, r, localPath(r.FormValue("back")), http.StatusSeeOther)
	return nil
}

// displaySet answers GET /display?text=large&back=…; an empty or unknown value goes back to what the system says.
func (s *Server) displaySet(w http.ResponseWriter, r *http.Request) error {
	for name, values := range displayChoices {
		if !r.URL.Query().Has(name) {
			continue
		}
		value := r.FormValue(name)
		if !slices.Contains(values, value) {
			value = ""
		}
		s.setPreference(w, name, value)
	}
	http.Redirect(w, r, localPath(r.FormValue("back")), http.StatusSeeOther)
	return nil
}

func (s *Server) setPreference(w http.ResponseWriter, name, value string) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 60 * 60,
		HttpOnly: true, Secure: s.SecureCookies, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}

// localPath keeps a redirect on this site: a browser reads //host and /\host as another one.
func localPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}
