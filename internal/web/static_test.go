package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// Whatever a page loads is there and kept for ever, every module is loaded by a page, and what one imports is named beforehand.
func TestScripts(t *testing.T) {
	s := &Server{}
	get := func(path string) (*httptest.ResponseRecorder, error) {
		answer := httptest.NewRecorder()
		return answer, s.staticShow(answer, httptest.NewRequest(http.MethodGet, path, nil))
	}
	loaded := map[string]bool{}
	for _, elements := range scriptElements {
		for _, at := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(string(elements), -1) {
			answer, err := get(at[1])
			if err != nil {
				t.Fatalf("%s: %v", at[1], err)
			}
			for name, want := range map[string]string{"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable"} {
				if got := answer.Header().Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", at[1], name, got, want)
				}
			}
			loaded[strings.TrimPrefix(at[1], scripts.path)] = true
		}
	}
	for name, body := range scripts.files {
		if !loaded[name] {
			t.Errorf("no page loads %s", name)
		}
		if strings.HasPrefix(name, "vendor/") {
			continue
		}
		if said, known := bytes.Count(body, []byte(`"./`)), len(imported.FindAll(body, -1)); said != known {
			t.Errorf("%s names %d modules, of which %d are known as imports", name, said, known)
		}
	}
	for _, path := range []string{"/static/0123456789ab/core.js", scripts.path + "none.js", scripts.path, "/static/core.js", scripts.path + "../app.css"} {
		if _, err := get(path); err != errNotFound {
			t.Errorf("%s: %v, want not found", path, err)
		}
	}
}
