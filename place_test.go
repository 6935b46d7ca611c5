package banli_test

import (
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// TestNoPlaceIsCompiledIn: whose bureau it is stands in the database. Only the demonstration and the rule packs that come with it name a place; tests
// may.
func TestNoPlaceIsCompiledIn(t *testing.T) {
	looked := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (name == "internal/demo" || name == "internal/rulepack/rules" || name == "internal/testkit" || name == "internal/web/kittest" ||
			path.Base(name) == "node_modules" || name != "." && strings.HasPrefix(path.Base(name), ".")):
			return fs.SkipDir
		case entry.IsDir() || strings.HasSuffix(name, "_test.go") || !slices.Contains([]string{".go", ".html", ".yaml", ".sql", ".js", ".css"}, path.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		looked++
		for i, line := range strings.Split(string(text), "\n") {
			if strings.Contains(line, "沈阳") || strings.Contains(strings.ToLower(line), "shenyang") {
				t.Errorf("%s:%d names a place: %s", name, i+1, line)
			}
		}
		return nil
	})
	if err != nil || looked < 100 {
		t.Errorf("%d files, %v", looked, err)
	}
}
