package e2e

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"golang.org/x/sync/errgroup"
)

// TestMistakesAreMendedByHand has people mend in Chromium what went wrong in a day: a name that is found wrong when the reply is signed
// already, while its only signer is on leave; a case that was closed by mistake; an officer who leaves with twenty tasks.
func TestMistakesAreMendedByHand(t *testing.T) {
	const left = 20
	p := freePorts(t)
	run := up(t, filepath.Join(t.TempDir(), "data"), p, "--no-demo")
	record, cases := run.store(t), run.cases(t, p)
	bureau := fixture.New(t, record)
	today := calendar.DateOf(time.Now())
	at := func(number string, stage proposal.Stage) (string, error) {
		r := fixture.Registration(number, today.AddDays(-3))
		id := workflows.CaseID(r.RegisterKey)
		_, err := cases.Act(t.Context(), id, bureau.Register(r))
		for is := proposal.Registered; err == nil && is != stage; {
			if _, err = cases.Act(t.Context(), id, bureau.Next(t, record, id)); err == nil {
				var state proposal.State
				state, err = record.State(t.Context(), id)
				is = state.Stage
			}
		}
		return id, err
	}
	var signed, closed string
	var group errgroup.Group
	group.SetLimit(8)
	for i := range left {
		group.Go(func() error {
			_, err := at(fmt.Sprintf("%04d", i+1), proposal.Consulting)
			return err
		})
	}
	group.Go(func() (err error) {
		signed, err = at("0901", proposal.Numbering)
		return err
	})
	group.Go(func() (err error) {
		closed, err = at("0902", proposal.Closed)
		return err
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	run.banli(t, fixture.Password+"\n", "user", "second_handler", "--name", "乙经办", "--roles", "handler", "--division", string(fixture.Leading))
	run.banli(t, fixture.Password+"\n", "user", "second_leader", "--name", "乙领导", "--roles", "leader_in_charge", "--field", string(fixture.Office))
	people, err := record.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]proposal.PersonID{}
	for _, person := range people {
		ids[person.Login] = person.ID
	}
	witnessed(t, "mend.mjs", "MEND", map[string]any{
		"site": run.site, "password": fixture.Password, "out": pictures(t, "mend"), "ids": ids, "signed": signed, "closed": closed,
		"left": left, "today": today, "until": today.AddDays(20),
	})

	c, err := record.Case(t.Context(), signed)
	if err != nil {
		t.Fatal(err)
	}
	var last store.Event
	for _, e := range c.Events {
		if e.Kind == string(proposal.Sign) {
			last = e
		}
	}
	if c.LeadDeputy != "倪琛缮" || c.Stage != proposal.Numbering || last.By != ids["second_leader"] || last.For != bureau.ID(proposal.LeaderInCharge) {
		t.Errorf("%s in %s, signed by %s for %s", c.LeadDeputy, c.Stage, last.By, last.For)
	}
	if state, err := record.State(t.Context(), closed); err != nil || state.Stage != proposal.Closing {
		t.Errorf("%s, %v", state.Stage, err)
	}
	if stuck, err := record.StuckCases(t.Context()); err != nil || len(stuck) > 0 {
		t.Errorf("nobody has a way on with %v, %v", stuck, err)
	}
	if behind, err := record.LeftBehind(t.Context()); err != nil || len(behind) > 0 {
		t.Errorf("still held: %+v, %v", behind, err)
	}
	if chain := run.banli(t, "", "verify"); !strings.Contains(chain, "every hash holds") {
		t.Error(chain)
	}
}
