package locale

import (
	"os"
	"regexp"
	"testing"

	"gopkg.in/yaml.v3"
)

// counted is a number with a plural noun behind it: 3 cases, 3 overdue cases.
var counted = regexp.MustCompile(`\{\{\.N\}\}( [a-z]+)? ([a-z]{4,}s)\b`)

// In English one of anything has a form of its own: no page says "1 cases".
func TestEnglishCountsOne(t *testing.T) {
	files, err := catalogueFiles(English)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]any
		if err := yaml.Unmarshal(data, &messages); err != nil {
			t.Fatal(err)
		}
		for key, message := range messages {
			forms, plural := message.(map[string]any)
			one, _ := forms["one"].(string)
			if !plural {
				one, _ = message.(string)
			}
			if m := counted.FindStringSubmatch(one); m != nil && m[2] != "this" {
				t.Errorf("%s: %s says of one: %q", file, key, one)
			}
		}
	}
}
