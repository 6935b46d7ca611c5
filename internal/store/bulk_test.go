package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// bulk is a bulk of whoever has the role, on the tasks of the stage of each case.
func (w *world) bulk(t testing.TB, kind proposal.BulkKind, by proposal.Role, p proposal.BulkParams, cases ...string) (proposal.Bulk, []proposal.BulkItem) {
	t.Helper()
	b := proposal.Bulk{ID: newID(), Kind: kind, By: w.ID(by), Params: p}
	var items []proposal.BulkItem
	for _, id := range cases {
		state, err := w.State(t.Context(), id)
		check(t, err)
		items = append(items, proposal.BulkItem{CaseID: id, Key: proposal.TaskKey{Ask: proposal.AskOf(state.Stage)}, BaseSeq: state.Seq})
	}
	check(t, w.CreateBulk(t.Context(), b, items))
	return b, items
}

// carry does what the activities do, without an engine, until nothing is left for now.
func (w *world) carry(t testing.TB, id string) {
	t.Helper()
	for {
		work, ok, err := w.TakeItem(t.Context(), id)
		check(t, err)
		undoing := false
		if !ok {
			if work, undoing, err = w.TakeDone(t.Context(), id); err != nil || !undoing {
				check(t, err)
				return
			}
		}
		w.settle(t, work, undoing)
	}
}

func (w *world) settle(t testing.TB, work ledger.BulkWork, undoing bool) {
	t.Helper()
	result := ledger.ItemResult{Status: proposal.ItemDone}
	otherwise := proposal.ItemRefused
	a, moves := work.Bulk.Action(work.Item)
	plain := w.DoPlain
	if undoing {
		result.Status, otherwise, plain = proposal.ItemUndone, proposal.ItemUndoRefused, w.UndoPlain
		a, moves = work.Bulk.Undo(work.Item, work.UndoReason)
	}
	var refusal *proposal.Refusal
	if moves {
		outcome, err := w.send(t.Context(), work.Item.CaseID, a)
		check(t, err)
		refusal, result.DoneSeq = outcome.Refusal, outcome.Position.Seq
	} else if err := plain(t.Context(), work.Bulk, work.Item); err != nil {
		refusal = err.(*proposal.Refusal)
	}
	if refusal != nil {
		result = ledger.ItemResult{Status: otherwise, Refusal: refusal}
	}
	check(t, w.SettleItem(t.Context(), work.Bulk.ID, work.Item.No, result))
}

func (w *world) view(t testing.TB, b proposal.Bulk, status proposal.BulkStatus, want map[proposal.ItemStatus]int) {
	t.Helper()
	v, err := w.Bulk(t.Context(), b.By, b.ID)
	check(t, err)
	if v.Status != status || len(v.Counts) != len(want) {
		t.Errorf("%s: %s %v, want %s %v", b.Kind, v.Status, v.Counts, status, want)
	}
	for k, n := range want {
		if v.Counts[k] != n {
			t.Errorf("%s: %d %s, want %d", b.Kind, v.Counts[k], k, n)
		}
	}
}

func (w *world) order(t testing.TB, b proposal.Bulk, o proposal.BulkOrder) error {
	t.Helper()
	_, err := w.OrderBulk(t.Context(), ledger.BulkOrder{BulkID: b.ID, Order: o, By: b.By, Reason: "撤销批量"})
	return err
}

func (w *world) colleague(t testing.TB, login string) proposal.PersonID {
	t.Helper()
	return w.person(t, login, proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading})
}

// What somebody has in hand goes over to a colleague, a case and a promise and what they had claimed, and comes back if nobody went on with
// it; what the rules do not let the colleague have stays. Once the account is closed nothing is left that nobody can take.
func TestBulkHandOver(t *testing.T) {
	w := newWorld(t)
	from, to := w.ID(proposal.Handler), w.colleague(t, "zhaolei")
	drafting, reviewed := w.at(t, proposal.Drafting), w.at(t, proposal.OfficeReview)
	promised, _ := w.promised(t)
	held, err := w.Held(t.Context(), from)
	check(t, err)
	if len(held) != 3 || !slices.ContainsFunc(held, func(i proposal.BulkItem) bool {
		return i.CaseID == promised && i.Key == proposal.TaskKey{Ask: proposal.AskToKeepPromise, Ref: "1.1"}
	}) {
		t.Fatalf("the handler has %+v in hand", held)
	}
	holder := func(id string) proposal.PersonID {
		state, err := w.State(t.Context(), id)
		check(t, err)
		return state.Handler
	}
	b := proposal.Bulk{ID: newID(), Kind: proposal.BulkHandOver, By: w.ID(proposal.Admin), Params: proposal.BulkParams{Of: from, To: to}}
	check(t, w.CreateBulk(t.Context(), b, held))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: len(held)})
	for _, id := range []string{drafting, reviewed} {
		if holder(id) != to {
			t.Errorf("%s is with %s", id, holder(id))
		}
	}
	if left, err := w.Held(t.Context(), from); err != nil || len(left) != 0 {
		t.Errorf("left in hand: %+v %v", left, err)
	}
	if n := w.count(t, `select count(distinct case_id) from notices where kind = 'vacant' and person = $1`, to); n != 3 {
		t.Errorf("told of %d cases", n)
	}
	check(t, w.order(t, b, proposal.UndoBulk))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndone: len(held)})
	back, err := w.Held(t.Context(), from)
	check(t, err)
	if len(back) != len(held) {
		t.Errorf("%d of %d came back", len(back), len(held))
	}

	// A claim goes over to who may have it, and to nobody else.
	reviewer := w.ID(proposal.OfficeReviewer)
	second := w.person(t, "second_reviewer", proposal.Person{Roles: []proposal.Role{proposal.OfficeReviewer}})
	check(t, w.ClaimTask(t.Context(), reviewer, reviewed, newID(), proposal.TaskKey{Ask: proposal.AskOf(proposal.OfficeReview)}))
	claims, err := w.Held(t.Context(), reviewer)
	check(t, err)
	handOver := func(receiver proposal.PersonID, want proposal.ItemStatus) {
		t.Helper()
		b := proposal.Bulk{ID: newID(), Kind: proposal.BulkHandOver, By: w.ID(proposal.Admin), Params: proposal.BulkParams{Of: reviewer, To: receiver}}
		check(t, w.CreateBulk(t.Context(), b, claims))
		w.carry(t, b.ID)
		w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{want: 1})
	}
	handOver(to, proposal.ItemRefused)
	handOver(second, proposal.ItemDone)
	if n := w.count(t, `select count(*) from tasks where case_id = $1 and closed_at is null and claimed_by = $2`, reviewed, second); n != 1 {
		t.Errorf("%d claims went over", n)
	}
}

// Somebody leaves who has forty things in hand, at every point of the way: all of it goes over, and once the account is closed nothing is left that
// belongs to nobody.
func TestWhoLeavesWithFortyTasksLeavesNothing(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	from, to := w.ID(proposal.Handler), w.colleague(t, "zhaolei")
	for i, stage := range []proposal.Stage{proposal.Consulting, proposal.Drafting, proposal.OfficeReview, proposal.SignOff, proposal.Answered} {
		for range 9 - i {
			w.at(t, stage)
		}
	}
	for range 5 {
		w.promised(t)
	}
	held, err := w.Held(ctx, from)
	check(t, err)
	if len(held) != 40 {
		t.Fatalf("%d things in hand", len(held))
	}
	b := proposal.Bulk{ID: newID(), Kind: proposal.BulkHandOver, By: w.ID(proposal.Admin), Params: proposal.BulkParams{Of: from, To: to}}
	check(t, w.CreateBulk(ctx, b, held))
	w.carry(t, b.ID)
	gone := w.Bureau[proposal.Handler]
	gone.Active = false
	check(t, w.Edit(ctx, w.ID(proposal.Admin), func(e *store.Edit) error {
		_, err := e.SavePerson(ctx, gone)
		return err
	}))
	if n := w.count(t, `
		select count(*) from (
			select handler as person from cases where open union all select coalesce(person, claimed_by) from tasks where closed_at is null) h
		join people p on p.id = h.person where not p.active`); n != 0 {
		t.Errorf("%d things belong to whoever left", n)
	}
	if left, err := w.Gone(ctx); err != nil || len(left) > 0 {
		t.Errorf("%d cases wait for whoever left, %v", len(left), err)
	}
	if stuck, err := w.StuckCases(ctx); err != nil || len(stuck) > 0 {
		t.Errorf("nobody can take %v, %v", stuck, err)
	}
	if now, err := w.Held(ctx, to); err != nil || len(now) != 40 {
		t.Errorf("%d things went over, %v", len(now), err)
	}
}

func TestBulkTransfer(t *testing.T) {
	w := newWorld(t)
	to := w.colleague(t, "zhaolei")
	first, acted, pool, last := w.at(t, proposal.Consulting), w.at(t, proposal.Consulting), w.at(t, proposal.Numbering), w.at(t, proposal.Drafting)
	b, items := w.bulk(t, proposal.BulkTransfer, proposal.DivisionHead, proposal.BulkParams{To: to, Reason: "下沉社区"}, first, acted, pool, last)
	w.now = w.now.Add(time.Minute)
	other := w.colleague(t, "chenguang")
	w.do(t, acted, w.Action(proposal.Reassign, proposal.DivisionHead, &proposal.Reassignment{Handler: other, Reason: "先改派了"}))
	check(t, w.CreateBulk(t.Context(), b, items)) // sent twice
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 2, proposal.ItemRefused: 2})

	who, err := w.Person(t.Context(), b.By)
	check(t, err)
	rows, err := w.BulkItems(t.Context(), who.Person, b.ID, 0, 0)
	check(t, err)
	if r := rows[1].Refusal; r == nil || r.Code != proposal.StaleForm || r.Did != proposal.Reassign || r.By != b.By {
		t.Errorf("the case that somebody transferred first: %+v", r)
	}
	if rows[0].Handler != to || rows[0].Prior.ZH == "" || rows[0].Hidden {
		t.Errorf("a transferred case: %+v", rows[0])
	}

	check(t, w.order(t, b, proposal.UndoBulk))
	check(t, w.order(t, b, proposal.UndoBulk)) // pressed twice
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndone: 2, proposal.ItemRefused: 2})
	state, err := w.State(t.Context(), first)
	check(t, err)
	if state.Handler != w.ID(proposal.Handler) {
		t.Errorf("the case went back to %s", state.Handler)
	}
	check(t, w.order(t, b, proposal.UndoBulk))
	refused(t, w.order(t, b, proposal.PauseBulk), proposal.NotUnderWay)
	if n := w.count(t, `select count(*) from notices where kind = 'bulk' and person = $1 and ref = $2`, b.By, b.ID); n != 2 {
		t.Errorf("the maker was told %d times, want of the end and of the taking back", n)
	}
}

func TestBulkOrders(t *testing.T) {
	w := newWorld(t)
	cases := []string{w.at(t, proposal.Consulting), w.at(t, proposal.Consulting), w.at(t, proposal.Consulting)}
	b, _ := w.bulk(t, proposal.BulkUrge, proposal.Supervisor, proposal.BulkParams{Reason: "请抓紧办理。"}, cases...)
	work, ok, err := w.TakeItem(t.Context(), b.ID)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	for range 2 {
		check(t, w.order(t, b, proposal.PauseBulk))
	}
	// The one in the middle is found again while the bulk is paused, and no other is begun.
	again, ok, err := w.TakeItem(t.Context(), b.ID)
	if err != nil || !ok || again.Item.No != work.Item.No {
		t.Fatalf("%+v %t %v", again, ok, err)
	}
	w.settle(t, again, false)
	if _, ok, err := w.TakeItem(t.Context(), b.ID); ok || err != nil {
		t.Errorf("a paused bulk goes on: %v", err)
	}
	check(t, w.order(t, b, proposal.ResumeBulk))
	check(t, w.order(t, b, proposal.CancelBulk))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkCancelled, map[proposal.ItemStatus]int{proposal.ItemDone: 1, proposal.ItemCancelled: 2})
	refused(t, w.order(t, b, proposal.ResumeBulk), proposal.NotUnderWay)
	refused(t, w.order(t, b, proposal.UndoBulk), proposal.NotUndoable)

	stranger := b
	stranger.By = w.ID(proposal.Liaison)
	refused(t, w.order(t, stranger, proposal.PauseBulk), proposal.NotFound)
	_, err = w.Bulk(t.Context(), stranger.By, b.ID)
	refused(t, err, proposal.NotFound)
	refused(t, w.CreateBulk(t.Context(), stranger, []proposal.BulkItem{{CaseID: cases[0], BaseSeq: 1}}), proposal.InvalidInput)

	// Urged again too soon: the date from when on is told.
	b, _ = w.bulk(t, proposal.BulkUrge, proposal.Supervisor, proposal.BulkParams{Reason: "请抓紧办理。"}, cases[0])
	w.carry(t, b.ID)
	rows, err := w.BulkItems(t.Context(), proposal.Person{ID: b.By, Roles: []proposal.Role{proposal.Supervisor}}, b.ID, 0, 0)
	check(t, err)
	if r := rows[0].Refusal; r == nil || r.Code != proposal.UrgedRecently || r.Due.IsZero() {
		t.Errorf("%+v", r)
	}
	if all, err := w.BulksOf(t.Context(), b.By, 0); err != nil || len(all) != 2 || all[0].ID != b.ID {
		t.Errorf("%+v, %v", all, err)
	}
	if open, err := w.UnfinishedBulks(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("unfinished %v, %v", open, err)
	}
}

func TestBulkClaimAndRelease(t *testing.T) {
	w := newWorld(t)
	free, mine, theirs := w.at(t, proposal.Numbering), w.at(t, proposal.Numbering), w.at(t, proposal.Numbering)
	second := w.person(t, "second", proposal.Person{Roles: []proposal.Role{proposal.Liaison}})
	key := proposal.TaskKey{Ask: proposal.AskOf(proposal.Numbering)}
	liaison := w.ID(proposal.Liaison)
	check(t, w.ClaimTask(t.Context(), liaison, mine, newID(), key))
	check(t, w.ClaimTask(t.Context(), second, theirs, newID(), key))

	b, _ := w.bulk(t, proposal.BulkClaim, proposal.Liaison, proposal.BulkParams{}, free, mine, theirs)
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 1, proposal.ItemRefused: 2})
	check(t, w.order(t, b, proposal.UndoBulk))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndone: 1, proposal.ItemRefused: 2})
	if n := w.count(t, `select count(*) from tasks where claimed_by = $1`, liaison); n != 1 {
		t.Errorf("the liaison holds %d tasks, want the one from before", n)
	}

	b, _ = w.bulk(t, proposal.BulkRelease, proposal.Liaison, proposal.BulkParams{}, free, mine, theirs)
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 2, proposal.ItemRefused: 1})
	check(t, w.order(t, b, proposal.UndoBulk))
	w.carry(t, b.ID) // what the liaison put back for somebody else, only they take again
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndone: 1, proposal.ItemUndoRefused: 1, proposal.ItemRefused: 1})

	// A claim is not taken back once the step is done.
	b, _ = w.bulk(t, proposal.BulkClaim, proposal.Liaison, proposal.BulkParams{}, free)
	w.carry(t, b.ID)
	w.do(t, free, w.Next(t, w.Store, free))
	check(t, w.order(t, b, proposal.UndoBulk))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndoRefused: 1})
}

// A liaison proposes one lead division for what came in, and takes it back where the leader has not decided yet.
func TestBulkPropose(t *testing.T) {
	w := newWorld(t)
	one, two, led := w.at(t, proposal.Registered), w.at(t, proposal.Registered), w.at(t, proposal.Drafting)
	lead := proposal.BulkParams{Lead: fixture.Leading}
	b, _ := w.bulk(t, proposal.BulkPropose, proposal.Liaison, lead, one, two, led)
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 2, proposal.ItemRefused: 1})
	for _, id := range []string{one, two} {
		if s, err := w.State(t.Context(), id); err != nil || s.Stage != proposal.Assigning || s.Lead != fixture.Leading {
			t.Errorf("%+v, %v", s, err)
		}
	}
	w.now = w.now.Add(time.Minute)
	w.advance(t, two, proposal.Accepting)
	check(t, w.order(t, b, proposal.UndoBulk))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndone: 1, proposal.ItemUndoRefused: 1, proposal.ItemRefused: 1})

	b = proposal.Bulk{ID: newID(), Kind: proposal.BulkPropose, By: w.ID(proposal.Liaison)}
	if r := refused(t, w.CreateBulk(t.Context(), b, nil), proposal.InvalidInput); len(r.Fields) != 1 || r.Fields[0].Field != "lead" {
		t.Errorf("%v", r)
	}
}

func TestBulkAssignAndDelegate(t *testing.T) {
	w := newWorld(t)
	waiting, gone := w.at(t, proposal.Accepting), w.at(t, proposal.Accepting)
	b, _ := w.bulk(t, proposal.BulkAssign, proposal.DivisionHead, proposal.BulkParams{To: w.ID(proposal.Handler)}, waiting, gone)
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 2})
	w.now = w.now.Add(time.Minute)
	w.advance(t, gone, proposal.Drafting)
	if err := w.Untouched(t.Context(), gone, b.ActionID(proposal.BulkItem{No: 2})); refused(t, err, proposal.StaleForm).Did != proposal.Contact {
		t.Error(err)
	}
	check(t, w.Untouched(t.Context(), waiting, b.ActionID(proposal.BulkItem{No: 1})))
	check(t, w.order(t, b, proposal.UndoBulk))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndone: 1, proposal.ItemUndoRefused: 1})

	today := calendar.DateOf(w.now)
	cover := w.colleague(t, "zhaolei")
	p := proposal.BulkParams{To: cover, Reason: "下沉社区", From: today, Until: today.AddDays(3)}
	b, _ = w.bulk(t, proposal.BulkDelegate, proposal.Handler, p, gone, waiting)
	w.carry(t, b.ID) // waiting has no handler any more
	w.view(t, b, proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 1, proposal.ItemRefused: 1})
	covered := func() int {
		return w.count(t, `select count(*) from proxies where proxy = $1 and case_id = $2 and revoked_at is null`, cover, gone)
	}
	if covered() != 1 {
		t.Error("nobody covers for the handler")
	}
	check(t, w.order(t, b, proposal.UndoBulk))
	w.carry(t, b.ID)
	w.view(t, b, proposal.BulkUndone, map[proposal.ItemStatus]int{proposal.ItemUndone: 1, proposal.ItemRefused: 1})
	if covered() != 0 {
		t.Error("the cover still stands")
	}
	b = proposal.Bulk{ID: newID(), Kind: proposal.BulkDelegate, By: w.ID(proposal.Handler), Params: proposal.BulkParams{To: w.ID(proposal.Handler)}}
	if r := refused(t, w.CreateBulk(context.Background(), b, nil), proposal.InvalidInput); len(r.Fields) != 3 {
		t.Errorf("%v", r)
	}
}
