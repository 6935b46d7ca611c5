package proposal

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
)

// changed is a pack as the bureau's, with other words in its file.
func changed(t testing.TB, words ...string) *Pack {
	t.Helper()
	data, err := os.ReadFile(shenyangFile)
	if err != nil {
		t.Fatal(err)
	}
	words = append(words, "id: shenyang-1", "id: x")
	pack, err := unchecked([]byte(strings.NewReplacer(words...).Replace(string(data))))
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// under carries a case to the stage as at does, but under the pack.
func under(t *testing.T, pack *Pack, stage Stage, r func(*Registration)) *file {
	t.Helper()
	c := at(t, Unregistered)
	c.facts.Pack = pack
	for c.Stage != stage {
		by, in := c.towards(stage)
		if in, ok := in.(*Registration); ok {
			r(in)
		}
		c.do(by, in)
	}
	return c
}

// What WhatIf says of a case is what the same acts would have made of it under the other pack.
func TestPackWhatIfAgreesWithTheRules(t *testing.T) {
	a, cal := shenyang(), calendar.National()
	b := changed(t, "months: 3", "months: 3\n    fixed_day: \"04-10\"", "workdays_before: 8", "workdays_before: 3", "workdays: 20", "workdays: 11",
		"workdays: 15", "workdays: 9", "workdays: 5", "workdays: 4", "acceptance: 2", "acceptance: 5", "sign_off: 3", "sign_off: 1",
		"ordinary: leader_in_charge", "ordinary: bureau_head", "when: [money, second_round] }", "when: [key, cppcc] }",
		"cppcc: { co_signers: each", "cppcc: { co_signers: lead")
	compared := 0
	for name, change := range map[string]func(*Registration){
		"plain": func(*Registration) {}, "key": keySupervised, "money": money,
		"named day": func(r *Registration) { r.DueOn = day("2020-06-30") }, "cppcc": func(r *Registration) { r.RegisterKey.Body, r.LeadDeputy = assembly.CPPCC, "倪琛善" },
	} {
		for _, stage := range []Stage{Registered, Assigning, Accepting, Consulting, Drafting, DivisionReview, SignOff, Numbering, Answered} {
			c, d := under(t, a, stage, change), under(t, b, stage, change)
			for _, way := range []struct {
				is, other *file
				from, to  *Pack
			}{{c, d, a, b}, {d, c, b, a}} {
				if same := WhatIf(way.is.State, way.is.facts.Draft, way.from, way.from, cal); len(same) != 0 {
					t.Errorf("%s, %s: under its own pack %v", name, stage, same)
				}
				changes := WhatIf(way.is.State, way.is.facts.Draft, way.from, way.to, cal)
				for _, clock := range way.is.Clocks {
					i := slices.IndexFunc(changes, func(x PackEffect) bool { return x.What == string(clock.Kind) && x.Ref == clock.Ref })
					due := clock.Due()
					if i >= 0 {
						compared++
						due = changes[i].Due
					}
					if want := way.other.ClockOf(clock.Kind, clock.Ref).Due(); clock.Open() && due != want {
						t.Errorf("%s, %s, %s clock: said %s, is %s", name, stage, clock.Kind, due, want)
					}
				}
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d changes of clocks were compared", compared)
	}
}

func TestPackWhatIfLeavesWhatWasDecided(t *testing.T) {
	a, cal := shenyang(), calendar.National()
	b := changed(t, "months: 3", "months: 2", "workdays_before: 8", "workdays_before: 3", "workdays: 20", "workdays: 10", "  division_review: 3\n", "",
		"ordinary: leader_in_charge", "ordinary: bureau_head", "code: A,", "code: E,", "- { code: 沈民函 }", "- { code: 沈民新函 }")
	said := func(c *file) []string {
		var lines []string
		for _, x := range WhatIf(c.State, c.facts.Draft, a, b, cal) {
			lines = append(lines, strings.TrimSpace(x.What+" "+x.Ref)+": "+x.From+" → "+x.To)
		}
		return lines
	}
	expect := func(what string, c *file, want ...string) {
		t.Helper()
		if got := said(c); !slices.Equal(got, want) {
			t.Errorf("%s\n%q, want\n%q", what, got, want)
		}
	}
	plain := func(*Registration) {}
	people := []string{"signer: leader_in_charge → bureau_head", "series: 沈民函 → 沈民新函", "class: A → "}

	c := under(t, a, DivisionReview, plain)
	expect("in review", c, slices.Concat([]string{"reply: 2020-05-06 → 2020-04-03", "internal: 2020-04-22 → 2020-03-31", "stage division_review: 2020-02-13 → ", "plan division_review: 2020-04-15 → 2020-03-17"}, people)...)

	c.do(handler, &ExtensionRequest{Reason: "需要会商", Until: day("2020-06-30")})
	c.do(leaderInCharge, &ExtensionEndorsement{})
	c.do(congress, &ExtensionVerdict{Granted: true, Until: day("2020-06-30"), Text: "同意"})
	expect("extended", c, slices.Concat([]string{"internal: 2020-06-17 → 2020-06-24", "stage division_review: 2020-02-13 → "}, people)...)

	expect("a named day", under(t, a, Consulting, func(r *Registration) { r.DueOn = day("2020-06-30") }),
		slices.Concat([]string{"first_contact: 2020-03-02 → 2020-02-17", "internal: 2020-06-17 → 2020-06-24", "plan consultation: 2020-06-05 → 2020-06-10"}, people)...)
	expect("answered", under(t, a, Answered, plain), "publication 1: 2020-03-09 → 2020-02-24")
	expect("for reading only", under(t, a, Registered, func(r *Registration) { r.HandlingType = ReadingOnly }))
}

// What WhatIfNew says of a case that is yet to be assigned is what registering it under the one and under the other pack makes of it.
func TestPackWhatIfNewAgreesWithRegistering(t *testing.T) {
	a := shenyang()
	b := changed(t, "months: 3", "months: 2", "workdays: 20", "workdays: 11", "workdays: 15", "workdays: 9", "ordinary: leader_in_charge", "ordinary: bureau_head")
	for _, body := range assembly.Bodies {
		var r Registration
		change := func(typed *Registration) { typed.RegisterKey.Body, typed.LeadDeputy = body, "倪琛善"; r = *typed }
		c, d := under(t, a, Registered, change), under(t, b, Registered, change)
		said := map[string]PackEffect{}
		for _, e := range WhatIfNew(r, a, b, calendar.National()) {
			said[e.What] = e
		}
		for _, kind := range []ClockKind{ReplyClock, ReturnClock, FirstContactClock} {
			was, is := c.Clock(kind).Due(), d.Clock(kind).Due()
			if e, ok := said[string(kind)]; ok != (was != is) || ok && (e.From != was.String() || e.Due != is) {
				t.Errorf("%s, %s: %s under one pack and %s under the other; said is %+v", body, kind, was, is, e)
			}
		}
		if e := said["signer"]; e.From != string(LeaderInCharge) || e.To != string(BureauHead) || said[string(InternalClock)].To == "" {
			t.Errorf("%s: said is %+v", body, said)
		}
	}
}
