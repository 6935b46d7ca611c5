// Package templates holds the HTML of every page, parsed once for each language.
//
// The kit draws pages with it, and the inbox its mails. It must never import a room: a template is drawn with a struct that the
// room owns, and each room's test holds the two together.
package templates

import (
	"embed"
	"html/template"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/static"
)

//go:embed *.html
var templateFiles embed.FS

// Set holds one parsed set per language, body and page, so that a template's t speaks the reader's language and of the case shown.
type Set struct {
	sets map[*locale.Words]map[string]*template.Template // by page file
}

// Parse parses layout.html and the parts (_*.html) once, and each page on a copy of them.
func Parse(locales map[string]*locale.Words) (*Set, error) {
	names, err := fs.Glob(templateFiles, "*.html")
	if err != nil {
		return nil, err
	}
	r := &Set{sets: map[*locale.Words]map[string]*template.Template{}}
	for _, w := range locales {
		base, err := template.New("").Funcs(templateFuncs(w)).ParseFS(templateFiles, "_*.html")
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
		r.sets[w] = pages
		for _, body := range assembly.Bodies { // what is parsed once speaks of each body
			of := w.About(body)
			r.sets[of] = map[string]*template.Template{}
			for name, page := range pages {
				r.sets[of][name] = template.Must(page.Clone()).Funcs(templateFuncs(of))
			}
		}
	}
	return r, nil
}

// Page is the template of a page in these words.
func (r *Set) Page(w *locale.Words, file string) *template.Template { return r.sets[w][file] }

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
