package e2e

import (
	"path/filepath"
	"testing"

	"github.com/banli/banli/internal/demo"
)

// TestOldestBrowser works the list, a case, a reply and a call in Chromium 86, the floor that the README states.
func TestOldestBrowser(t *testing.T) {
	run := upWithDemo(t)
	out, err := filepath.Abs(filepath.Join("out", "floor"))
	if err != nil {
		t.Fatal(err)
	}
	said, err := runScript(t, "floor.mjs", "FLOOR", map[string]any{
		"site": run.site, "password": demo.Password, "account": "zhangqiong", "folder": t.TempDir(), "out": out,
	})
	t.Log(said)
	if err != nil {
		t.Fatal(err)
	}
}
