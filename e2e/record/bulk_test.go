package record

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
)

// pile is a bulk on a real engine.
type pile struct {
	bureau
	t     *testing.T
	bulk  proposal.Bulk
	cases []string
}

// newPile has so many cases with their handler, who is to hand them to another.
func newPile(t *testing.T, b bureau, first, n int) *pile {
	to, err := b.store.UpsertPerson(t.Context(), store.Person{
		Person: proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading},
		Login:  "zhaolei", Name: store.Name{ZH: "赵磊"}, Active: true,
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	p := &pile{bureau: b, t: t, bulk: proposal.Bulk{
		ID: uuid.NewString(), Kind: proposal.BulkTransfer, By: b.ID(proposal.DivisionHead),
		Params: proposal.BulkParams{To: to, Reason: "下沉社区"},
	}}
	var items []proposal.BulkItem
	for i := range n {
		r := fixture.Registration(fmt.Sprintf("%04d", first+i), calendar.DateOf(time.Now()))
		w := &walk{bureau: b, t: t, registration: r, id: workflows.CaseID(r.RegisterKey)}
		w.commit(w.Register(r))
		for w.state().Stage != proposal.Consulting {
			w.commit(w.Next(t, w.store, w.id))
		}
		p.cases = append(p.cases, w.id)
		items = append(items, proposal.BulkItem{CaseID: w.id, Key: proposal.TaskKey{Ask: proposal.AskOf(proposal.Consulting)}, BaseSeq: w.state().Seq})
	}
	if err := b.store.CreateBulk(t.Context(), p.bulk, items); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *pile) order(o proposal.BulkOrder) {
	p.t.Helper()
	if err := p.bureau.cases.OrderBulk(p.t.Context(), p.bulk.By, p.bulk.ID, o, "撤销批量办理"); err != nil {
		p.t.Fatal(o, err)
	}
}

func (p *pile) view() store.BulkView {
	p.t.Helper()
	v, err := p.store.Bulk(p.t.Context(), p.bulk.By, p.bulk.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return v
}

func (p *pile) until(holds func(store.BulkView) bool) store.BulkView {
	p.t.Helper()
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		v := p.view()
		if holds(v) {
			return v
		}
		if time.Since(begun) > 2*time.Minute {
			p.t.Fatal(v.Status, v.Counts)
		}
	}
}

func (p *pile) start() {
	p.t.Helper()
	if err := p.bureau.cases.StartBulk(p.t.Context(), p.bulk.ID); err != nil {
		p.t.Fatal(err)
	}
}

func ended(v store.BulkView) bool { return v.Status.Ended() }

// Two hundred cases are handed over on a real engine: paused half-way, resumed, and taken back but for those that somebody works on.
func TestBulkOfTwoHundred(t *testing.T) {
	p := newPile(t, newBureau(t), 1, 200)
	p.start()
	p.start() // pressed twice
	p.until(func(v store.BulkView) bool { return v.Counts[proposal.ItemDone] >= 100 })
	p.order(proposal.PauseBulk)
	still := p.until(func(v store.BulkView) bool { return v.Counts[proposal.ItemRunning] == 0 })
	time.Sleep(300 * time.Millisecond)
	if v := p.view(); v.Status != proposal.BulkPaused || v.Counts[proposal.ItemDone] != still.Counts[proposal.ItemDone] {
		t.Errorf("paused, and yet %s %v after %v", v.Status, v.Counts, still.Counts)
	}
	p.order(proposal.ResumeBulk)
	if v := p.until(ended); v.Counts[proposal.ItemDone] != 200 {
		t.Errorf("%s %v", v.Status, v.Counts)
	}

	for i := range 3 {
		call := p.Next(t, p.store, p.cases[i*7])
		call.By = p.bulk.Params.To
		if _, err := p.bureau.cases.Act(t.Context(), p.cases[i*7], call); err != nil {
			t.Fatal(err)
		}
	}
	p.order(proposal.UndoBulk)
	if v := p.until(ended); v.Counts[proposal.ItemUndone] != 197 || v.Counts[proposal.ItemUndoRefused] != 3 {
		t.Errorf("%s %v", v.Status, v.Counts)
	}
	for i, id := range p.cases {
		state, err := p.store.State(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if kept := i%7 == 0 && i < 21; (state.Handler == p.bulk.Params.To) != kept {
			t.Errorf("case %d is with %s", i, state.Handler)
		}
	}
}

// TestRecordBulks saves the histories of bulks, as TestRecordHistories those of cases.
func TestRecordBulks(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	b := newBureau(t)
	for i, shape := range []struct {
		name  string
		carry func(p *pile)
	}{
		{"bulk_done", func(p *pile) { p.start() }},
		{"bulk_paused_and_cancelled", func(p *pile) {
			p.order(proposal.PauseBulk) // started by its first order
			p.order(proposal.ResumeBulk)
			p.order(proposal.PauseBulk)
			p.order(proposal.CancelBulk)
		}},
		{"bulk_undone", func(p *pile) {
			p.start()
			p.until(ended)
			p.order(proposal.UndoBulk)
		}},
		{"bulk_continued", func(p *pile) {
			_, err := p.bureau.cases.Temporal.ExecuteWorkflow(context.Background(), client.StartWorkflowOptions{
				ID: workflows.BulkWorkflowID(p.bulk.ID), TaskQueue: workflows.TaskQueue,
			}, workflows.Bulk, workflows.BulkInput{BulkID: p.bulk.ID, Portion: 5, PerRun: 2})
			if err != nil {
				p.t.Fatal(err)
			}
		}},
	} {
		file := filepath.Join(histories, shape.name+".json")
		if _, err := os.Stat(file); err == nil {
			continue
		}
		t.Run(shape.name, func(t *testing.T) {
			p := newPile(t, b, 1000*(i+1), 25)
			shape.carry(p)
			p.until(ended)
			id := workflows.BulkWorkflowID(p.bulk.ID)
			if err := b.cases.Temporal.GetWorkflow(t.Context(), id, "").Get(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			b.save(t, id, file)
		})
	}
}
