package store_test

import (
	"testing"
	"time"

	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// A division is merged into another with thirty open cases: its people and cases move, nothing of it is left and nothing goes back to a pool meanwhile;
// the whole of it is taken back.
func TestDivisionIsClosed(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	admin, handler := w.ID(proposal.Admin), w.ID(proposal.Handler)
	const into = proposal.DivisionID("d1")
	check(t, w.Edit(ctx, admin, func(e *store.Edit) error {
		return e.SaveDivision(ctx, store.Division{Name: store.Name{ZH: "社会治理处"}})
	}))
	ended := w.at(t, proposal.Closed)
	head := w.person(t, "head_of_d1", proposal.Person{Roles: []proposal.Role{proposal.DivisionHead}, Division: into})
	sees := func(want int) {
		t.Helper()
		p, err := w.Person(ctx, head)
		check(t, err)
		state, err := w.State(ctx, ended)
		check(t, err)
		if p.SeesAll(state) != (want > 0) {
			t.Errorf("the head sees the ended case: %t", want == 0)
		}
		counts, err := w.CountTasks(ctx, head, []store.TaskFilter{{Box: store.Every, Only: store.OnlyClosed}})
		if err != nil || counts[0] != want {
			t.Errorf("%v ended cases in the list, want %d, %v", counts, want, err)
		}
	}
	sees(0)
	var ids []string
	for range 30 {
		ids = append(ids, w.at(t, proposal.Drafting))
	}
	closing := func(b proposal.Bulk) (n int, err error) {
		err = w.Edit(ctx, admin, func(e *store.Edit) (err error) {
			n, err = e.CloseDivision(ctx, b)
			return err
		})
		return n, err
	}
	bulk := proposal.Bulk{ID: newID(), Kind: proposal.BulkRegroup, By: admin, Params: proposal.BulkParams{Division: fixture.Leading}}
	_, err := closing(bulk)
	refused(t, err, proposal.InvalidInput)
	bulk.Params.Lead = fixture.Leading
	_, err = closing(bulk)
	refused(t, err, proposal.InvalidInput)
	bulk.Params.Lead = into
	n, err := closing(bulk)
	if err != nil || n != 30 {
		t.Fatalf("%d cases to move, %v", n, err)
	}
	sees(1) // the file of what it takes over is its own now
	if p, err := w.Person(ctx, handler); err != nil || p.Division != into {
		t.Errorf("the handler is in %s, %v", p.Division, err)
	}
	if p, err := w.Person(ctx, w.ID(proposal.LeaderInCharge)); err != nil || p.Field[len(p.Field)-1] != into {
		t.Errorf("the leader is in charge of %v, %v", p.Field, err)
	}
	late := w.Bureau[proposal.Handler] // nobody comes to a closed division
	refused(t, w.Edit(ctx, admin, func(e *store.Edit) error {
		_, err := e.SavePerson(ctx, late)
		return err
	}), proposal.InvalidInput)
	if gone, err := w.Gone(ctx); err != nil || len(gone) > 0 {
		t.Errorf("%d cases lose their handler while they are about to follow, %v", len(gone), err)
	}
	lead := func(id string) (code proposal.DivisionID) {
		t.Helper()
		state, err := w.State(ctx, id)
		check(t, err)
		if state.Handler != handler {
			t.Errorf("handled by %q", state.Handler)
		}
		return state.Lead
	}
	carry := func(take func() (ledger.BulkWork, bool, error), of func(ledger.BulkWork) (proposal.Action, bool), as proposal.ItemStatus) {
		t.Helper()
		for {
			work, ok, err := take()
			check(t, err)
			if !ok {
				return
			}
			a, _ := of(work)
			o, err := w.send(ctx, work.Item.CaseID, a)
			if err != nil || o.Refusal != nil {
				t.Fatalf("%v %+v", err, o.Refusal)
			}
			check(t, w.SettleItem(ctx, bulk.ID, work.Item.No, ledger.ItemResult{Status: as, DoneSeq: o.Position.Seq}))
		}
	}
	carry(func() (ledger.BulkWork, bool, error) { return w.TakeItem(ctx, bulk.ID) },
		func(k ledger.BulkWork) (proposal.Action, bool) { return k.Bulk.Action(k.Item) }, proposal.ItemDone)
	for _, id := range ids {
		if lead(id) != into {
			t.Fatalf("%s is not moved", id)
		}
	}
	if holds, err := w.DivisionHolds(ctx, fixture.Leading); err != nil || !holds.Nothing() {
		t.Errorf("the closed division still has %+v, %v", holds, err)
	}
	if gone, err := w.Gone(ctx); err != nil || len(gone) > 0 {
		t.Errorf("%d cases lose their handler, %v", len(gone), err)
	}
	_, err = w.OrderBulk(ctx, ledger.BulkOrder{BulkID: bulk.ID, By: admin, Order: proposal.UndoBulk, Reason: "并错了"})
	check(t, err)
	if p, err := w.Person(ctx, handler); err != nil || p.Division != fixture.Leading {
		t.Errorf("the handler is in %s, %v", p.Division, err)
	}
	if gone, err := w.Gone(ctx); err != nil || len(gone) > 0 {
		t.Errorf("%d cases lose their handler on the way back, %v", len(gone), err)
	}
	carry(func() (ledger.BulkWork, bool, error) { return w.TakeDone(ctx, bulk.ID) },
		func(k ledger.BulkWork) (proposal.Action, bool) { return k.Bulk.Undo(k.Item, k.UndoReason) }, proposal.ItemUndone)
	for _, id := range ids {
		if lead(id) != fixture.Leading {
			t.Fatalf("%s is not back", id)
		}
	}
	divisions, err := w.Divisions(ctx)
	check(t, err)
	if len(store.AtWork(divisions)) != len(divisions) {
		t.Errorf("%+v", divisions)
	}
	if breaks, err := w.VerifyRows(ctx); err != nil || len(breaks) > 0 {
		t.Errorf("%+v, %v", breaks, err)
	}
}

// The past and the letter go on bearing the name of their day.
func TestDivisionIsRenamed(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Numbering)
	renamed := time.Now()
	check(t, w.Edit(ctx, w.ID(proposal.Admin), func(e *store.Edit) error {
		return e.SaveDivision(ctx, store.Division{Code: fixture.Leading, Name: store.Name{ZH: "社会治理处"}, Sort: 2})
	}))
	c, err := w.Case(ctx, id)
	check(t, err)
	const old = "基层政权和社区建设处"
	if was := c.DivisionAt(fixture.Leading, renamed); was.ZH != old {
		t.Errorf("before: %s", was.ZH)
	}
	if is := c.DivisionAt(fixture.Leading, time.Now().Add(time.Hour)); is.ZH != "社会治理处" || c.LeadName.ZH != "社会治理处" {
		t.Errorf("since: %s, %s", is.ZH, c.LeadName.ZH)
	}
	if on := c.LetterLead(); on.ZH != old {
		t.Errorf("a letter signed before names %s", on.ZH)
	}
	if was := c.DivisionAt(fixture.Leading, renamed.AddDate(-20, 0, 0)); was.ZH != old {
		t.Errorf("before anything was kept: %s", was.ZH)
	}
}
