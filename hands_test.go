package banli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What no hand can do to a page: the driver's shortcuts, which act on what nobody could see or reach, and scripts that do a person's
// part. Only the hands of browser.mjs may use the driver.
var unhandy = regexp.MustCompile(`\.(?:click|dblclick|fill|press|pressSequentially|check|uncheck|setChecked|select|selectOption|selectText|tap|hover|focus|blur|dragTo|dispatchEvent|` +
	`requestSubmit|submit|setSelectionRange|setRangeText|scrollTo|scrollBy|scrollIntoView\w*)\(|\.type\([^)]|\.(?:value|checked|selected|open|scrollTop)\s*=[^=]|\bforce\s*:`)

// handy are the hands themselves, and keys, which go where the focus is.
var handy = regexp.MustCompile(`\b(?:hands?(?:\.\w+|\[\w+\])?|ways\[\w+\]|keyboard)\.(?:click|press|type)\(`)

// TestHands holds the browser tests to what a person can do.
func TestHands(t *testing.T) {
	scripts, err := filepath.Glob("e2e/*.mjs")
	if err != nil || len(scripts) < 5 {
		t.Fatalf("%d scripts, %v", len(scripts), err)
	}
	for _, script := range scripts {
		if filepath.Base(script) == "browser.mjs" {
			continue
		}
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if found := unhandy.FindString(handy.ReplaceAllString(line, "")); found != "" {
				t.Errorf("%s:%d: no hand can do %q: use the hands of browser.mjs", script, i+1, found)
			}
		}
	}
}
