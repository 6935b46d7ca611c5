// Package cases holds what the server and the scripts of its pages must answer alike: each file of cases is read by a Go test and by
// a test under internal/web/scripts_test. Only tests import it.
package cases

import (
	"embed"
	"encoding/json"
	"testing"
)

//go:embed *.json
var files embed.FS

// Read reads the cases of a file into a slice.
func Read[Case any](t *testing.T, file string) []Case {
	t.Helper()
	content, err := files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []Case
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if len(all) == 0 {
		t.Fatalf("%s has no cases", file)
	}
	return all
}
