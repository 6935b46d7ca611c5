package web

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
)

//go:embed templates/*.html
var templateFiles embed.FS

// page is the typed data of one template. Every page struct embeds Frame and names its template.
type page interface {
	template() string
	frame() *Frame
}

// renderer holds one parsed set per language and page, so that a template's t speaks the reader's language.
type renderer struct {
	sets map[string]map[string]*template.Template // language, page file
}

// newRenderer parses layout.html and the parts (_*.html) once, and each page on a copy of them.
func newRenderer(locales map[string]*words) (*renderer, error) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	r := &renderer{sets: map[string]map[string]*template.Template{}}
	for lang, w := range locales {
		base, err := template.New("").Funcs(templateFuncs(w)).ParseFS(templateFiles, "templates/_*.html")
		if err != nil {
			return nil, err
		}
		r.sets[lang] = map[string]*template.Template{}
		for _, name := range names {
			file := strings.TrimPrefix(name, "templates/")
			if strings.HasPrefix(file, "_") {
				continue
			}
			set, err := template.Must(base.Clone()).ParseFS(templateFiles, name)
			if err != nil {
				return nil, err
			}
			r.sets[lang][file] = set
		}
	}
	return r, nil
}

// page is the template of a page in a language.
func (r *renderer) page(lang, file string) *template.Template { return r.sets[lang][file] }

// newPart parses one part by itself, for what is no page.
func newPart(w *words, file string) (*template.Template, error) {
	return template.New("").Funcs(templateFuncs(w)).ParseFS(templateFiles, "templates/"+file)
}

func templateFuncs(w *words) template.FuncMap {
	return template.FuncMap{
		"t":       w.T,
		"name":    w.Name,
		"date":    w.Date,
		"day":     w.Day,
		"fullday": w.FullDay,
		"clock":   w.Clock,
		"moment":  w.Moment,
		"dateof":  calendar.DateOf,
		"styles":  func(name string) template.HTML { return styles[name].element },
		"scripts": func(name string) template.HTML { return scriptElements[name] },
		"plus":    func(a, b int) int { return a + b },
	}
}

// render draws a page into memory first: a template that fails half-way becomes an error page, not half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, p page) error {
	s.fillFrame(p.frame(), r)
	var body bytes.Buffer
	set := s.pages.page(readersLanguage(r), p.template())
	if err := set.ExecuteTemplate(&body, p.template(), p); err != nil {
		return fmt.Errorf("render %s: %w", p.template(), err)
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
