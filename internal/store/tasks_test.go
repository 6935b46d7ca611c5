package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// everyStage makes a case in each stage, and one that another division leads with ours beside it.
func (w *world) everyStage(t testing.TB) map[proposal.Stage]string {
	t.Helper()
	cases := map[proposal.Stage]string{}
	for _, stage := range proposal.Stages {
		cases[stage] = w.at(t, stage)
	}
	other := w.register(t)
	w.do(t, other, w.Action(proposal.ProposeAssignment, proposal.Liaison, &proposal.RoutingOpinion{
		Lead: fixture.Other, CoHandling: []proposal.DivisionID{fixture.Leading},
	}))
	return cases
}

// crowd is people with every role, in and out of the divisions and fields that the cases are in.
func (w *world) crowd(t testing.TB) []proposal.PersonID {
	t.Helper()
	var people []proposal.PersonID
	for _, p := range w.Bureau {
		people = append(people, p.ID)
	}
	slices.Sort(people)
	for i, p := range []proposal.Person{
		{},
		{Roles: []proposal.Role{proposal.DivisionHead}, Division: fixture.Other},
		{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Other},
		{Roles: []proposal.Role{proposal.DivisionHead, proposal.Handler}, Division: fixture.Leading},
		{Roles: []proposal.Role{proposal.DivisionHead, proposal.Auditor}},
		{Roles: []proposal.Role{proposal.LeaderInCharge}, Field: []proposal.DivisionID{fixture.Other, fixture.Other}},
		{Roles: []proposal.Role{proposal.LeaderInCharge}},
		{Roles: []proposal.Role{proposal.Liaison, proposal.Publisher, proposal.Liaison}, Division: fixture.Leading},
	} {
		people = append(people, w.person(t, fmt.Sprintf("crowd%d", i), p))
	}
	return people
}

func (w *world) all(t testing.TB, person proposal.PersonID, box store.Box) (ids []string) {
	t.Helper()
	page, err := w.Tasks(t.Context(), person, store.TaskFilter{Box: box})
	check(t, err)
	for _, c := range page.Items {
		ids = append(ids, c.CaseID)
	}
	slices.Sort(ids)
	return ids
}

// The boxes in SQL are what the rules say of every case and person.
func TestBoxesFollowTheRules(t *testing.T) {
	w := newWorld(t)
	cases := w.everyStage(t)
	check(t, w.ClaimTask(t.Context(), w.ID(proposal.OfficeReviewer), cases[proposal.OfficeReview], newID(), proposal.TaskKey{}))
	key, r := w.registration()
	r.KeySupervised = true // its signer is the bureau head
	w.do(t, key, w.Register(r))
	w.advance(t, key, proposal.SignOff)

	var every []*store.Case
	rows, err := w.SearchCases(t.Context(), w.Bureau[proposal.Liaison].Person, store.CaseFilter{})
	check(t, err)
	for _, row := range rows.Items {
		c, err := w.Case(t.Context(), row.CaseID)
		check(t, err)
		every = append(every, c)
	}
	for _, id := range w.crowd(t) {
		p, err := w.Person(t.Context(), id)
		check(t, err)
		want := map[store.Box][]string{}
		for _, c := range every {
			acted := slices.ContainsFunc(c.Events, func(e store.Event) bool {
				return e.By == id && proposal.NewInput(proposal.Kind(e.Kind)) != nil
			})
			mine := false
			for _, task := range c.Tasks {
				if task.Holder() == id || task.Holder() == "" && task.Rules().MayClaim(p.Person) {
					want[store.Todo], mine = append(want[store.Todo], c.CaseID), true
				}
			}
			switch {
			case mine || !acted:
			case c.Stage.Ended():
				want[store.Done] = append(want[store.Done], c.CaseID)
			default:
				want[store.Active] = append(want[store.Active], c.CaseID)
			}
		}
		counts, err := w.TaskCounts(t.Context(), id)
		check(t, err)
		for _, box := range store.Boxes {
			slices.Sort(want[box])
			if got := w.all(t, id, box); !slices.Equal(got, want[box]) || counts[box] != len(want[box]) {
				t.Errorf("%s of %s: %d cases, count %d, want %d", box, p.Login, len(got), counts[box], len(want[box]))
			}
		}
	}
}

// SearchCases shows a person exactly the cases that Person.Sees allows.
func TestSearchShowsWhatThePersonSees(t *testing.T) {
	w := newWorld(t)
	w.everyStage(t)
	all, err := w.SearchCases(t.Context(), w.Bureau[proposal.Liaison].Person, store.CaseFilter{})
	check(t, err)
	if len(all.Items) != len(proposal.Stages)+1 {
		t.Fatalf("%d cases", len(all.Items))
	}
	for _, id := range w.crowd(t) {
		p, err := w.Person(t.Context(), id)
		check(t, err)
		var want []string
		for _, row := range all.Items {
			state, err := w.State(t.Context(), row.CaseID)
			check(t, err)
			if p.Sees(state) {
				want = append(want, row.CaseID)
			}
		}
		page, err := w.SearchCases(t.Context(), p.Person, store.CaseFilter{})
		check(t, err)
		var got []string
		for _, row := range page.Items {
			got = append(got, row.CaseID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s %v sees %d cases, want %d", p.Login, p.Roles, len(got), len(want))
		}
	}
}

func TestSearchFilters(t *testing.T) {
	w := newWorld(t)
	cases := w.everyStage(t)
	liaison := w.Bureau[proposal.Liaison].Person
	find := func(f store.CaseFilter) []store.CaseRow {
		t.Helper()
		page, err := w.SearchCases(t.Context(), liaison, f)
		check(t, err)
		return page.Items
	}
	for _, query := range []string{"0003", "第0003号", " 0003 "} {
		if got := find(store.CaseFilter{Query: query}); len(got) != 1 || got[0].Key.Number != "0003" {
			t.Errorf("%q finds %d", query, len(got))
		}
	}
	everything := len(proposal.Stages) + 1
	for query, want := range map[string]int{"社工": everything, "倪琛善": everything, "%": 0, "_": 0, `\`: 0, "没有": 0} {
		if got := find(store.CaseFilter{Query: query}); len(got) != want {
			t.Errorf("%q finds %d, want %d", query, len(got), want)
		}
	}
	if got := find(store.CaseFilter{Stages: []proposal.Stage{proposal.SignOff}}); len(got) != 1 || got[0].CaseID != cases[proposal.SignOff] {
		t.Errorf("stage: %d", len(got))
	}
	if got := find(store.CaseFilter{Division: fixture.Other}); len(got) != 1 || got[0].LeadName.ZH != "养老服务处" {
		t.Errorf("division: %d", len(got))
	}
	count := func(fits func(proposal.Stage) bool) (n int) {
		for _, stage := range proposal.Stages {
			if fits(stage) {
				n++
			}
		}
		return n
	}
	unassigned := []proposal.Stage{proposal.Registered, proposal.ReturnReview, proposal.ReturnDecision, proposal.Returned, proposal.Withdrawn}
	if got := find(store.CaseFilter{Division: store.NoDivision}); len(got) != len(unassigned) {
		t.Errorf("no division: %d", len(got))
	}
	want := count(func(s proposal.Stage) bool { return !s.Before(proposal.Consulting) && !slices.Contains(unassigned, s) })
	if got := find(store.CaseFilter{Handler: w.ID(proposal.Handler)}); len(got) != want {
		t.Errorf("handler: %d, want %d", len(got), want)
	}
	if got := find(store.CaseFilter{Holder: w.ID(proposal.Handler)}); len(got) != 2 {
		t.Errorf("holder: %d, want 2", len(got))
	}
	open := find(store.CaseFilter{Open: true})
	if want := 1 + count(func(s proposal.Stage) bool { return !s.Ended() }); len(open) != want {
		t.Errorf("open: %d, want %d", len(open), want)
	}
	for _, day := range []calendar.Date{calendar.NewDate(2026, 3, 30), calendar.NewDate(2026, 5, 12), calendar.NewDate(2026, 5, 21)} {
		want := slices.DeleteFunc(slices.Clone(open), func(c store.CaseRow) bool { return c.Due.IsZero() || c.Due.After(day) })
		if got := find(store.CaseFilter{Open: true, DueBy: day}); len(got) != len(want) || len(want) == 0 {
			t.Errorf("due by %s: %d, want %d", day, len(got), len(want))
		}
	}
	if got := find(store.CaseFilter{Open: true}); got[len(got)-1].CaseID != cases[proposal.Closing] || !got[len(got)-1].Due.IsZero() {
		t.Errorf("last is due %v", got[len(got)-1].Due)
	}
	_, err := w.SearchCases(t.Context(), liaison, store.CaseFilter{Query: "\xff"})
	refused(t, err, proposal.InvalidInput)
}

// read follows a list to its end and holds its order; between the pages the list goes on changing.
func read[T any](t *testing.T, size int, page func(after string) (store.Page[T], error), id func(T) string, inOrder func(a, b T) bool) []T {
	t.Helper()
	var all []T
	seen := map[string]bool{}
	for after := ""; ; {
		p, err := page(after)
		check(t, err)
		for _, item := range p.Items {
			if seen[id(item)] {
				t.Fatalf("%s twice", id(item))
			}
			seen[id(item)] = true
			if len(all) > 0 && !inOrder(all[len(all)-1], item) {
				t.Fatalf("%s is out of order", id(item))
			}
			all = append(all, item)
		}
		if p.Next == "" {
			return all
		}
		if len(p.Items) != size {
			t.Fatalf("a page of %d, want %d", len(p.Items), size)
		}
		after = p.Next
	}
}

func caseID(c store.CaseRow) string { return c.CaseID }

func dueOrder(a, b store.CaseRow) bool {
	if a.Due.IsZero() || b.Due.IsZero() {
		return b.Due.IsZero()
	}
	return !b.Due.Before(a.Due)
}

func TestPagesOf500(t *testing.T) {
	w := newWorld(t)
	ctx, liaison := t.Context(), w.Bureau[proposal.Liaison].Person
	const n, size = 500, 37
	w.at(t, proposal.Closing) // a task without a due date
	for i := range n - 1 {
		id, r := w.registration()
		r.AssignedOn = calendar.NewDate(2026, 1, 5).AddDays(i % 60)
		w.do(t, id, w.Register(r))
	}
	todo := read(t, size, func(after string) (store.Page[store.CaseRow], error) {
		return w.Tasks(ctx, liaison.ID, store.TaskFilter{Box: store.Todo, After: after, Limit: size})
	}, caseID, dueOrder)
	if len(todo) != n || !todo[n-1].Due.IsZero() {
		t.Errorf("todo: %d, the last due %v", len(todo), todo[len(todo)-1].Due)
	}
	for _, f := range []store.CaseFilter{{Limit: size}, {Limit: size, Open: true}} {
		order := dueOrder
		if !f.Open {
			order = func(a, b store.CaseRow) bool { return !b.AssignedOn.After(a.AssignedOn) }
		}
		all := read(t, size, func(after string) (store.Page[store.CaseRow], error) {
			f.After = after
			return w.SearchCases(ctx, liaison, f)
		}, caseID, order)
		if len(all) != n {
			t.Errorf("open %v: %d cases", f.Open, len(all))
		}
	}
	for _, c := range todo[:n-1] {
		w.now = w.now.Add(time.Millisecond)
		w.do(t, c.CaseID, w.Action(proposal.ProposeAssignment, proposal.Liaison, &proposal.RoutingOpinion{Lead: fixture.Leading}))
	}
	active := read(t, size, func(after string) (store.Page[store.CaseRow], error) {
		return w.Tasks(ctx, liaison.ID, store.TaskFilter{Box: store.Active, After: after, Limit: size})
	}, caseID, func(a, b store.CaseRow) bool { return !b.LastAt.After(a.LastAt) })
	if len(active) != n-1 || active[0].CaseID != todo[n-2].CaseID {
		t.Errorf("active: %d", len(active))
	}
	after := ""
	for walked := 0; ; {
		page, err := w.OpenPositions(ctx, after, size)
		check(t, err)
		if walked += len(page); len(page) < size {
			if walked != n {
				t.Errorf("reconciliation walks %d cases", walked)
			}
			break
		}
		after = page[size-1].CaseID
	}
}

func TestBadPlaces(t *testing.T) {
	w := newWorld(t)
	ctx, liaison := t.Context(), w.Bureau[proposal.Liaison].Person
	for _, after := range []string{"x", "~", "2026-13-01~1", "2026-01-01~x", "2026-01-01", "now()~1", "2026-01-01~9999999999999999999"} {
		for _, box := range store.Boxes {
			_, err := w.Tasks(ctx, liaison.ID, store.TaskFilter{Box: box, After: after})
			refused(t, err, proposal.InvalidInput)
		}
		_, err := w.SearchCases(ctx, liaison, store.CaseFilter{After: after})
		refused(t, err, proposal.InvalidInput)
		_, err = w.PublicList(ctx, store.PublicFilter{After: after})
		refused(t, err, proposal.InvalidInput)
	}
	_, err := w.Tasks(ctx, liaison.ID, store.TaskFilter{Box: "none"})
	refused(t, err, proposal.InvalidInput)
	_, err = w.Tasks(ctx, "nonsense", store.TaskFilter{Box: store.Todo})
	refused(t, err, proposal.NotFound)
}

func TestOverview(t *testing.T) {
	w := newWorld(t)
	cases := w.everyStage(t)
	w.do(t, cases[proposal.Drafting], w.Action(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Division: fixture.Other, Question: "请提供数据"}))
	page, err := w.SearchCases(t.Context(), w.Bureau[proposal.Liaison].Person, store.CaseFilter{Open: true})
	check(t, err)
	for _, c := range []struct{ today, near calendar.Date }{
		{calendar.NewDate(2026, 4, 20), calendar.NewDate(2026, 4, 25)},
		{calendar.NewDate(2026, 5, 20), calendar.NewDate(2026, 5, 21)},
		{calendar.NewDate(2026, 5, 21), calendar.NewDate(2026, 5, 21)},
		{calendar.NewDate(2026, 6, 3), calendar.NewDate(2026, 6, 5)},
	} {
		var overdue, near int
		for _, row := range page.Items {
			switch {
			case row.Due.IsZero() || row.Due.After(c.near):
			case row.Due.Before(c.today):
				overdue++
			default:
				near++
			}
		}
		o, err := w.Overview(t.Context(), c.today, c.near)
		check(t, err)
		if o.Open != len(page.Items) || o.Overdue != overdue || o.Near != near || o.Closed != 1 {
			t.Errorf("%s: open %d, overdue %d, near %d, closed %d; want %d, %d, %d, 1",
				c.today, o.Open, o.Overdue, o.Near, o.Closed, len(page.Items), overdue, near)
		}
		cells, owed := map[proposal.Stage]int{}, 0
		for _, cell := range o.Cells {
			cells[cell.Stage] += cell.Open
			owed += cell.Awaiting
			if cell.Division != "" && cell.Name.ZH == "" {
				t.Errorf("no name for %s", cell.Division)
			}
		}
		list, err := w.Tasks(t.Context(), w.ID(proposal.Supervisor), store.TaskFilter{Box: store.Bureau, Only: store.OnlyAwaiting})
		check(t, err)
		if owed == 0 || owed != len(list.Items) {
			t.Errorf("a co-opinion is owed in %d cases, and the list has %d", owed, len(list.Items))
		}
		if cells[proposal.Assigning] != 2 || cells[proposal.Drafting] != 1 || cells[proposal.Closed] != 0 {
			t.Errorf("cells %v", cells)
		}
		if len(o.Load) != 1 || o.Load[0].Person != w.ID(proposal.Handler) || o.Load[0].Open != 2 {
			t.Errorf("load %+v", o.Load)
		}
	}
}
