package kit

import (
	"net/http"

	"github.com/banli/banli/internal/web/locale"
)

// Words speak the reader's language.
func (s *Kit) Words(r *http.Request) *locale.Words { return s.WordsIn(readersLanguage(r)) }

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
