package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/google/uuid"
)

// heir is the file of a pack that says only what else is written behind it.
func heir(id, base, more string) string {
	return fmt.Sprintf("id: %s\nextends: %s\nname: 规则\nprofile: dalian\nvalid_from: \"20%s-01-01\"\n%s", id, base, id[len(id)-2:], more)
}

func TestRulesCheck(t *testing.T) {
	first, second := write(t, "first.yaml", heir("d-28", "d-27", "")), write(t, "second.yaml", heir("d-27", "national-1", "rehandling: { rounds: 3 }\n"))
	builtIn := filepath.Join("..", "..", "internal", "rulepack", "rules", "shenyang.yaml")
	got := printed(t, func(out *strings.Builder) error {
		return (&rulesCheckCommand{Files: []string{first, second, builtIn}}).run(t.Context(), out)
	})
	want := first + ": d-28, profile dalian, valid from 2028-01-01, extends d-27\n" + second + ": d-27, profile dalian, valid from 2027-01-01, extends national-1\n" +
		builtIn + ": shenyang-1, profile shenyang, valid from 1992-04-03, extends nothing\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}

	wrong := write(t, "wrong.yaml", heir("d-29", "national-1", "rehandling: { rounds: 0 }\nlimits:\n  repply: {}\n"))
	var out strings.Builder
	if err := (&rulesCheckCommand{Files: []string{second, wrong}}).run(t.Context(), &out); err == nil || err.Error() != "1 of 2 files are wrong" {
		t.Errorf("error %v", err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[0], wrong+":6: rehandling.rounds: ") || !strings.HasPrefix(lines[1], wrong+":8: limits.repply: unknown field") {
		t.Errorf("got\n%s", out.String())
	}
}

func TestRulesDiffOfIdsAndFiles(t *testing.T) {
	file := write(t, "d.yaml", heir("d-27", "shenyang-2", "extension: { max_months: 5 }\n"))
	next := write(t, "e.yaml", heir("d-28", "d-27", "suspension: { allowed: false }\n"))
	for _, test := range []struct {
		rulesDiffCommand
		want string
	}{
		{rulesDiffCommand{A: "shenyang-2", B: file}, "extension.max_months: 6 → 5\n"},
		{rulesDiffCommand{A: file, B: next}, "suspension.allowed: true → false\n"},
		{rulesDiffCommand{A: next, B: file}, "suspension.allowed: false → true\n"},
	} {
		got := printed(t, func(out *strings.Builder) error { return test.run(t.Context(), out) })
		if got != test.want {
			t.Errorf("diff of %s and %s\n%q, want\n%q", test.A, test.B, got, test.want)
		}
	}
	if err := (&rulesDiffCommand{A: "shenyang-1", B: "nowhere.yaml"}).run(t.Context(), new(strings.Builder)); err == nil {
		t.Error("a file that does not exist was read")
	}
}

// What would change for the cases in the record is said by due day, whatever pack they are under, and nothing changes.
func TestRulesDiffSaysWhatWouldChangeForCases(t *testing.T) {
	dsn := testkit.Database(t, store.Migrate)
	record, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer record.Close()
	now := time.Date(2026, 4, 20, 2, 30, 0, 0, time.UTC)
	record.Now = func() time.Time { return now }
	bureau := fixture.New(t, record)
	register := func(profile, number string, assignedOn calendar.Date) {
		t.Helper()
		cases := &activities.Cases{Ledger: record, Calendar: calendar.National, Packs: record.Rules, Now: record.Now}
		follows := fixture.Body
		follows.Profile = profile
		if err := record.SaveBureau(t.Context(), "", follows); err != nil {
			t.Fatal(err)
		}
		act(t, cases, record, bureau.Register(fixture.Registration(number, assignedOn)))
	}
	register("shenyang", "0392", calendar.NewDate(2026, 4, 2))
	register("shenyang", "0393", calendar.NewDate(2026, 4, 15))
	register("national", "0017", calendar.NewDate(2026, 4, 10))

	b := write(t, "b.yaml", heir("d-26", "shenyang-1", "signer: { ordinary: bureau_head }\nlimits:\n  reply:\n    name: 二个月\n    months: 2\n"+
		"    sources: [{ from: \"2026-01-01\", text: 本局办理规则 }]\n"))
	diff := rulesDiffCommand{A: "shenyang-1", B: b, Packs: ownPacks{dsn}}
	got := printed(t, func(out *strings.Builder) error { return diff.run(t.Context(), out) })
	says(t, got, "limits.reply.months: 3 → 2\n", "reply: 2026-07-02 → 2026-06-02\n", "signer: leader_in_charge → bureau_head\n", "12 changes for 3 of 3 unfinished cases\n") // the limit, the two clocks that follow it, the signer
	says(t, got, "assigned 2026-01-01  npc, intersession  signer: leader_in_charge → bureau_head\n", "assigned 2026-01-01  cppcc  reply: ")
	order := []int{strings.Index(got, "2026-06-02  0392 ("), strings.Index(got, "2026-06-10  0017 ("), strings.Index(got, "2026-06-15  0393 (")}
	if order[0] < 0 || order[1] < order[0] || order[2] < order[1] {
		t.Errorf("not by due day:\n%s", got)
	}
	if again := printed(t, func(out *strings.Builder) error { return diff.run(t.Context(), out) }); again != got {
		t.Errorf("something changed:\n%s\nbefore:\n%s", again, got)
	}
	diff.B = "shenyang-1"
	says(t, printed(t, func(out *strings.Builder) error { return diff.run(t.Context(), out) }), "0 changes for 0 of 3 unfinished cases\n")

	// Put in force, it is listed, shown as it was written, and extended.
	own := write(t, "own.yaml", heir("d-25", "national-1", "rehandling: { rounds: 3 }\n"))
	got = printed(t, func(out *strings.Builder) error {
		return (&rulesPutCommand{Database: app.Database{URL: dsn}, Files: []string{own}}).run(t.Context(), out)
	})
	says(t, got, "d-25: cases that are assigned from 2025-01-01 on get it\n")
	got = printed(t, func(out *strings.Builder) error {
		return (&rulesListCommand{app.Database{URL: dsn}}).run(t.Context(), out, calendar.NewDate(2026, 11, 29))
	})
	says(t, strings.Join(strings.Fields(got), " "), "d-25 from 2025-01-01 规则 put by the command line on "+calendar.DateOf(time.Now()).String()+" new cases get it national-1 from 1992-04-03 全国通用办理规则 built in shenyang-1")
	for id, want := range map[string]string{"d-25": heir("d-25", "national-1", "rehandling: { rounds: 3 }\n"), "national-1": "id: national-1\n"} {
		says(t, printed(t, func(out *strings.Builder) error { return (&rulesShowCommand{ownPacks{dsn}, id}).run(t.Context(), out) }), want)
	}
	if err := (&rulesShowCommand{ownPacks{dsn}, "d-1"}).run(t.Context(), new(strings.Builder)); err == nil || err.Error() != `there is no rule pack "d-1"; there are: d-25, national-1, shenyang-1, shenyang-2` {
		t.Error(err)
	}
	next := write(t, "next.yaml", heir("d-28", "d-25", ""))
	says(t, printed(t, func(out *strings.Builder) error {
		return (&rulesCheckCommand{ownPacks{dsn}, []string{next}}).run(t.Context(), out)
	}), "next.yaml: d-28, profile dalian, valid from 2028-01-01, extends d-25\n")

	// Before its first day it is withdrawn, and stays on record.
	printed(t, func(out *strings.Builder) error {
		return (&rulesPutCommand{Database: app.Database{URL: dsn}, Files: []string{next}}).run(t.Context(), out)
	})
	withdraw := func(id string) error {
		return (&rulesWithdrawCommand{app.Database{URL: dsn}, id}).run(t.Context(), new(strings.Builder))
	}
	if err := withdraw("d-28"); err != nil {
		t.Error(err)
	}
	got = printed(t, func(out *strings.Builder) error {
		return (&rulesListCommand{app.Database{URL: dsn}}).run(t.Context(), out, calendar.NewDate(2026, 11, 29))
	})
	says(t, strings.Join(strings.Fields(got), " "), "d-28 put by the command line on "+calendar.DateOf(time.Now()).String()+" withdrawn by the command line on ")
	for id, want := range map[string]string{
		"d-25": "d-25 stays: it is in force, and can only be followed by another", "shenyang-1": "shenyang-1 stays: it comes with the program",
		"d-28": `there is no rule pack "d-28"; there are: d-25, national-1, shenyang-1, shenyang-2`,
	} {
		if err := withdraw(id); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", id, err, want)
		}
	}
	altered := write(t, "altered.yaml", heir("d-25", "national-1", ""))
	err = (&rulesPutCommand{Database: app.Database{URL: dsn}, Files: []string{altered}}).run(t.Context(), new(strings.Builder))
	if err == nil || err.Error() != altered+`:1: id: there is another rule pack "d-25" already; cases are pinned to ids` {
		t.Error(err)
	}
}

// act records an action of a new case.
func act(t *testing.T, cases *activities.Cases, record *store.Store, a proposal.Action) {
	t.Helper()
	caseID := uuid.Must(uuid.NewV7()).String()
	if err := record.SaveAction(context.Background(), caseID, a); err != nil {
		t.Fatal(err)
	}
	outcome, err := cases.Record(t.Context(), ledger.Command{CaseID: caseID, ActionID: a.ID, Kind: a.Kind})
	if err != nil || outcome.Refusal != nil {
		t.Fatal(err, outcome.Refusal)
	}
}

// The packs of the manual are such as the program reads, what they say it prints it prints, and no key goes unmentioned.
func TestRulesManual(t *testing.T) {
	manual := page(t, "rule-packs.md")
	for _, page := range []string{manual, page(t, "change.md")} {
		_, block, _ := strings.Cut(page, "id: shenyang-3\n")
		block, _, _ = strings.Cut(block, "```")
		file := write(t, "shenyang-3.yaml", "id: shenyang-3\n"+block)
		says(t, printed(t, func(out *strings.Builder) error {
			return (&rulesCheckCommand{Files: []string{file}}).run(t.Context(), out)
		}),
			"shenyang-3.yaml: shenyang-3, profile shenyang, valid from 2028-01-01, extends shenyang-2\n")
		says(t, printed(t, func(out *strings.Builder) error {
			return (&rulesDiffCommand{A: "shenyang-2", B: file}).run(t.Context(), out)
		}),
			"limits.first_contact.workdays: 15 → 10\n")
	}
	says(t, manual, "shenyang-3.yaml: shenyang-3, profile shenyang, valid from 2028-01-01, extends shenyang-2\n", "limits.first_contact.workdays: 15 → 10\n")
	for _, key := range proposal.LimitKeys {
		says(t, manual, "`"+key+"`")
	}
	for _, condition := range proposal.Conditions {
		says(t, manual, "`"+string(condition)+"`")
	}
	pack := reflect.TypeFor[proposal.Pack]()
	for i := range pack.NumField() {
		says(t, manual, "`"+pack.Field(i).Tag.Get("yaml"))
	}
}

// page is a page of the manual.
func page(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
