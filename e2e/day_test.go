package e2e

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/banli/banli/internal/demo"
	"github.com/banli/banli/internal/proposal"
)

var everyHand = flag.Bool("every-hand", false, "work each kind of task by the mouse, the keyboard alone and the phone, as far as there are tasks of it (minutes)")

// TestADayInTheBureau works a task of each kind that the demonstration bureau has from the list to done, by the mouse, the keyboard
// alone and the phone in turn.
func TestADayInTheBureau(t *testing.T) {
	run := up(t, filepath.Join(t.TempDir(), "data"), freePorts(t))
	run.awaitDemo(t)
	people, err := run.store(t).People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var logins []string
	for _, p := range people {
		if p.Active && !p.Has(proposal.Deputy) && !p.Has(proposal.Assembly) {
			logins = append(logins, p.Login)
		}
	}
	witnessed(t, "day.mjs", "DAY", map[string]any{
		"site": run.site, "password": demo.Password, "logins": logins, "out": pictures(t, "day"), "kinds": 20, "every": *everyHand,
	})
}
