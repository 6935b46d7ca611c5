package kit

import (
	"context"
	"net/http"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/web/locale"
)

// Words speak the reader's language, and of the case that the request is about.
func (s *Kit) Words(r *http.Request) *locale.Words {
	body, _ := r.Context().Value(bodyKey{}).(assembly.Body)
	return s.WordsIn(readersLanguage(r)).About(body)
}

type bodyKey struct{}

// about says that a request is about a case of the body.
func about(r *http.Request, body assembly.Body) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), bodyKey{}, body))
}

// OfCase finds out of which body the case in the address is; of one that there is none of, nothing is said.
func (s *Kit) OfCase(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		body, err := s.store.BodyOf(r.Context(), r.PathValue("id"))
		if err != nil {
			return err
		}
		return h(w, about(r, body))
	}
}

// PaperWords are Chinese: what stands on a reply is Chinese in every language of the screens.
func (s *Kit) PaperWords() *locale.Words { return s.WordsIn(locale.Chinese) }

// language is the reader's choice of language.
func readersLanguage(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && c.Value == locale.English {
		return locale.English
	}
	return locale.Chinese
}

const languageCookie = "language"

// WordsIn speak a language, one of locale.Languages.
func (s *Kit) WordsIn(language string) *locale.Words { return s.locales[language] }
