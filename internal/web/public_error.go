package web

import "net/http"

// publicErrorPage tells a reader of the public site what an officer's page would tell in the words of the office.
type publicErrorPage struct {
	Frame
	Text   string
	Number string // to read out; only for what nobody foresaw
}

func (*publicErrorPage) template() string { return "public_error.html" }

func (s *Server) renderPublicError(w http.ResponseWriter, r *http.Request, f failure) error {
	words := s.words(r)
	p := &publicErrorPage{Frame: Frame{Title: words.T("public.broken.title")}, Text: words.T("public.broken.text"), Number: f.Number}
	if f.Status < http.StatusInternalServerError {
		p.Title, p.Text = words.T("public.missing.title"), words.T("public.missing.text")
	}
	return s.render(w, r, f.Status, p)
}
