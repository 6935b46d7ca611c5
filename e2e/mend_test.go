package e2e

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
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
// already, while its only signer is on leave; a case that was closed by mistake; an officer who leaves with twenty tasks; and what was
// numbered, withdrawn, returned, sent or rated wrongly.
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
	made := map[string]string{}
	var mutex sync.Mutex
	var group errgroup.Group
	group.SetLimit(8)
	for i := range left {
		group.Go(func() error {
			_, err := at(fmt.Sprintf("%04d", i+1), proposal.Consulting)
			return err
		})
	}
	act := func(id string, kind proposal.Kind, by proposal.Role, in proposal.Input) error {
		_, err := cases.Act(t.Context(), id, bureau.Action(kind, by, in))
		return err
	}
	for i, c := range []struct {
		name  string
		stage proposal.Stage
		then  func(id string) error
	}{
		{"signed", proposal.Numbering, nil},
		{"closed", proposal.Closed, nil},
		{"numbered", proposal.Dispatching, nil},
		{"rated", proposal.Closing, nil},
		{"sent", proposal.Answered, nil},
		{"talked", proposal.OfficeReview, nil},
		{"withdrawn", proposal.Registered, func(id string) error {
			return act(id, proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "来函撤回", Agreed: []string{"倪琛善", "王桂兰"}})
		}},
		{"returned", proposal.Registered, func(id string) error {
			return errors.Join(
				act(id, proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{Reason: "属市人社局职责", LegalDuty: "《社会保险法》第七条", Suggested: "市人社局"}),
				act(id, proposal.EndorseReturn, proposal.LeaderInCharge, &proposal.Endorsement{}),
				act(id, proposal.DecideReturn, proposal.Assembly, &proposal.ReturnVerdict{Granted: true, Text: "同意退回"}),
			)
		}},
	} {
		group.Go(func() error {
			id, err := at(fmt.Sprintf("09%02d", i+1), c.stage)
			if err == nil && c.then != nil {
				err = c.then(id)
			}
			mutex.Lock()
			defer mutex.Unlock()
			made[c.name] = id
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	filed := fixture.Registration("0920", calendar.NewDate(2019, 2, 20))
	filed.Late, filed.Archive = true, proposal.Archive{Finished: true, SignedBy: "何志"}
	made["filed"] = workflows.CaseID(filed.RegisterKey)
	if _, err := cases.Act(t.Context(), made["filed"], bureau.Register(filed)); err != nil {
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
		"site": run.site, "password": fixture.Password, "out": pictures(t, "mend"), "ids": ids, "cases": made,
		"left": left, "today": today, "until": today.AddDays(20),
	})

	c, err := record.Case(t.Context(), made["signed"])
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
	if state, err := record.State(t.Context(), made["closed"]); err != nil || state.Stage != proposal.Closing {
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
