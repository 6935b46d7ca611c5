package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// varied makes a case in each stage, of every body and level, some of them key cases, some secret, some called in vain.
func (w *world) varied(t testing.TB) (ids []string) {
	t.Helper()
	now := w.now
	for i, stage := range proposal.Stages {
		ids = append(ids, w.at(t, stage))
		id, r := w.registration()
		r.Body, r.Level = assembly.Bodies[i%2], assembly.Levels[i%4]
		if r.Body == assembly.CPPCC {
			r.Proposer = assembly.ProposerKinds[0]
		}
		r.KeySupervised, r.Secrecy, r.Intersession = i%3 == 0, i%5 == 0, i%7 == 0
		r.LeadDeputy = fmt.Sprintf("孟宪%d", i)
		if i%4 == 0 {
			r.AssignedOn = calendar.NewDate(2025, 12, 1)
		}
		w.do(t, id, w.Register(r))
		if i%2 == 0 {
			w.advance(t, id, proposal.Consulting)
		}
		if i%4 == 0 {
			w.do(t, id, w.Action(proposal.Contact, proposal.Handler, &proposal.Consultation{
				Mode: proposal.PhoneContact, At: w.now, Outcome: proposal.ContactCallBack, CallBackAt: w.now.Add(time.Duration(i*10) * time.Hour),
			}))
		}
		if i%6 == 2 {
			w.do(t, id, w.Action(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Division: fixture.Other, Question: "请提供数据"}))
		}
		ids = append(ids, id)
		w.now = w.now.Add(time.Second)
	}
	w.now = now
	return ids
}

// whole reads a list from its first page to its last.
func (w *world) whole(t testing.TB, person proposal.PersonID, f store.TaskFilter) (rows []store.CaseRow) {
	t.Helper()
	f.Limit = 500
	page, err := w.Tasks(t.Context(), person, f)
	check(t, err)
	if page.Next != "" {
		t.Fatal("more than 500 rows")
	}
	return page.Items
}

func rowKey(c store.CaseRow) string {
	if c.Task == nil {
		return c.CaseID
	}
	return c.CaseID + "~" + string(c.Task.Ask) + "~" + c.Task.Ref
}

// fits is the filter in plain words, over a row as it is read and the case behind it.
func fits(f store.TaskFilter, c store.CaseRow, whole *store.Case, today calendar.Date) bool {
	asks := func(asks ...proposal.Ask) bool {
		if f.Box == store.Todo {
			return slices.Contains(asks, c.Task.Ask)
		}
		return slices.ContainsFunc(c.Tasks, func(t store.Task) bool { return slices.Contains(asks, t.Ask) })
	}
	main := f.Box != store.Todo || c.Task.Ref == ""
	opinions := []proposal.Ask{proposal.AskForOpinion, proposal.AskForOutsideOpinion, proposal.AskToApproveOpinion}
	sunday := today.AddDays((7 - int(today.Weekday())) % 7)
	named := func() bool {
		number := strings.TrimSuffix(strings.TrimPrefix(f.Query, "第"), "号")
		return strings.Contains(c.Key.Number, number) || strings.Contains(c.Subject, f.Query) || strings.Contains(c.LeadDeputy, f.Query) ||
			slices.ContainsFunc(c.CoSigners, func(n string) bool { return strings.Contains(n, f.Query) })
	}
	at := func() bool {
		switch f.Step {
		case proposal.StepCoHandling:
			return asks(opinions...)
		case proposal.StepFollowUp:
			return main && c.Stage.Step() == f.Step || asks(proposal.AskToPublish, proposal.AskToReexamine, proposal.AskToNoteSilence, proposal.AskToKeepPromise, proposal.AskToReplyAgain)
		}
		return main && c.Stage.Step() == f.Step
	}
	within := func() bool {
		switch f.Within {
		case store.Overdue:
			return !c.RowDue.IsZero() && c.RowDue.Before(today)
		case store.Today:
			return c.RowDue == today
		}
		return !c.RowDue.IsZero() && !c.RowDue.Before(today) && !c.RowDue.After(sunday)
	}
	stands := func(kind proposal.StrandKind, status proposal.StrandStatus) bool {
		return slices.ContainsFunc(whole.State.StrandsOf(kind), func(r proposal.Strand) bool { return r.Status == status })
	}
	only := func() bool {
		switch f.Only {
		case store.OnlyFree:
			if f.Box == store.Todo {
				return c.Task.Holder() == ""
			}
			return slices.ContainsFunc(c.Tasks, func(t store.Task) bool { return t.Holder() == "" })
		case store.OnlyReturned:
			return main && c.ReturnedFrom != ""
		case store.OnlyUnreached:
			n := len(whole.Consultations)
			return main && c.Stage == proposal.Consulting && n > 0 && whole.Consultations[n-1].Outcome != proposal.ContactReached
		case store.OnlyAwaiting:
			return slices.ContainsFunc(c.Tasks, func(t store.Task) bool { return slices.Contains(opinions, t.Ask) })
		case store.OnlyClosed:
			return c.Stage == proposal.Closed && whole.State.ClosedOn.Year == today.Year
		case store.OnlyToPublish:
			return stands(proposal.PublicationStrand, proposal.StrandUnpublished)
		case store.OnlyPublished:
			return stands(proposal.PublicationStrand, proposal.StrandPublished)
		case store.OnlyWithheld:
			return stands(proposal.PublicationStrand, proposal.StrandWithheld)
		case store.OnlyTakenDown:
			return stands(proposal.PublicationStrand, proposal.StrandTakenDown)
		case store.OnlyToRate:
			return stands(proposal.FeedbackStrand, proposal.StrandAsked)
		case store.OnlyDissatisfied:
			return stands(proposal.FeedbackStrand, proposal.StrandDissatisfied)
		case store.OnlyNotReceived:
			return stands(proposal.ReceiptStrand, proposal.StrandAsked)
		}
		if f.Only == store.OnlyStuck { // who asks has seen to it
			return true
		}
		if known, is := watched(f, c, whole, today); known {
			return is
		}
		return asks(proposal.AskToKeepPromise, proposal.AskToReplyAgain)
	}
	return (f.Query == "" || named()) && (f.Step == "" || at()) && (f.Within == "" || within()) &&
		(f.DueBy.IsZero() || !c.RowDue.IsZero() && !c.RowDue.Before(today) && !c.RowDue.After(f.DueBy)) && (f.Only == "" || only()) &&
		(f.Division == "" || f.Division == c.Lead || f.Division == store.NoDivision && c.Lead == "") &&
		(f.Body == "" || f.Body == c.Key.Body) && (f.Level == "" || f.Level == c.Key.Level) &&
		(f.Year == 0 || f.Year == c.AssignedOn.Year) && (!f.Supervised || c.Supervised)
}

// watched are the filters of those who supervise, told from the state and the events of the case.
func watched(f store.TaskFilter, c store.CaseRow, whole *store.Case, today calendar.Date) (known, is bool) {
	s, days := whole.State, calendar.National()
	near := days.AddWorkdays(today, store.NearDays).End
	waits := func(by func(store.Task) bool, asks ...proposal.Ask) bool {
		tasks := c.Tasks
		if f.Box == store.Todo {
			tasks = []store.Task{*c.Task}
		}
		return slices.ContainsFunc(tasks, func(t store.Task) bool { return slices.Contains(asks, t.Ask) && by(t) })
	}
	by := func(day calendar.Date) func(store.Task) bool {
		return func(t store.Task) bool { return !t.Due.IsZero() && !t.Due.After(day) }
	}
	runs := func(kind proposal.ClockKind) (due calendar.Date, ok bool) {
		clock := s.Clock(kind)
		if clock == nil || !clock.Open() || !clock.Stopped.IsZero() {
			return due, false
		}
		return clock.Due(), true
	}
	backs := 0
	happened := map[string]bool{}
	then := func(at time.Time) bool { return !at.Before(f.Since) && (f.Until.IsZero() || at.Before(f.Until)) }
	for _, e := range whole.Events {
		if then(e.At) {
			happened[string(e.Kind)] = true
		}
		switch proposal.Kind(e.Kind) {
		case proposal.Dispatch:
			backs = 0
		case proposal.SendBack:
			backs++
		}
	}
	unsent := s.Stage.Before(proposal.Answered)
	switch f.Only {
	case store.OnlyUnsigned:
		return true, waits(by(today), proposal.AskOf(proposal.Accepting))
	case store.OnlyReturnable:
		due, ok := runs(proposal.ReturnClock)
		return true, ok && slices.Contains([]proposal.Stage{proposal.Registered, proposal.Assigning, proposal.Accepting}, s.Stage) && !due.Before(today) && !due.After(near)
	case store.OnlyUncalled:
		due, ok := runs(proposal.FirstContactClock)
		return true, ok && !s.Stage.Ended() && !due.After(near)
	case store.OnlyAwaitLate:
		return true, waits(by(today.AddDays(-1)), proposal.AskForOpinion, proposal.AskForOutsideOpinion, proposal.AskToApproveOpinion)
	case store.OnlyExtension:
		return true, waits(func(store.Task) bool { return true }, proposal.AskToEndorseExtension, proposal.AskForExtension)
	case store.OnlyBackAgain:
		return true, unsent && backs > 1
	case store.OnlyStill:
		last := calendar.DateOf(c.LastAt)
		return true, len(c.Tasks) > 0 && days.WorkdaysBetween(last, today) >= 10
	case store.OnlyUndrafted, store.OnlyBehind:
		kind := map[store.Only]proposal.ClockKind{store.OnlyUndrafted: proposal.DraftClock, store.OnlyBehind: proposal.PlanClock}[f.Only]
		return true, !s.Stage.Ended() && slices.ContainsFunc(s.Clocks, func(c proposal.Clock) bool {
			return c.Kind == kind && c.Open() && c.Stopped.IsZero() && c.Due().Before(today)
		})
	case store.OnlyRehandled:
		return true, s.Round > 1 && unsent || s.Stage == proposal.ReportingUp
	case store.OnlyPromiseDue:
		return true, waits(by(today.AddDays(30)), proposal.AskToKeepPromise, proposal.AskToReplyAgain)
	case store.OnlyCame:
		return true, then(whole.Events[0].At)
	case store.OnlyFellLate:
		return true, !s.Stage.Ended() && !c.RowDue.IsZero() && c.RowDue.Before(today) && !c.RowDue.Before(calendar.DateOf(f.Since)) && (f.Until.IsZero() || c.RowDue.Before(calendar.DateOf(f.Until)))
	case store.OnlySentBack:
		return true, happened[string(proposal.SendBack)]
	case store.OnlyReplied:
		return true, happened[string(proposal.Dispatch)]
	case store.OnlyRated:
		return true, happened[string(proposal.RecordFeedback)]
	case store.OnlyRatedBad:
		return true, happened[string(proposal.RecordFeedback)] && s.Round > 1 || s.Stage == proposal.ReportingUp
	}
	return false, false
}

func pick[T any](r *rand.Rand, values ...T) (none T) {
	if r.IntN(3) > 0 {
		return none
	}
	return values[r.IntN(len(values))]
}

// Filters in SQL are what they say of every row, for everybody and in any combination; the counts are those of the rows.
func TestFiltersAreWhatTheySay(t *testing.T) {
	w := newWorld(t)
	every := map[string]*store.Case{}
	for i, id := range w.varied(t) {
		c, err := w.Case(t.Context(), id)
		check(t, err)
		every[id] = c
		for _, role := range []proposal.Role{proposal.Liaison, proposal.Supervisor} {
			if i%2 == 0 {
				check(t, w.Watch(t.Context(), w.ID(role), id))
			}
		}
	}
	today := calendar.DateOf(w.now)
	staff, err := w.Staff(t.Context())
	check(t, err)
	stuck := func(s proposal.State) bool { return staff.Stuck(s, rulepack.BuiltIn()[s.Pack]) }
	r := rand.New(rand.NewPCG(4, 20))
	seen := 0
	for _, id := range w.crowd(t) {
		for _, box := range append(slices.Clone(store.Boxes), store.Whole) {
			all := w.whole(t, id, store.TaskFilter{Box: box})
			for range 16 {
				f := store.TaskFilter{
					Box: box, Query: pick(r, "000", "第0007号", "社工", "孟宪1", "王桂兰", "没有"), Step: pick(r, proposal.Steps...),
					Division: pick(r, fixture.Leading, fixture.Other, store.NoDivision), Body: pick(r, assembly.Bodies...), Level: pick(r, assembly.Levels...),
					Year: pick(r, 2025, 2026, 2024), Supervised: pick(r, true), Within: pick(r, store.Withins...), DueBy: pick(r, today.AddDays(4), today.AddDays(400)), Only: pick(r, store.Onlys...), Sort: pick(r, store.Sorts...),
				}
				if slices.Contains([]store.Only{store.OnlyCame, store.OnlySentBack, store.OnlyReplied, store.OnlyRated}, f.Only) && len(all) > 0 {
					f.Until = pick(r, every[all[r.IntN(len(all))].CaseID].Events[0].At)
				}
				var want []string
				for _, c := range all {
					if f.Only == store.OnlyStuck && !stuck(every[c.CaseID].State) {
						continue
					}
					if fits(f, c, every[c.CaseID], today) {
						want = append(want, rowKey(c))
					}
				}
				rows := w.whole(t, id, f)
				var got []string
				sizes := [3]int{}
				for _, c := range rows {
					got = append(got, rowKey(c))
					switch {
					case c.RowDue.IsZero():
					case c.RowDue.Before(today):
						sizes[0]++
					case c.RowDue == today:
						sizes[1]++
					case !c.RowDue.After(today.AddDays(6)): // a Monday
						sizes[2]++
					}
				}
				slices.Sort(want)
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Fatalf("%+v: %d rows, want %d\n%v\n%v", f, len(got), len(want), got, want)
				}
				sum, err := w.SummarizeTasks(t.Context(), id, f, 100)
				check(t, err)
				if sum.Total != len(want) || [3]int{sum.Overdue, sum.Today, sum.Week} != sizes {
					t.Fatalf("%+v: counts %+v, want %d of which %v", f, sum, len(want), sizes)
				}
				keys, err := w.TaskKeysMatching(t.Context(), id, f, 500)
				check(t, err)
				if len(keys) != len(want) {
					t.Fatalf("%+v: %d keys, want %d", f, len(keys), len(want))
				}
				seen += len(want)
			}
		}
	}
	if seen < 500 {
		t.Errorf("only %d rows passed a filter", seen)
	}
}

// Every order goes through the whole list once, whatever the size of a page, and the pages begin where the summary says.
func TestEveryOrderIsComplete(t *testing.T) {
	w := newWorld(t)
	w.varied(t)
	liaison := w.ID(proposal.Liaison)
	for _, row := range w.whole(t, liaison, store.TaskFilter{Box: store.Whole})[:20] {
		check(t, w.Watch(t.Context(), liaison, row.CaseID))
	}
	const size = 3
	for _, box := range append(slices.Clone(store.Boxes), store.Whole) {
		for _, sort := range append(slices.Clone(store.Sorts), store.ByMine) {
			if sort == store.ByMine && (box == store.Todo || box == store.Whole) {
				continue
			}
			f := store.TaskFilter{Box: box, Sort: sort, Limit: size}
			sum, err := w.SummarizeTasks(t.Context(), liaison, f, size)
			check(t, err)
			var starts []string
			all := read(t, size, func(after string) (store.Page[store.CaseRow], error) {
				f.After = after
				page, err := w.Tasks(t.Context(), liaison, f)
				if page.Next != "" {
					starts = append(starts, page.Next)
				}
				return page, err
			}, rowKey, func(a, b store.CaseRow) bool {
				switch sort {
				case store.ByDue:
					return b.RowDue.IsZero() || !a.RowDue.IsZero() && !b.RowDue.Before(a.RowDue)
				case store.ByTouched:
					return !b.LastAt.After(a.LastAt)
				case store.ByAssigned:
					return !b.AssignedOn.After(a.AssignedOn)
				case store.ByNumber:
					return !a.Key.Intersession && b.Key.Intersession || a.Key.Intersession == b.Key.Intersession && a.Key.Number <= b.Key.Number
				}
				return true
			})
			if len(all) != sum.Total || !slices.Equal(starts, sum.Starts) {
				t.Errorf("%s by %s: %d rows of %d, pages begin at %v, not %v", box, sort, len(all), sum.Total, starts, sum.Starts)
			}
			if len(sum.Starts) < 2 {
				continue
			}
			f.After = sum.Starts[1]
			sum, err = w.SummarizeTasks(t.Context(), liaison, f, size)
			check(t, err)
			if sum.Before != 2*size {
				t.Errorf("%s by %s: %d rows before the third page", box, sort, sum.Before)
			}
		}
	}
}

// A name that one may not read finds nothing.
func TestMaskedNamesAreNotFound(t *testing.T) {
	w := newWorld(t)
	id, r := w.registration()
	r.Secrecy, r.LeadDeputy, r.CoSigners = true, "孟宪宏", []string{"丛日新"}
	w.do(t, id, w.Register(r))
	for name, want := range map[proposal.Role]int{proposal.Liaison: 1, proposal.Supervisor: 0} {
		for _, query := range []string{"孟宪宏", "丛日新"} {
			if rows := w.whole(t, w.ID(name), store.TaskFilter{Box: store.Whole, Query: query}); len(rows) != want {
				t.Errorf("%s finds %d cases of %s, want %d", name, len(rows), query, want)
			}
		}
	}
}

// Officers who ask at the same time get different cases, until none is left.
func TestNextTaskIsNobodyElses(t *testing.T) {
	w := newWorld(t)
	const officers, cases = 4, 12
	var people []proposal.PersonID
	for i := range officers {
		people = append(people, w.person(t, fmt.Sprintf("reviewer%d", i), proposal.Person{Roles: []proposal.Role{proposal.OfficeReviewer}}))
	}
	for range cases {
		w.at(t, proposal.OfficeReview)
	}
	var mu sync.Mutex
	taken := map[string]proposal.PersonID{}
	var all sync.WaitGroup
	for _, id := range people {
		all.Go(func() {
			leave := store.CaseTask{}
			for range cases {
				row, err := w.NextTask(t.Context(), id, leave, true)
				if err != nil {
					t.Error(err)
					return
				}
				if row == nil {
					return
				}
				mu.Lock()
				if by := taken[row.CaseID]; by != "" && by != id {
					t.Errorf("%s went to two", row.CaseID)
				}
				taken[row.CaseID] = id
				mu.Unlock()
				leave = store.CaseTask{CaseID: row.CaseID, TaskKey: row.Task.Rules().Key()}
			}
		})
	}
	all.Wait()
	if len(taken) < officers {
		t.Errorf("%d cases taken", len(taken))
	}
	for _, id := range people { // what is in one's hands comes first, and taking again takes nothing more
		before := w.count(t, `select count(*) from tasks where claimed_by = $1`, id)
		row, err := w.NextTask(t.Context(), id, store.CaseTask{}, true)
		check(t, err)
		if row == nil || taken[row.CaseID] != id || w.count(t, `select count(*) from tasks where claimed_by = $1`, id) != before {
			t.Errorf("the next case of %s is %v", id, row)
		}
	}
}

// A case knows its neighbours in every list, and the next one to do comes after the one that was left.
func TestPlaceOf(t *testing.T) {
	w := newWorld(t)
	w.varied(t)
	liaison := w.ID(proposal.Liaison)
	for _, f := range []store.TaskFilter{{Box: store.Todo}, {Box: store.Todo, Sort: store.ByNumber}, {Box: store.Whole}, {Box: store.Active}} {
		rows := w.whole(t, liaison, f)
		key := func(i int) (k store.CaseTask) {
			if i < 0 || i >= len(rows) {
				return k
			}
			k.CaseID = rows[i].CaseID
			if f.Box == store.Todo {
				k.TaskKey = rows[i].Task.Rules().Key()
			}
			return k
		}
		for i := range rows {
			place, err := w.PlaceOf(t.Context(), liaison, f, key(i))
			check(t, err)
			if want := (store.Place{No: i + 1, Of: len(rows), Before: key(i - 1), After: key(i + 1)}); place != want {
				t.Fatalf("%+v: row %d stands at %+v, want %+v", f, i, place, want)
			}
		}
		if len(rows) < 3 {
			t.Errorf("%+v has %d rows", f, len(rows))
		}
	}
	place, err := w.PlaceOf(t.Context(), liaison, store.TaskFilter{Box: store.Todo}, store.CaseTask{CaseID: newID()})
	check(t, err)
	if place != (store.Place{}) {
		t.Errorf("a case that is in no list stands at %+v", place)
	}
}

func TestNextTaskGoesOn(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.at(t, proposal.Drafting)
	}
	handler := w.ID(proposal.Handler)
	rows := w.whole(t, handler, store.TaskFilter{Box: store.Todo})
	leave := store.CaseTask{}
	for i := range 2 * len(rows) { // round and round, never back and forth between two
		row, err := w.NextTask(t.Context(), handler, leave, true)
		check(t, err)
		if row == nil || row.CaseID != rows[i%len(rows)].CaseID {
			t.Fatalf("after %d comes %v", i, row)
		}
		leave = store.CaseTask{CaseID: row.CaseID, TaskKey: row.Task.Rules().Key()}
	}
}

func TestWatching(t *testing.T) {
	w := newWorld(t)
	id := w.register(t)
	supervisor, publisher := w.ID(proposal.Supervisor), w.ID(proposal.Publisher)
	check(t, w.Watch(t.Context(), supervisor, id))
	check(t, w.Watch(t.Context(), supervisor, id))
	refused(t, w.Watch(t.Context(), publisher, id), proposal.NotFound) // not theirs to see before it is answered
	refused(t, w.Watch(t.Context(), supervisor, newID()), proposal.NotFound)
	watchers, err := w.Watchers(t.Context(), id)
	check(t, err)
	if rows := w.whole(t, supervisor, store.TaskFilter{Box: store.Watched}); len(watchers) != 1 || watchers[0].ID != supervisor || len(rows) != 1 {
		t.Errorf("watchers %d, rows %d", len(watchers), len(rows))
	}
	_, err = w.UpsertPerson(t.Context(), store.Person{Person: proposal.Person{ID: supervisor, Roles: []proposal.Role{proposal.Admin}}, Login: watchers[0].Login, Name: watchers[0].Name, Active: true}, "")
	check(t, err)
	counts, err := w.TaskCounts(t.Context(), supervisor)
	check(t, err)
	if counts[store.Watched] != 0 {
		t.Error("a case that one has lost sight of is still listed")
	}
	check(t, w.Unwatch(t.Context(), supervisor, id))
	check(t, w.Unwatch(t.Context(), supervisor, id))
}

func TestViews(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	person := func(login string, division proposal.DivisionID, roles ...proposal.Role) proposal.Person {
		p, err := w.Person(ctx, w.person(t, login, proposal.Person{Roles: roles, Division: division}))
		check(t, err)
		return p.Person
	}
	maker, colleague := person("maker", fixture.Leading, proposal.Handler), person("colleague", fixture.Leading, proposal.Handler)
	head, stranger := person("chief", fixture.Leading, proposal.DivisionHead), person("stranger", fixture.Other, proposal.DivisionHead)
	filter := store.TaskFilter{Box: store.Whole, Step: proposal.StepDrafting, Within: store.ThisWeek, Sort: store.ByNumber}
	v := store.View{ID: newID(), Name: " 本周要送审 ", Filter: filter, Columns: []store.Column{store.NextColumn}}
	check(t, w.SaveView(ctx, maker, v))
	check(t, w.SaveView(ctx, maker, v))
	sees := func(p proposal.Person) int {
		all, err := w.Views(ctx, p)
		check(t, err)
		return len(all)
	}
	if got, err := w.View(ctx, maker, v.ID); err != nil || got.Name != "本周要送审" || got.Filter != filter || !slices.Equal(got.Columns, v.Columns) {
		t.Errorf("%+v, %v", got, err)
	}
	if sees(maker) != 1 || sees(colleague) != 0 {
		t.Error("an own view is shared")
	}
	twice := store.View{ID: newID(), Name: "本周要送审", Filter: filter}
	refused(t, w.SaveView(ctx, maker, twice), proposal.InvalidInput)
	v.Division = fixture.Other
	refused(t, w.SaveView(ctx, maker, v), proposal.Forbidden)
	v.Division = fixture.Leading
	check(t, w.SaveView(ctx, maker, v))
	if sees(colleague) != 1 || sees(head) != 1 || sees(stranger) != 0 {
		t.Error("a shared view is not the division's")
	}
	refused(t, w.SaveView(ctx, colleague, v), proposal.Forbidden)
	refused(t, w.RemoveView(ctx, colleague, v.ID), proposal.Forbidden)
	check(t, w.RemoveView(ctx, stranger, v.ID)) // there is none, as far as they know
	if sees(maker) != 1 {
		t.Error("a stranger removed it")
	}
	check(t, w.RemoveView(ctx, head, v.ID))
	check(t, w.RemoveView(ctx, maker, v.ID))
	if sees(maker) != 0 {
		t.Error("it is still there")
	}
	for _, bad := range []store.View{
		{ID: "x", Name: "a", Filter: filter},
		{ID: newID(), Filter: filter},
		{ID: newID(), Name: strings.Repeat("长", 21), Filter: filter},
		{ID: newID(), Name: "a"},
		{ID: newID(), Name: "a", Filter: filter, Columns: []store.Column{"colour"}},
	} {
		refused(t, w.SaveView(ctx, maker, bad), proposal.InvalidInput)
	}
	check(t, w.SaveDeskSettings(ctx, maker.ID, store.DeskSettings{Columns: []store.Column{store.StageColumn}, Sort: store.ByTouched}))
	if d, err := w.DeskSettings(ctx, maker.ID); err != nil || !slices.Equal(d.Columns, []store.Column{store.StageColumn}) || d.Sort != store.ByTouched {
		t.Errorf("%+v, %v", d, err)
	}
	refused(t, w.SaveDeskSettings(ctx, maker.ID, store.DeskSettings{Sort: store.ByMine}), proposal.InvalidInput)
}
