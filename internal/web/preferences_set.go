package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/store"
)

// Preferences are cookies, which hold before login and on the public site too. Who is logged in has them kept with the account,
// and finds them in every browser.
var displayChoices = map[string][]string{
	"text":     {"small", "large", "larger"},
	"contrast": {"high"},
	"theme":    {"light", "dark"},
	"keys":     {"off"}, // single letters as keys (WCAG 2.1.4)
}

func readersDisplay(r *http.Request) Display {
	if who := officerOf(r); who != nil && who.Display != nil {
		return Display(*who.Display)
	}
	chosen := func(name string) string {
		if c, err := r.Cookie(name); err == nil && slices.Contains(displayChoices[name], c.Value) {
			return c.Value
		}
		return ""
	}
	return Display{Text: chosen("text"), Contrast: chosen("contrast"), Theme: chosen("theme"), Keys: chosen("keys")}
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
	if err := s.keepDisplay(w, r, readersDisplay(r), r.URL.Query()); err != nil {
		return err
	}
	http.Redirect(w, r, localPath(r.FormValue("back")), http.StatusSeeOther)
	return nil
}

// keepDisplay changes what was chosen of how pages are drawn, for this browser and for who is logged in.
func (s *Server) keepDisplay(w http.ResponseWriter, r *http.Request, d Display, chosen url.Values) error {
	for name, field := range map[string]*string{"text": &d.Text, "contrast": &d.Contrast, "theme": &d.Theme, "keys": &d.Keys} {
		if !chosen.Has(name) {
			continue
		}
		*field = chosen.Get(name)
		if !slices.Contains(displayChoices[name], *field) {
			*field = ""
		}
		s.setPreference(w, name, *field)
	}
	if who := officerOf(r); who != nil {
		return s.Store.SaveDisplay(r.Context(), who.ID, store.Display(d))
	}
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
