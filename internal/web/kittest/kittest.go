// Package kittest checks in a room's tests that its pages and its templates fit. Only tests import it.
package kittest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jba/templatecheck"

	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/templates"
)

// Pages checks the template of each page against the page, in every language, and that every template that the package under test
// names is among them.
func Pages(t *testing.T, pages ...kit.Page) {
	t.Helper()
	locales, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := templates.Parse()
	if err != nil {
		t.Fatal(err)
	}
	checked := map[string]bool{}
	for _, p := range pages {
		checked[p.Template()] = true
		for _, lang := range locale.Languages {
			page := set.Page(locales[lang], p.Template())
			if page == nil {
				t.Fatalf("%T names %s, which does not exist", p, p.Template())
			}
			if err := templatecheck.CheckHTML(page.Lookup(p.Template()), p); err != nil {
				t.Errorf("%s, %s: %v", p.Template(), lang, err)
			}
		}
	}
	for _, name := range namedTemplates(t) {
		if !checked[name] {
			t.Errorf("no page among those checked uses %s", name)
		}
	}
}

// pageName is the name of a template in the sources; parts, which begin with an underscore, are no pages.
var pageName = regexp.MustCompile(`"([a-z][a-z_]*\.html)"`)

func namedTemplates(t *testing.T) (names []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pageName.FindAllStringSubmatch(string(source), -1) {
			names = append(names, m[1])
		}
	}
	return names
}
