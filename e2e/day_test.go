package e2e

import (
	"path/filepath"
	"testing"

	"github.com/banli/banli/internal/demo"
	"github.com/banli/banli/internal/proposal"
)

// TestADayInTheBureau works the tasks of the demonstration bureau from the list to done: each kind by as many hands as there are
// tasks of it, of the mouse, the keyboard alone and the phone.
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
		"site": run.site, "password": demo.Password, "logins": logins, "out": pictures(t, "day"), "kinds": 20,
	})
}
