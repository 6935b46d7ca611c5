package kit

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// DisplayChoices are the values that each preference may have besides what the system says. Preferences are cookies, which hold before
// login and on the public site too. Who is logged in has them kept with the account, and finds them in every browser.
var DisplayChoices = map[string][]string{
	"text":     {"small", "large", "larger"},
	"contrast": {"high"},
	"theme":    {"light", "dark"},
	"keys":     {"off"}, // single letters as keys (WCAG 2.1.4)
}

// ReadersDisplay is how the reader wants pages drawn: as kept with the account, or else by this browser.
func ReadersDisplay(r *http.Request) Display {
	if who := OfficerOf(r); who != nil && who.Display != nil {
		return Display(*who.Display)
	}
	chosen := func(name string) string {
		if c, err := r.Cookie(name); err == nil && slices.Contains(DisplayChoices[name], c.Value) {
			return c.Value
		}
		return ""
	}
	return Display{Text: chosen("text"), Contrast: chosen("contrast"), Theme: chosen("theme"), Keys: chosen("keys")}
}

// LanguageSet answers GET /language?to=en&back=/cases/… and returns to the page it came from.
func (s *Kit) LanguageSet(w http.ResponseWriter, r *http.Request) error {
	to := r.FormValue("to")
	if !slices.Contains(locale.Languages, to) {
		return ErrNotFound
	}
	s.setPreference(w, languageCookie, to)
	http.Redirect(w, r, LocalPath(r.FormValue("back")), http.StatusSeeOther)
	return nil
}

// DisplaySet answers GET /display?text=large&back=…; an empty or unknown value goes back to what the system says.
func (s *Kit) DisplaySet(w http.ResponseWriter, r *http.Request) error {
	if err := s.KeepDisplay(w, r, ReadersDisplay(r), r.URL.Query()); err != nil {
		return err
	}
	http.Redirect(w, r, LocalPath(r.FormValue("back")), http.StatusSeeOther)
	return nil
}

// KeepDisplay changes what was chosen of how pages are drawn, for this browser and for who is logged in.
func (s *Kit) KeepDisplay(w http.ResponseWriter, r *http.Request, d Display, chosen url.Values) error {
	for name, field := range map[string]*string{"text": &d.Text, "contrast": &d.Contrast, "theme": &d.Theme, "keys": &d.Keys} {
		if !chosen.Has(name) {
			continue
		}
		*field = chosen.Get(name)
		if !slices.Contains(DisplayChoices[name], *field) {
			*field = ""
		}
		s.setPreference(w, name, *field)
	}
	if who := OfficerOf(r); who != nil {
		return s.store.SaveDisplay(r.Context(), who.ID, store.Display(d))
	}
	return nil
}

func (s *Kit) setPreference(w http.ResponseWriter, name, value string) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 60 * 60,
		HttpOnly: true, Secure: s.SecureCookies, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}

// LocalPath keeps a redirect on this site: a browser reads //host and /\host as another one.
func LocalPath(p string) string {
	if !strings.HasPrefix(p, "/") || strings.HasPrefix(p, "//") || strings.ContainsAny(p, "\\\r\n\t") {
		return "/"
	}
	return p
}
