package web

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/kinds"
)

// kindPages are named by the rows of the kinds.
var kindPages = []kinds.Page{kinds.CallPage, kinds.DraftPage, kinds.ReviewPage}

// Each room checks its templates against its pages; here a template is found that no room names.
func TestEveryTemplateIsNamed(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates: ", err)
	}
	all := sources(t, ".go")
	for _, file := range files {
		name := filepath.Base(file)
		named := strings.HasPrefix(name, "_") || slices.Contains(kindPages, kinds.Page(strings.TrimSuffix(name, ".html")))
		for _, source := range all {
			named = named || strings.Contains(source, `"`+name+`"`)
		}
		if !named {
			t.Errorf("no page uses %s", name)
		}
	}
}
