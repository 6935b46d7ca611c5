package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
)

// ours is the file of a pack of the bureau's own that extends another, with what else it says.
func ours(id, profile, extends, from, more string) string {
	return fmt.Sprintf("id: %s\nprofile: %s\nextends: %s\nname: 本局办理规则（%s）\nvalid_from: \"%s\"\n%s", id, profile, extends, id, from, more)
}

// A pack that is put in force binds what is registered from then on; what is open keeps its own.
func TestRulesPutInForce(t *testing.T) {
	w := newWorld(t)
	w.cases.Packs = w.Rules
	before := w.register(t)
	pack, err := w.PutRules(t.Context(), w.ID(proposal.Admin), ours("own-1", "own", "national-1", "2026-01-01", "rehandling: { rounds: 3 }\n"))
	check(t, err)
	if pack.Rehandling.Rounds != 3 {
		t.Errorf("put %+v", pack)
	}
	if bureau, err := w.Store.Bureau(t.Context(), calendar.Date{}); err != nil || bureau.Profile != "own" || bureau.Place == "" {
		t.Errorf("the bureau follows %q (%v)", bureau.Profile, err)
	}
	after := w.register(t)
	for id, want := range map[string]string{before: "shenyang-1", after: "own-1"} {
		w.advance(t, id, proposal.Drafting)
		if state, err := w.State(t.Context(), id); err != nil || state.Pack != want {
			t.Errorf("a case is under %q, want %q (%v)", state.Pack, want, err)
		}
	}
	changes, err := w.StaffChanges(t.Context(), store.ChangesOfBureau, "", 10)
	check(t, err)
	told := false
	for _, c := range changes.Items {
		told = told || c.About == "rules" && c.Now["id"] == "own-1" && c.By.EN == string(proposal.Admin) && strings.Contains(fmt.Sprint(c.Now["source"]), "rounds: 3")
	}
	if !told {
		t.Errorf("who put it in force is not told: %+v", changes)
	}

	// The same file again is nothing new.
	events := w.count(t, `select count(*) from staff_events`)
	_, err = w.PutRules(t.Context(), w.ID(proposal.Admin), ours("own-1", "own", "national-1", "2026-01-01", "rehandling: { rounds: 3 }\n"))
	check(t, err)
	if n := w.count(t, `select count(*) from staff_events`); n != events {
		t.Errorf("the same file again left %d changes", n-events)
	}

	// Past the triggers it is found out; otherwise nobody alters it.
	if _, err := w.sql.Exec(t.Context(), `update rule_packs set source = 'x'`); err == nil {
		t.Error("a pack in force was altered")
	}
	_, err = w.sql.Exec(t.Context(), `set session_replication_role = replica`)
	check(t, err)
	_, err = w.sql.Exec(t.Context(), `update rule_packs set source = replace(source, 'rounds: 3', 'rounds: 2')`)
	check(t, err)
	breaks, err := w.VerifyRows(t.Context())
	check(t, err)
	if want := (store.RowBreak{Table: "rule_packs", Key: "own-1", Reason: store.RowChanged}); len(breaks) != 1 || breaks[0] != want {
		t.Errorf("found %+v, want %+v", breaks, want)
	}
}

func TestRulesRefused(t *testing.T) {
	w := newWorld(t)
	w.cases.Packs = w.Rules
	_, err := w.PutRules(t.Context(), "", ours("own-1", "own", "national-1", "2020-01-01", ""))
	check(t, err)
	w.register(t) // assigned on 2 March 2026
	for _, test := range []struct{ source, want string }{
		{ours("own-1", "own", "national-1", "2020-01-01", "rehandling: { rounds: 3 }\n"), `line 1: id: there is another rule pack "own-1"`},
		{ours("own-2", "own", "own-1", "2020-01-01", ""), `line 5: valid_from: "own-1" of the same profile`},
		{ours("own-2", "own", "own-1", "2026-03-02", ""), `line 5: valid_from: cases assigned on 2026-03-02 are under "own-1" already`},
		{ours("national-2", "national", "national-1", "2027-01-01", ""), `line 2: profile: the rules of profile "national" come with the program`},
		{strings.Replace(ours("new-1", "new", "national-1", "2027-01-01", ""), "extends: national-1\n", "", 1), "line 1: limits.reply: required"},
		{ours("own-2", "own", "mars-1", "2027-01-01", ""), `line 3: extends: there is no rule pack "mars-1"`},
	} {
		_, err := w.PutRules(t.Context(), "", test.source)
		if wrong := rulepack.Errors(nil); !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), test.want) {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
	if n := w.count(t, `select count(*) from rule_packs`); n != 1 {
		t.Errorf("%d packs are kept, want the first alone", n)
	}
	// One that begins later is in time, and so is one before all cases of the profile.
	_, err = w.PutRules(t.Context(), "", ours("own-2", "own", "own-1", "2026-03-03", ""))
	check(t, err)
	_, err = w.PutRules(t.Context(), "", ours("own-0", "own", "national-1", "2019-01-01", ""))
	check(t, err)
	// Rules that begin in a year and build on nothing would leave the bureau without any until then.
	alone, _ := rulepack.BuiltInSource("national-1")
	alone = strings.NewReplacer("id: national-1", "id: late-1", "profile: national", "profile: late", "valid_from: \"1992-04-03\"", "valid_from: \"2027-01-01\"").Replace(alone)
	if _, err := w.PutRules(t.Context(), "", alone); err == nil || !strings.Contains(err.Error(), `valid_from: no rule pack of profile "late" would be valid today`) {
		t.Error(err)
	}
}

// Another program hears of a pack; one that a case needs and that has not been heard of is asked for.
func TestRulesAreHeardOf(t *testing.T) {
	w := newWorld(t)
	other, err := store.Open(t.Context(), w.sql.Config().ConnString())
	check(t, err)
	t.Cleanup(other.Close)
	_, err = w.PutRules(t.Context(), "", ours("own-1", "own", "national-1", "2026-01-01", ""))
	check(t, err)
	if _, ok := other.Rules.Set()["own-1"]; ok {
		t.Fatal("it was heard of although nobody listens")
	}
	if _, ok := other.Rules.ByID("own-1"); !ok {
		t.Error("a pack that a case may be pinned to is not found")
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); other.Rules.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	w.listening(t)
	_, err = w.PutRules(t.Context(), "", ours("own-2", "own", "own-1", "2027-01-01", ""))
	check(t, err)
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if pack, ok := other.Rules.For("own", calendar.NewDate(2027, 3, 1)); ok && pack.ID == "own-2" {
			break
		}
		if time.Since(begun) > patience {
			t.Fatal("a running program does not hear of a pack")
		}
	}
	check(t, w.WithdrawRules(t.Context(), "", "own-2"))
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		if pack, ok := other.Rules.For("own", calendar.NewDate(2027, 3, 1)); ok && pack.ID == "own-1" {
			break
		}
		if time.Since(begun) > patience {
			t.Fatal("a running program does not hear that a pack was withdrawn")
		}
	}
}

// A pack that was put by mistake is taken back before its first day; what was put stays on record, and no case comes under it.
func TestRulesWithdrawn(t *testing.T) {
	w := newWorld(t) // on 20 April 2026
	ctx := t.Context()
	put := func(source string) {
		t.Helper()
		_, err := w.PutRules(ctx, "", source)
		check(t, err)
	}
	stays := func(id string, code proposal.FieldCode) {
		t.Helper()
		r := refused(t, w.WithdrawRules(ctx, w.ID(proposal.Admin), id), proposal.InvalidInput)
		if len(r.Fields) != 1 || r.Fields[0].Code != code {
			t.Errorf("%s stays because of %+v, want %s", id, r.Fields, code)
		}
		if _, ok := w.Rules.ByID(id); !ok {
			t.Errorf("%s is gone", id)
		}
	}
	next := ours("own-2", "own", "own-1", "2027-01-01", "")
	put(ours("own-1", "own", "national-1", "2026-04-20", ""))
	put(next)
	put(ours("own-3", "own", "own-2", "2028-01-01", ""))
	refused(t, w.WithdrawRules(ctx, "", "mars-1"), proposal.NotFound)
	stays("shenyang-2", proposal.RulesBuiltIn)
	stays("own-1", proposal.RulesBegun)
	stays("own-2", proposal.RulesExtended)
	check(t, w.WithdrawRules(ctx, "", "own-3"))
	stale := w.Rules.Set()
	check(t, w.WithdrawRules(ctx, w.ID(proposal.Admin), "own-2"))
	refused(t, w.WithdrawRules(ctx, "", "own-2"), proposal.NotFound)
	if pack, ok := w.Rules.For("own", calendar.NewDate(2027, 6, 1)); !ok || pack.ID != "own-1" {
		t.Errorf("cases of 2027 get %+v", pack)
	}
	kept, err := w.KeptRules(ctx)
	check(t, err)
	if k := kept[1]; k.ID != "own-2" || k.Source != next || k.WithdrawnBy.EN != string(proposal.Admin) || !k.WithdrawnAt.Equal(w.now.Truncate(time.Microsecond)) {
		t.Errorf("on record is %+v", k)
	}
	changes, err := w.StaffChanges(ctx, store.ChangesOfBureau, "", 1)
	check(t, err)
	if c := changes.Items[0]; c.About != "rules_withdrawn" || c.Now["pack"] != "own-2" || c.By.EN != string(proposal.Admin) {
		t.Errorf("the last change is %+v", c)
	}
	_, err = w.PutRules(ctx, "", next)
	if wrong := rulepack.Errors(nil); !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), `line 1: id: "own-2" was withdrawn`) {
		t.Errorf("its id again: %v", err)
	}
	put(ours("own-4", "own", "own-1", "2027-01-01", "")) // the day is free again

	// A program that has not heard of it registers nothing under it.
	w.now = w.now.AddDate(1, 0, 0)
	id, r := w.registration()
	r.AssignedOn = calendar.DateOf(w.now)
	w.cases.Packs = stale
	if _, err := w.send(ctx, id, w.Register(r)); err == nil || !strings.Contains(err.Error(), "rule pack own-2 was withdrawn") {
		t.Errorf("registered under withdrawn rules: %v", err)
	}
	w.cases.Packs = w.Rules
	w.do(t, id, w.Register(r))
	w.now = w.now.AddDate(-1, 0, 0) // the clock of the machine was wrong
	stays("own-4", proposal.RulesPinned)

	breaks, err := w.VerifyRows(ctx)
	check(t, err)
	if len(breaks) > 0 {
		t.Errorf("found %+v", breaks)
	}
	if _, err := w.sql.Exec(ctx, `delete from rule_withdrawals`); err == nil {
		t.Error("a withdrawal was taken back")
	}
	_, err = w.sql.Exec(ctx, `set session_replication_role = replica`)
	check(t, err)
	_, err = w.sql.Exec(ctx, `delete from rule_withdrawals where pack = 'own-2'`)
	check(t, err)
	breaks, err = w.VerifyRows(ctx)
	check(t, err)
	if want := (store.RowBreak{Table: "rule_withdrawals", Key: "own-2", Reason: store.RowMissing}); len(breaks) != 1 || breaks[0] != want {
		t.Errorf("found %+v, want %+v", breaks, want)
	}
}

// A bureau whose first rules of its own are withdrawn follows what it follows today; what today's cases get never changes with it.
func TestRulesWithdrawnLeaveTodayAsItIs(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	for _, source := range []string{ours("own-1", "own", "national-1", "2027-01-01", ""), ours("own-2", "own", "shenyang-1", "2028-01-01", "")} {
		_, err := w.PutRules(ctx, "", source)
		check(t, err)
	}
	if r := refused(t, w.WithdrawRules(ctx, "", "own-1"), proposal.InvalidInput); r.Fields[0].Code != proposal.RulesOfToday {
		t.Errorf("%+v", r.Fields)
	}
	check(t, w.WithdrawRules(ctx, "", "own-2"))
	check(t, w.WithdrawRules(ctx, "", "own-1"))
	bureau, err := w.Store.Bureau(ctx, calendar.Date{})
	check(t, err)
	if pack, ok := w.Rules.For(bureau.Profile, calendar.DateOf(w.now)); !ok || pack.ID != "national-1" || bureau.Place == "" {
		t.Errorf("the bureau follows %q: %+v", bureau.Profile, pack)
	}
}

// What would change for open cases is reckoned without touching one.
func TestRulesWhatIf(t *testing.T) {
	w := newWorld(t)
	w.cases.Packs = w.Rules
	first, second := w.register(t), w.register(t)
	w.advance(t, second, proposal.Closed)
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", notice2027(t, "2027-02-11")))
	rows := w.count(t, `select count(*) from events`)
	packs, err := rulepack.With(map[string][]byte{"x": []byte(ours("own-1", "own", "shenyang-1", "2026-01-01", `signer: { ordinary: bureau_head }
limits:
  reply: { name: 二个月, months: 2, sources: [{ from: "2026-01-01", text: 本局办理规则 }] }
`))})
	check(t, err)
	cases, open, err := w.WhatIf(t.Context(), packs["own-1"])
	check(t, err)
	if open != 1 || len(cases) != 1 || cases[0].CaseID != first {
		t.Fatalf("%d of %d cases: %+v", len(cases), open, cases)
	}
	said := map[string]string{}
	for _, e := range cases[0].Effects {
		said[e.What] = e.From + " → " + e.To
	}
	if said["reply"] != "2026-06-02 → 2026-05-06" || said["signer"] != "leader_in_charge → bureau_head" || said["series"] != "" {
		t.Errorf("would change: %v", said)
	}
	if n := w.count(t, `select count(*) from events`); n != rows {
		t.Error("something was done to a case")
	}
}
