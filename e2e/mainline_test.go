package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/demo"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// scene is what mainline.mjs needs to know.
type scene struct {
	Site     string                   `json:"site"`
	Password string                   `json:"password"`
	People   map[proposal.Role]string `json:"people"`   // who plays each role: the login
	Lead     proposal.DivisionID      `json:"lead"`     // the division that answers
	Other    proposal.DivisionID      `json:"other"`    // one that co-handles
	Writer   string                   `json:"writer"`   // who writes its opinion: the login
	Approver string                   `json:"approver"` // its head
	Handler  proposal.PersonID        `json:"handler"`  // whom the division head names
	Out      string                   `json:"out"`      // folder for the pictures
	Number   string                   `json:"number"`   // of the suggestion
}

// TestMainLineInTheBrowser carries a fresh case of the demonstration bureau through every role in Chromium, looks at every
// page on the way and has each checked by axe.
func TestMainLineInTheBrowser(t *testing.T) {
	run := upWithDemo(t)
	s := cast(t, run.store(t))
	s.Site, s.Password, s.Out, s.Number = run.site, demo.Password, pictures(t, "mainline"), "8806"
	witnessed(t, "mainline.mjs", "MAINLINE", s)
	if chain := run.banli(t, "", "verify"); !strings.Contains(chain, "every hash holds") {
		t.Error(chain)
	}
}

// cast chooses who plays which role: one division with its head and a handler, and the leader in charge of it.
func cast(t *testing.T, s *store.Store) scene {
	t.Helper()
	people, err := s.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	divisions, err := s.Divisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	find := func(fits func(store.Person) bool) *store.Person {
		i := slices.IndexFunc(people, func(p store.Person) bool { return p.Active && fits(p) })
		if i < 0 {
			return nil
		}
		return &people[i]
	}
	// A handler with work of each kind that the walks look for, whatever the order in which people are listed.
	busy := func(p store.Person) bool {
		for step, n := range map[proposal.Step]int{proposal.StepConsultation: 2, proposal.StepDrafting: 1} {
			page, err := s.Tasks(t.Context(), p.ID, store.TaskFilter{Box: store.Todo, Step: step})
			if err != nil {
				t.Fatal(err)
			}
			if len(page.Items) < n {
				return false
			}
		}
		return true
	}
	for _, d := range divisions {
		head := find(func(p store.Person) bool { return p.Has(proposal.DivisionHead) && p.Division == d.Code })
		handler := find(func(p store.Person) bool { return p.Has(proposal.Handler) && p.Division == d.Code && busy(p) })
		deputy := find(func(p store.Person) bool { return p.Has(proposal.LeaderInCharge) && slices.Contains(p.Field, d.Code) })
		if head == nil || handler == nil || deputy == nil {
			continue
		}
		sc := scene{Lead: d.Code, Handler: handler.ID, People: map[proposal.Role]string{
			proposal.DivisionHead: head.Login, proposal.Handler: handler.Login, proposal.LeaderInCharge: deputy.Login,
		}}
		for _, role := range proposal.Roles {
			if p := find(func(p store.Person) bool { return p.Has(role) }); p != nil && sc.People[role] == "" {
				sc.People[role] = p.Login
			}
		}
		for _, other := range divisions {
			writer := find(func(p store.Person) bool { return p.Has(proposal.Handler) && p.Division == other.Code })
			approver := find(func(p store.Person) bool { return p.Has(proposal.DivisionHead) && p.Division == other.Code })
			if other.Code != d.Code && writer != nil && approver != nil {
				sc.Other, sc.Writer, sc.Approver = other.Code, writer.Login, approver.Login
			}
		}
		return sc
	}
	t.Fatal("no division has a head, a handler and a leader in charge")
	return scene{}
}
