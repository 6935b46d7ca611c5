package app_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// Rules are put in force through another program while cases are carried on here: each case keeps its pack to its end, and what is registered
// after the word has come is under the new one.
func TestRulesInForceWhileActionsRun(t *testing.T) {
	database, bureau := fixture.Database(t)
	program := startOn(t, database)
	register := func(number string) string {
		t.Helper()
		r := fixture.Registration(number, calendar.DateOf(time.Now()))
		id := workflows.CaseID(r.RegisterKey)
		_, err := program.Cases.Act(t.Context(), id, bureau.Register(r))
		must(t, err)
		return id
	}
	want := map[string]string{}
	first := program.Store.Rules
	pack, _ := first.For(fixture.Body.Profile, calendar.DateOf(time.Now()))
	for n := range 4 {
		want[register(fmt.Sprint(100+n))] = pack.ID
	}
	another, err := store.Open(t.Context(), database)
	must(t, err)
	defer another.Close()

	var carried sync.WaitGroup
	for id := range want {
		carried.Go(func() { carryToTheEnd(t, program, bureau, id) })
	}
	_, err = another.PutRules(t.Context(), "", `id: own-1
profile: own
extends: shenyang-2
name: 本局办理规则
valid_from: "2020-01-01"
signer: { ordinary: bureau_head, strict: bureau_head }
`)
	must(t, err)
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if pack, ok := first.For("own", calendar.DateOf(time.Now())); ok && pack.ID == "own-1" {
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("the worker does not hear of the rules")
		}
	}
	for n := range 2 {
		id := register(fmt.Sprint(200 + n))
		want[id] = "own-1"
		carried.Go(func() { carryToTheEnd(t, program, bureau, id) })
	}
	carried.Wait()
	for id, pack := range want {
		if state, err := program.Store.State(t.Context(), id); err != nil || state.Pack != pack || state.Stage != proposal.Closed {
			t.Errorf("a case is in %s under %q, want closed under %q (%v)", state.Stage, state.Pack, pack, err)
		}
	}
	if drift := reconcile(t, program); drift.Apart() != 0 {
		t.Errorf("drift %+v", drift)
	}
}
