package static

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
	get := func(path string) (answer *httptest.ResponseRecorder, found bool) {
		answer = httptest.NewRecorder()
		found, err := Serve(answer, httptest.NewRequest(http.MethodGet, path, nil))
		if err != nil {
			t.Fatal(err)
		}
		return answer, found
	}
	loaded := map[string]bool{}
	for _, elements := range ScriptElements {
		for _, at := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(string(elements), -1) {
			answer, found := get(at[1])
			if !found {
				t.Fatalf("%s is not there", at[1])
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
		if _, found := get(path); found {
			t.Errorf("%s is there", path)
		}
	}
}
