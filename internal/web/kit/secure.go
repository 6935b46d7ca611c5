package kit

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klauspost/compress/gzhttp"

	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/web/static"
)

// A reply of 100,000 characters, percent-encoded, is 900 KB.
const maxBody = 2 << 20

// secureHeaders: nothing inline, nothing from elsewhere, no framing. Referrer-Policy must not be no-referrer, or browsers
// send "Origin: null" with our own forms.
func (s *Kit) secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src "+static.Styles["officer"].Source+" "+static.Styles["public"].Source+"; script-src 'self'; img-src 'self' data:; "+
			"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if s.SecureCookies {
			h.Set("Strict-Transport-Security", "max-age=31536000") // a year: nobody comes in clear any more
		}
		next.ServeHTTP(w, r)
	})
}

// readable refuses a body over the limit and text that Postgres or a reply could not hold: broken UTF-8 and control
// characters; what nobody sees of the rest is folded away. It leaves bodies that are not forms to whoever reads them.
func (s *Kit) readable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		if r.Method == http.MethodPost && isForm(r) {
			if err := r.ParseForm(); err != nil {
				s.fail(w, r, err)
				return
			}
		}
		if !IsText(r.URL.Path) || !formIsText(r.URL.Query()) || !formIsText(r.PostForm) {
			s.fail(w, r, ErrNotText)
			return
		}
		foldForm(r.PostForm)
		if query := r.URL.Query(); foldForm(query) {
			r.URL.RawQuery = query.Encode()
		}
		next.ServeHTTP(w, r)
	})
}

// foldForm folds what was typed, and reports whether that changed anything. A password is what its owner made it.
func foldForm(form map[string][]string) (changed bool) {
	for name, values := range form {
		if strings.HasPrefix(name, "password") {
			continue
		}
		for i, typed := range values {
			values[i] = chinese.Fold(typed)
			changed = changed || values[i] != typed
		}
	}
	return changed
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

func formIsText(form map[string][]string) bool {
	for name, values := range form {
		if !IsText(name) {
			return false
		}
		for _, v := range values {
			if !IsText(v) {
				return false
			}
		}
	}
	return true
}

// IsText reports whether a text is UTF-8 without control characters, except line ends and tabs.
func IsText(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' })
}

// sameOrigin refuses a form that another site sent, and one that does not say where it comes from: every browser on the
// floor names an origin when it posts, so only a program leaves it out, and a program has the API.
func (s *Kit) sameOrigin(next http.Handler) http.Handler {
	var protection http.CrossOriginProtection
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
		unnamed := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == ""
		if err := protection.Check(r); err != nil || (!safe && unnamed) {
			s.fail(w, r, errCrossOrigin)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// AskedBy lets the scripts of another origin, if there is one, ask with the session of whoever looks at them. Browsers send the session only where both are of one site.
func (s *Kit) AskedBy(origin string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		if origin != "" && r.Header.Get("Origin") == origin {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Credentials", "true")
			if r.Method == http.MethodOptions {
				h.Set("Access-Control-Allow-Headers", "Content-Type, X-Namespace")
				w.WriteHeader(http.StatusNoContent)
				return
			}
			r.Header.Set("Sec-Fetch-Site", "same-origin") // as good as, here
		}
		next.ServeHTTP(w, r)
	})
}

// compressed sends text compressed to whoever can read it so. A page holds no secret of the site beside words that a reader chose,
// so its length tells nothing (BREACH). Streams and files stay as they are.
func compressed(next http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.ContentTypes([]string{"text/html", "text/css", "text/javascript", "application/json"}))
	if err != nil {
		panic(err) // only for options that do not fit
	}
	return wrap(next)
}
