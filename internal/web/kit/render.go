package kit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

// Page is the typed data of one template. Every page struct embeds Frame and names its template.
type Page interface {
	Template() string
	frame() *Frame
}

// Render draws a page into memory first: a template that fails half-way becomes an error page, not half a page.
func (s *Kit) Render(w http.ResponseWriter, r *http.Request, status int, p Page) error {
	s.fillFrame(p.frame(), r)
	var body bytes.Buffer
	set := s.pages.Page(s.Words(r), p.Template())
	if err := set.ExecuteTemplate(&body, p.Template(), p); err != nil {
		return fmt.Errorf("render %s: %w", p.Template(), err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	if r.Method == http.MethodPost {
		h.Set("HX-Push-Url", "false") // the answer to a form has no address that can be opened again
	}
	w.WriteHeader(status)
	_, err := w.Write(body.Bytes())
	return err
}

// WriteJSON answers a program.
func WriteJSON(w http.ResponseWriter, status int, value any) error {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}
