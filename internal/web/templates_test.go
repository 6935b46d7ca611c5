package web

import (
	"path/filepath"
	"strings"
	"testing"
)

// Each room checks its templates against its pages; here a template is found that no room names.
func TestEveryTemplateIsNamed(t *testing.T) {
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates: ", err)
	}
	all := sources(t, ".go")
	for _, file := range files {
		name := filepath.Base(file)
		named := strings.HasPrefix(name, "_")
		for _, source := range all {
			named = named || strings.Contains(source, `"`+name+`"`)
		}
		if !named {
			t.Errorf("no page uses %s", name)
		}
	}
}
