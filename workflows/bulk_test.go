package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	"go.temporal.io/sdk/converter"
	temporallog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"
)

// batch is one bulk in the skipped time of test environments, on a real record; cases are moved without an engine of their own.
type batch struct {
	t      *testing.T
	store  *store.Store
	ledger *activities.Cases
	bureau fixture.Bureau
	bulk   proposal.Bulk
	cases  []string
	env    *testsuite.TestWorkflowEnvironment
	now    time.Time
	runs   int

	acted  int                                  // actions sent to cases
	before func(n int) error                    // called with the number of an action before it is applied
	after  func(n int) error                    // and after
	settle func(no int) error                   // called before an item's outcome is written down
	later  map[time.Duration]proposal.BulkOrder // of the first run
}

func newBatch(t *testing.T, n int) *batch {
	t.Helper()
	database, bureau := fixture.Database(t)
	record, err := store.Open(t.Context(), database)
	must(t, err)
	t.Cleanup(record.Close)
	b := &batch{t: t, store: record, bureau: bureau, now: monday}
	now := func() time.Time { return b.now }
	record.Now = now
	b.ledger = &activities.Cases{Ledger: record, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: now}
	to, err := record.UpsertPerson(t.Context(), store.Person{
		Person: proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading}, Login: "zhaolei", Name: store.Name{ZH: "赵磊"}, Active: true,
	}, "")
	must(t, err)
	b.bulk = proposal.Bulk{
		ID: uuid.NewString(), Kind: proposal.BulkTransfer, By: b.bureau.ID(proposal.DivisionHead),
		Params: proposal.BulkParams{To: to, Reason: "下沉社区"},
	}
	var items []proposal.BulkItem
	for i := range n {
		id, seq := b.waiting(fmt.Sprintf("%04d", i+1))
		b.cases = append(b.cases, id)
		items = append(items, proposal.BulkItem{CaseID: id, Key: proposal.TaskKey{Ask: proposal.AskOf(proposal.Consulting)}, BaseSeq: seq})
	}
	must(t, record.CreateBulk(t.Context(), b.bulk, items))
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// waiting is a case that waits for its handler.
func (b *batch) waiting(number string) (id string, seq int) {
	r := fixture.Registration(number, calendar.DateOf(b.now))
	id = workflows.CaseID(r.RegisterKey)
	a := b.bureau.Register(r)
	for {
		at, err := b.apply(b.t.Context(), id, a)
		must(b.t, err)
		if at.Stage == proposal.Consulting {
			return id, at.Seq
		}
		a = b.bureau.Next(b.t, b.store, id)
	}
}

func (b *batch) apply(ctx context.Context, caseID string, a proposal.Action) (ledger.Position, error) {
	if err := b.store.SaveAction(ctx, caseID, a); err != nil {
		return ledger.Position{}, err
	}
	outcome, err := b.ledger.Record(ctx, ledger.Command{CaseID: caseID, ActionID: a.ID, Kind: a.Kind})
	if err == nil && outcome.Refusal != nil {
		err = outcome.Refusal
	}
	return outcome.Position, err
}

// act is what the workflows of the cases would do, with what the test lets fail.
func (b *batch) act(ctx context.Context, caseID string, a proposal.Action) (ledger.Position, error) {
	b.acted++
	n := b.acted
	if b.before != nil {
		if err := b.before(n); err != nil {
			return ledger.Position{}, err
		}
	}
	at, err := b.apply(ctx, caseID, a)
	if err == nil && b.after != nil {
		err = b.after(n)
	}
	return at, err
}

// failing is the real record, of which one write may fail.
type failing struct {
	*store.Store
	b *batch
}

func (f failing) SettleItem(ctx context.Context, bulkID string, no int, r ledger.ItemResult) error {
	if f.b.settle != nil {
		if err := f.b.settle(no); err != nil {
			return err
		}
	}
	return f.Store.SettleItem(ctx, bulkID, no, r)
}

// run plays the bulk to its end, through every run of its workflow.
func (b *batch) run(in workflows.BulkInput) {
	b.t.Helper()
	in.BulkID = b.bulk.ID
	for {
		b.runs++
		var suite testsuite.WorkflowTestSuite
		suite.SetLogger(temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
		b.env = suite.NewTestWorkflowEnvironment()
		b.env.SetStartTime(b.now)
		b.env.SetTestTimeout(time.Minute)
		b.env.SetWorkflowRunTimeout(10 * 365 * 24 * time.Hour)
		bulks := &activities.Bulks{Record: failing{b.store, b}, Act: b.act}
		b.env.RegisterActivity(bulks.OpenBulk)
		b.env.RegisterActivity(bulks.OrderBulk)
		b.env.RegisterActivity(bulks.DoItems)
		b.env.RegisterActivity(bulks.UndoItems)
		for at, order := range b.later {
			b.env.RegisterDelayedCallback(func() { b.order(order) }, at)
		}
		b.later = nil
		b.env.ExecuteWorkflow(workflows.Bulk, in)
		b.now = b.env.Now()
		again := (*workflow.ContinueAsNewError)(nil)
		switch err := b.env.GetWorkflowError(); {
		case errors.As(err, &again):
			must(b.t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &in))
		case err != nil || !b.env.IsWorkflowCompleted():
			b.t.Fatal(err)
		default:
			return
		}
	}
}

// order sends an order to the running workflow.
func (b *batch) order(o proposal.BulkOrder) {
	b.env.UpdateWorkflow(workflows.OrderUpdate, uuid.NewString(), &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { b.t.Error(o, err) },
		OnComplete: func(result any, err error) {
			if outcome, _ := result.(ledger.BulkOutcome); err != nil || outcome.Refusal != nil {
				b.t.Error(o, err, outcome.Refusal)
			}
		},
	}, ledger.BulkOrder{BulkID: b.bulk.ID, Order: o, By: b.bulk.By, Reason: "撤销批量办理"})
}

// ends asserts where the bulk stands, and that every action on a case was applied once.
func (b *batch) ends(status proposal.BulkStatus, want map[proposal.ItemStatus]int) {
	b.t.Helper()
	v, err := b.store.Bulk(b.t.Context(), b.bulk.By, b.bulk.ID)
	must(b.t, err)
	if v.Status != status || fmt.Sprint(v.Counts) != fmt.Sprint(want) {
		b.t.Errorf("%s %v, want %s %v", v.Status, v.Counts, status, want)
	}
	moved := 0
	for _, id := range b.cases {
		c, err := b.store.Case(b.t.Context(), id)
		must(b.t, err)
		for _, e := range c.Events {
			if e.Kind == string(proposal.Reassign) {
				moved++
			}
		}
	}
	if need := want[proposal.ItemDone] + 2*want[proposal.ItemUndone]; moved != need {
		b.t.Errorf("%d transfers stand in the record, want %d", moved, need)
	}
}

func TestBulkRunsToItsEnd(t *testing.T) {
	b := newBatch(t, 5)
	b.run(workflows.BulkInput{})
	b.ends(proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 5})
	if b.runs != 1 {
		t.Errorf("%d runs", b.runs)
	}
	b.run(workflows.BulkInput{}) // started again by whoever thinks it lost
	b.ends(proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 5})
}

func TestBulkContinuesAsNew(t *testing.T) {
	b := newBatch(t, 7)
	b.run(workflows.BulkInput{Portion: 2, PerRun: 1})
	b.ends(proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 7})
	if b.runs < 4 {
		t.Errorf("%d runs", b.runs)
	}
}

// Paused in the middle of a portion, it waits for as long as its maker wants; cancelled, it leaves the rest alone.
func TestBulkPausedResumedCancelled(t *testing.T) {
	b := newBatch(t, 8)
	b.after = func(n int) error {
		switch n {
		case 3:
			must(t, b.ordered(proposal.PauseBulk))
		case 6:
			must(t, b.ordered(proposal.CancelBulk))
		}
		return nil
	}
	b.later = map[time.Duration]proposal.BulkOrder{30 * 24 * time.Hour: proposal.ResumeBulk}
	b.run(workflows.BulkInput{})
	b.ends(proposal.BulkCancelled, map[proposal.ItemStatus]int{proposal.ItemDone: 6, proposal.ItemCancelled: 2})
	if waited := b.now.Sub(monday); waited < 30*24*time.Hour {
		t.Errorf("it waited %s", waited)
	}
}

// ordered commits an order to the record, as the update's handler does while a portion is under way.
func (b *batch) ordered(o proposal.BulkOrder) error {
	_, err := b.store.OrderBulk(b.t.Context(), ledger.BulkOrder{BulkID: b.bulk.ID, Order: o, By: b.bulk.By, Reason: "撤销批量办理"})
	return err
}

func TestBulkIsTakenBack(t *testing.T) {
	b := newBatch(t, 4)
	b.run(workflows.BulkInput{})
	// The new handler works on one of them; the others go back.
	b.now = b.now.Add(time.Hour)
	call := b.bureau.Next(t, b.store, b.cases[1])
	call.By = b.bulk.Params.To
	_, err := b.apply(t.Context(), b.cases[1], call)
	must(t, err)
	must(t, b.ordered(proposal.UndoBulk))
	lost := false
	b.after = func(int) error { // taken back, and the worker dies
		if !lost {
			lost = true
			return errors.New("killed")
		}
		return nil
	}
	b.run(workflows.BulkInput{Portion: 2, PerRun: 1})
	v, err := b.store.Bulk(t.Context(), b.bulk.By, b.bulk.ID)
	must(t, err)
	if v.Status != proposal.BulkUndone || v.Counts[proposal.ItemUndone] != 3 || v.Counts[proposal.ItemUndoRefused] != 1 || !lost {
		t.Errorf("%s %v", v.Status, v.Counts)
	}
	for i, id := range b.cases {
		state, err := b.store.State(t.Context(), id)
		must(t, err)
		if back := state.Handler == b.bureau.ID(proposal.Handler); back == (i == 1) {
			t.Errorf("case %d is with %s", i, state.Handler)
		}
	}
}

// A worker that dies after an action was applied, or before its outcome is written down, does it once all the same.
func TestBulkAppliesOnce(t *testing.T) {
	b := newBatch(t, 6)
	died := map[int]bool{}
	once := func(n int) error {
		if !died[n] {
			died[n] = true
			return errors.New("killed")
		}
		return nil
	}
	b.after = func(n int) error {
		if n == 2 {
			return once(2)
		}
		return nil
	}
	b.settle = func(no int) error {
		if no == 4 {
			return once(40)
		}
		return nil
	}
	b.run(workflows.BulkInput{})
	b.ends(proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 6})
	if b.acted != 8 || len(died) != 2 {
		t.Errorf("%d actions were sent, %d deaths", b.acted, len(died))
	}
}

// While the engine gives no answer an item waits and is tried again; one that never gets an answer does not hold up the others.
func TestBulkWithoutAnswer(t *testing.T) {
	away := &proposal.Refusal{Code: proposal.EngineUnavailable}
	b := newBatch(t, 3)
	b.before = func(n int) error {
		if n >= 2 && n <= 6 {
			return away
		}
		return nil
	}
	b.run(workflows.BulkInput{})
	b.ends(proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 3})
	if b.now.Sub(monday) < time.Minute/2 {
		t.Error("it did not wait between its attempts")
	}

	b = newBatch(t, 3)
	b.before = func(n int) error { // of the second case alone, until it is given up
		v, err := b.store.Bulk(t.Context(), b.bulk.By, b.bulk.ID)
		if n < 2 || err != nil || v.Counts[proposal.ItemRefused] > 0 {
			return err
		}
		return away
	}
	b.run(workflows.BulkInput{})
	b.ends(proposal.BulkDone, map[proposal.ItemStatus]int{proposal.ItemDone: 2, proposal.ItemRefused: 1})
}
