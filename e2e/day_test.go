package e2e

import (
	"flag"
	"slices"
	"testing"

	"github.com/banli/banli/internal/demo"
	"github.com/banli/banli/internal/proposal"
)

var everyHand = flag.Bool("every-hand", false, "have everybody work each kind of task by the mouse, the keyboard alone and a finger, as far as there are tasks of it (minutes)")

// TestByHand has every role of the demonstration bureau log in, go through its rooms and work a task of each kind from the list to
// done, by the mouse, by the keyboard alone and by a finger in turn. Nothing on a page is reached by script.
func TestByHand(t *testing.T) {
	run := upWithDemo(t)
	all, err := run.store(t).People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	type person struct {
		Login string          `json:"login"`
		Roles []proposal.Role `json:"roles"`
	}
	var people []person
	for _, p := range all {
		named := slices.ContainsFunc(demo.Accounts(), func(a demo.Account) bool { return a.Login == p.Login })
		if p.Active && !p.Has(proposal.Deputy) && (named || *everyHand) {
			people = append(people, person{p.Login, p.Roles})
		}
	}
	witnessed(t, "day.mjs", "DAY", map[string]any{
		"site": run.site, "password": demo.Password, "people": people, "out": pictures(t, "day"), "kinds": 20, "every": *everyHand,
	})
}
