package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Some rules stand twice: in Go, where they decide on one case, and in SQL, where they choose among all. The tests of this file hold
// each pair to the same answer.

// guests makes people of any roles, divisions and fields, some of whom cover for others, for every case or for one.
func (w *world) guests(t *testing.T, r *rand.Rand, cases []string) (ids []proposal.PersonID) {
	t.Helper()
	divisions := []proposal.DivisionID{fixture.Office, fixture.Leading, fixture.Other}
	for i := range 24 {
		p := proposal.Person{Roles: []proposal.Role{proposal.Roles[i%len(proposal.Roles)]}, Division: divisions[r.IntN(3)]}
		if r.IntN(3) == 0 {
			p.Roles = append(p.Roles, proposal.Roles[r.IntN(len(proposal.Roles))])
		}
		for _, d := range divisions {
			if r.IntN(2) == 0 {
				p.Field = append(p.Field, d)
			}
		}
		ids = append(ids, w.person(t, fmt.Sprintf("guest%d", i), p))
	}
	today := calendar.DateOf(w.now)
	for i := range 30 {
		proxy := store.Proxy{Principal: ids[r.IntN(24)], Proxy: ids[r.IntN(24)], From: today, To: today.AddDays(3), Reason: "出差"}
		if i%2 == 0 {
			proxy.CaseID = cases[r.IntN(len(cases))]
		}
		_, err := w.sql.Exec(t.Context(), `
			insert into proxies (id, principal, proxy, case_id, from_date, to_date, reason, made_by, made_at, confirmed_by, confirmed_at)
			select gen_random_uuid(), $1::uuid, $2::uuid, nullif($3, '')::uuid, $4, $5, $6, $1, now(), $1, now() where $1 <> $2`,
			proxy.Principal, proxy.Proxy, proxy.CaseID, proxy.From, proxy.To, proxy.Reason)
		check(t, err)
	}
	return ids
}

// everywhere are cases of every stage, some of them in another round, asked to be returned or prolonged, or with a reviewer added.
func (w *world) everywhere(t *testing.T, r *rand.Rand) map[string]proposal.State {
	t.Helper()
	states := map[string]proposal.State{}
	for _, id := range w.varied(t) {
		s, err := w.State(t.Context(), id)
		check(t, err)
		switch {
		case s.Stage == proposal.Consulting && s.AssignedOn.Year == 2026:
			w.do(t, id, w.Action(proposal.AskExtension, proposal.Handler, &proposal.ExtensionRequest{Until: calendar.NewDate(2026, 7, 1), Reason: "需会商。"}))
			if r.IntN(2) == 0 {
				w.do(t, id, w.Action(proposal.EndorseExtension, proposal.LeaderInCharge, &proposal.ExtensionEndorsement{}))
			}
		case s.Stage == proposal.OfficeReview:
			w.do(t, id, w.Action(proposal.AddReviewer, proposal.OfficeReviewer, &proposal.AddedReviewer{Person: w.ID(proposal.Auditor), Reason: "涉及审计"}))
		}
		states[id], err = w.State(t.Context(), id)
		check(t, err)
	}
	return states
}

// Who sees a case, and who may find it by a secret name.
func TestSightInSQLIsThatOfTheRules(t *testing.T) {
	w := newWorld(t)
	r := rand.New(rand.NewPCG(8, 25))
	states := w.everywhere(t, r)
	cases := slices.Sorted(func(yield func(string) bool) {
		for id := range states {
			if !yield(id) {
				return
			}
		}
	})
	viewers := w.guests(t, r, cases)
	for _, role := range proposal.Roles {
		if id := w.ID(role); id != "" {
			viewers = append(viewers, id)
		}
	}
	names := map[string]string{}
	rows, err := w.sql.Query(t.Context(), `select id::text, lead_deputy from cases`)
	check(t, err)
	for rows.Next() {
		var id, name string
		check(t, rows.Scan(&id, &name))
		names[id] = name
	}
	check(t, rows.Err())
	seen, hidden, nameless := 0, 0, 0
	for _, id := range viewers {
		p, err := w.Person(t.Context(), id)
		check(t, err)
		list := func(f store.CaseFilter) (found []string) {
			f.Limit = 500
			page, err := w.SearchCases(t.Context(), p.Person, f)
			check(t, err)
			for _, c := range page.Items {
				found = append(found, c.CaseID)
			}
			slices.Sort(found)
			return found
		}
		var sees []string
		byName := map[string][]string{}
		for _, c := range cases {
			if !p.Sees(states[c]) {
				hidden++
				continue
			}
			sees = append(sees, c)
			if p.SeesName(states[c]) {
				byName[names[c]] = append(byName[names[c]], c)
			} else {
				nameless++
			}
		}
		seen += len(sees)
		if got := list(store.CaseFilter{}); !slices.Equal(got, sees) {
			t.Errorf("%v of %s, field %v, covering %v: the list has %d cases, the rules show %d", p.Roles, p.Division, p.Field, p.Covers, len(got), len(sees))
		}
		for _, name := range []string{"孟宪0", "孟宪5", "孟宪15"} {
			if got := list(store.CaseFilter{Query: name}); len(got) > 0 && !slices.Equal(got, byName[name]) {
				t.Errorf("%v of %s: %s finds %v, the rules let them find %v", p.Roles, p.Division, name, got, byName[name])
			} else if len(got) == 0 && len(byName[name]) > 0 {
				t.Errorf("%v of %s: %s finds nothing, the rules let them find %v", p.Roles, p.Division, name, byName[name])
			}
		}
	}
	if seen < 300 || hidden < 150 || nameless < 20 {
		t.Errorf("%d sights, %d without, %d without the name: too few to tell", seen, hidden, nameless)
	}
}

// Which open tasks stand in somebody's todo box: what is theirs or theirs to take, for themselves or for whom they cover.
func TestTodoBoxInSQLIsThatOfTheRules(t *testing.T) {
	w := newWorld(t)
	r := rand.New(rand.NewPCG(11, 28))
	states := w.everywhere(t, r)
	var cases []string
	for id := range states {
		cases = append(cases, id)
	}
	slices.Sort(cases)
	mine, others := 0, 0
	for _, id := range w.guests(t, r, cases) {
		var want []string
		for _, caseID := range cases {
			c, err := w.Case(t.Context(), caseID)
			check(t, err)
			p, err := w.Person(t.Context(), id)
			check(t, err)
			as := c.As(p.Person)
			main := slices.ContainsFunc(c.Tasks, func(t store.Task) bool { return t.Ref == "" })
			for _, task := range c.Tasks {
				if task.Ask == proposal.AskToAnswerUrge && main {
					continue // said in the row of the stage
				}
				holder := task.Holder()
				if holder == id || slices.ContainsFunc(as.Covers, func(q proposal.Principal) bool { return q.ID == holder }) || holder == "" && as.MayTake(task.Rules()) {
					want = append(want, caseID+"~"+string(task.Ask)+"~"+task.Ref)
				} else {
					others++
				}
			}
		}
		var got []string
		for _, c := range w.whole(t, id, store.TaskFilter{Box: store.Todo}) {
			got = append(got, rowKey(c))
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the box has %d rows, the rules give %d:\n%v\n%v", id, len(got), len(want), got, want)
		}
		mine += len(want)
	}
	if mine < 50 || others < 500 {
		t.Errorf("%d tasks of theirs, %d of others: too few to tell", mine, others)
	}
}

// Blacking words out: the longest first, and of two of one length the same one first.
func TestBlackOutInSQLIsThatOfTheProgram(t *testing.T) {
	w := newWorld(t)
	r := rand.New(rand.NewPCG(16, 3))
	text := func(n int) string {
		letters := []rune("倪琛善代表ab")
		out := make([]rune, r.IntN(n))
		for i := range out {
			out[i] = letters[r.IntN(len(letters))]
		}
		return string(out)
	}
	for range 3000 {
		body, words := text(30), []string{}
		for range r.IntN(5) {
			words = append(words, text(4))
		}
		var got string
		check(t, w.sql.QueryRow(t.Context(), `select black_out($1, $2)`, body, words).Scan(&got))
		if want := store.BlackOut(body, words); got != want {
			t.Fatalf("%q without %q: %q in SQL, %q in Go", body, words, got, want)
		}
	}
}
