// Package templates holds the HTML of every page.
//
// The kit draws pages with it, and the inbox its mails. It must never import a room: a template is drawn with a struct that the
// room owns, and each room's test holds the two together.
package templates

import (
	"embed"
	"html/template"
	"io/fs"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/static"
)

//go:embed *.html
var templateFiles embed.FS

// parsed are the pages as they stand in the files, each with the layout and the parts (_*.html). None is drawn, since one that was drawn cannot be copied;
// their functions speak for nobody.
var parsed = sync.OnceValues(func() (map[string]*template.Template, error) {
	names, err := fs.Glob(templateFiles, "*.html")
	if err != nil {
		return nil, err
	}
	base, err := template.New("").Funcs(templateFuncs(nil)).ParseFS(templateFiles, "_*.html")
	if err != nil {
		return nil, err
	}
	pages := map[string]*template.Template{}
	for _, name := range names {
		if strings.HasPrefix(name, "_") {
			continue
		}
		if pages[name], err = template.Must(base.Clone()).ParseFS(templateFiles, name); err != nil {
			return nil, err
		}
	}
	return pages, nil
})

// Set holds a copy of each page for the words that it was drawn in, so that a template's t speaks the reader's language and of the case shown. A copy is made
// when it is first asked for: all of them at once would take longer than the rest of a start.
type Set struct {
	pages map[string]*template.Template
	mu    sync.Mutex
	drawn map[drawn]*template.Template
}

type drawn struct {
	words *locale.Words
	file  string
}

// Parse fails if a template in the binary is broken.
func Parse() (*Set, error) {
	pages, err := parsed()
	return &Set{pages: pages, drawn: map[drawn]*template.Template{}}, err
}

// Page is the template of a page in these words; nil if there is none in the file.
func (r *Set) Page(w *locale.Words, file string) *template.Template {
	r.mu.Lock()
	defer r.mu.Unlock()
	at := drawn{w, file}
	if page := r.pages[file]; page != nil && r.drawn[at] == nil {
		r.drawn[at] = template.Must(page.Clone()).Funcs(templateFuncs(w))
	}
	return r.drawn[at]
}

// NewPart parses one part by itself, for what is no page.
func NewPart(w *locale.Words, file string) (*template.Template, error) {
	return template.New("").Funcs(templateFuncs(w)).ParseFS(templateFiles, file)
}

func templateFuncs(w *locale.Words) template.FuncMap {
	return template.FuncMap{
		"t":       w.T,
		"name":    w.Name,
		"date":    w.Date,
		"day":     w.Day,
		"fullday": w.FullDay,
		"clock":   w.Clock,
		"moment":  w.Moment,
		"dateof":  calendar.DateOf,
		"styles":  func(name string) template.HTML { return static.Styles[name].Element },
		"scripts": func(name string) template.HTML { return static.ScriptElements[name] },
		"plus":    func(a, b int) int { return a + b },
		"short":   short,
	}
}

// short reports whether a cell of a table stays in one line on every screen: beside a long cell a browser would break even names.
func short(cell string) bool {
	return utf8.RuneCountInString(cell) <= 10 && !strings.Contains(cell, "\n")
}
