package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

func documentedPaths(t *testing.T) map[string]map[string]struct{ OperationID string } {
	t.Helper()
	data, err := json.Marshal(openAPI())
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	return document.Paths
}

func TestEveryDocumentedPathIsRouted(t *testing.T) {
	mux := http.NewServeMux()
	New(&casefile.Files{Kit: &kit.Kit{}}, nil, nil, nil).Routes(mux)
	seen := map[string]bool{}
	for path, methods := range documentedPaths(t) {
		for method, op := range methods {
			method = strings.ToUpper(method)
			if _, pattern := mux.Handler(httptest.NewRequest(method, path, nil)); pattern != method+" "+path {
				t.Errorf("%s %s is served by %q", method, path, pattern)
			}
			if op.OperationID == "" || seen[op.OperationID] {
				t.Errorf("%s %s: operation id %q is not its own", method, path, op.OperationID)
			}
			seen[op.OperationID] = true
		}
	}
}

// A route cannot be read back from the mux: whatever the sources route under the API must be in the document.
func TestEveryRouteIsDocumented(t *testing.T) {
	paths := documentedPaths(t)
	routed := regexp.MustCompile(`"([A-Z]+) (/api/[^"]*)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range routed.FindAllStringSubmatch(string(source), -1) {
			found++
			if _, ok := paths[m[2]][strings.ToLower(m[1])]; !ok {
				t.Errorf("%s routes %s %s, which the document lacks", file, m[1], m[2])
			}
		}
	}
	if found != len(operations) {
		t.Errorf("%d routes in the sources, %d operations", found, len(operations))
	}
}
