package site

import (
	"net/http"

	"github.com/banli/banli/internal/web/kit"
)

// publicErrorPage tells a reader of the public site what an officer's page would tell in the words of the office.
type publicErrorPage struct {
	kit.Frame
	Text   string
	Number string // to read out; only for what nobody foresaw
}

func (*publicErrorPage) Template() string { return "public_error.html" }

// RenderError tells a reader of the public site that a page failed.
func (s *Room) RenderError(w http.ResponseWriter, r *http.Request, f kit.Failure) error {
	words := s.Words(r)
	p := &publicErrorPage{Frame: kit.Frame{Title: words.T("public.broken.title")}, Text: words.T("public.broken.text"), Number: f.Number}
	if f.Status < http.StatusInternalServerError {
		p.Title, p.Text = words.T("public.missing.title"), words.T("public.missing.text")
	}
	return s.Render(w, r, f.Status, p)
}
