// Package record keeps histories of cases on a real engine, for the replay test of workflows.
package record

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
)

var record = flag.Bool("record", false, "record histories for workflows/replay_test.go, from a real engine")

func TestMain(m *testing.M) { engine.Main(m) }

// histories is where the replay test of workflows finds them.
const histories = "../../workflows/testdata/histories"

// TestRecordHistories saves a history for every shape that a case may take. Those that are there stay as they are: they
// stand for the cases that are open in some bureau.
func TestRecordHistories(t *testing.T) {
	if !*record {
		t.Skip("only with -record")
	}
	b := newBureau(t)
	for i, shape := range slices.Concat(shapes, wholeProcedure) {
		file := filepath.Join(histories, shape.name+".json")
		if _, err := os.Stat(file); err == nil {
			continue
		}
		t.Run(shape.name, func(t *testing.T) {
			r := fixture.Registration(fmt.Sprintf("%04d", i+1), calendar.DateOf(time.Now()))
			w := &walk{bureau: b, t: t, registration: r, id: workflows.CaseID(r.RegisterKey)}
			shape.carry(w)
			w.settle()
			b.save(t, workflows.WorkflowID(w.id), file)
			for _, strand := range w.state().Strands {
				if strand.Kind.OwnWorkflow() {
					at := ledger.StrandPosition{Kind: strand.Kind, Ref: strand.Ref}
					b.save(t, workflows.StrandWorkflowID(w.id, at), filepath.Join(histories, fmt.Sprintf("%s-%s-%s.json", shape.name, at.Kind, at.Ref)))
				}
			}
		})
	}
}

var longAgo = calendar.NewDate(2020, time.February, 3)

// shape is a way of a case whose history is kept.
type shape struct {
	name  string
	carry func(w *walk)
}

var shapes = []shape{
	{"straight", func(w *walk) {
		w.register()
		w.to(proposal.Closed)
	}},
	{"sent_back_twice", func(w *walk) {
		w.register()
		w.to(proposal.DivisionReview)
		w.do(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "数字要有出处。"})
		w.to(proposal.SignOff)
		w.do(proposal.SendBack, proposal.LeaderInCharge, &proposal.SendingBack{To: proposal.Consulting, Reason: "再听听代表的意见。"})
		w.to(proposal.Closed)
	}},
	{"refused_by_division", func(w *walk) {
		w.register()
		w.to(proposal.Accepting)
		w.do(proposal.Refuse, proposal.DivisionHead, &proposal.DivisionRefusal{Reason: "不属本处职责。", Suggested: fixture.Other})
		w.to(proposal.Closed)
	}},
	{"waived", func(w *walk) {
		w.register()
		w.to(proposal.Consulting)
		for range 3 {
			w.do(proposal.Contact, proposal.Handler, &proposal.Consultation{Mode: proposal.PhoneContact, Outcome: proposal.ContactNoAnswer})
		}
		w.do(proposal.Waive, proposal.DivisionHead, &proposal.ConsultationWaiver{Reason: "多次联系未果。"})
		w.to(proposal.Closed)
	}},
	{"not_open", func(w *walk) {
		w.register()
		w.to(proposal.OpennessReview)
		w.do(proposal.DecideOpenness, proposal.OpennessReviewer, &proposal.OpennessDecision{
			Openness: proposal.ClosedReply, Ground: "third_party", Reason: "涉及个人隐私。",
		})
		w.to(proposal.Closed)
	}},
	{"late", func(w *walk) {
		w.registration.Late, w.registration.AssignedOn = true, longAgo
		w.register()
		w.to(proposal.Closed)
	}},
	{"clocks_rung", func(w *walk) {
		w.registration.AssignedOn = longAgo
		w.register()
		w.awaitRing(proposal.ReplyClock)
		w.to(proposal.Drafting)
		w.awaitRing(proposal.InternalClock)
		w.to(proposal.Closed)
	}},
	{"row_ahead", func(w *walk) { // transactions committed whose workflow tasks were lost; the next action heals it
		w.register()
		w.behindItsBack(3)
		w.to(proposal.Closed)
	}},
	{"reconciled", func(w *walk) { // the same, healed by reconciliation
		w.register()
		w.behindItsBack(3)
		w.adopt()
		w.to(proposal.Closed)
	}},
	{"actions_refused", func(w *walk) {
		w.register()
		w.refused(proposal.NotInStage, w.Action(proposal.Sign, proposal.LeaderInCharge, &proposal.Signature{SHA256: "00"}))
		w.to(proposal.Accepting)
		w.refused(proposal.Forbidden, w.Action(proposal.Accept, proposal.Handler, &proposal.Acceptance{Handler: w.ID(proposal.Handler)}))
		w.to(proposal.Closed)
	}},
	{"registration_refused", func(w *walk) {
		w.registration.AssignedOn = calendar.DateOf(time.Now()).AddDays(30)
		w.refused(proposal.InvalidInput, w.Register(w.registration))
	}},
	{"open", func(w *walk) {
		w.register()
		w.to(proposal.DivisionReview)
	}},
	{"bell_snoozed", func(w *walk) { // the record's clock is behind the engine's: the bell is not taken, and rings a moment later
		w.registration.AssignedOn = longAgo
		w.clock.Store(int64(time.Since(longAgo.AddDays(1).Start())))
		w.register()
		w.eventually("no bell is snoozed", func() bool { return w.remembers("bells-hold-up-nothing") })
		w.clock.Store(0)
		w.awaitRing(proposal.ReplyClock)
		w.to(proposal.Closed)
	}},
	{"taken_up", func(w *walk) { // somebody ended the workflow in the engine; another goes on from the row
		w.register()
		w.to(proposal.Drafting)
		if err := w.cases.Temporal.TerminateWorkflow(w.t.Context(), workflows.WorkflowID(w.id), "", "by hand"); err != nil {
			w.t.Fatal(err)
		}
		w.adopt()
		w.to(proposal.Closed)
	}},
}

// signedFor are rules by which what was assigned is signed for (签收).
const signedFor = `id: signed-for-1
profile: signed-for
extends: shenyang-1
name: 本局办理规则（须签收）
valid_from: "2020-01-01"
limits:
  receipt:
    name: 自交办之日起2个工作日内签收
    workdays: 2
    sources: [{ from: "2020-01-01", text: 本市签收规定 }]
`

// bureau is a small bureau on a real engine.
type bureau struct {
	fixture.Bureau
	store  *store.Store
	ledger *activities.Cases
	cases  *workflows.Client
	clock  *atomic.Int64 // by how much the record's clock is behind, in nanoseconds
}

func newBureau(t *testing.T) bureau {
	database, people := fixture.Database(t)
	record, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(record.Close)
	c, err := client.Dial(client.Options{
		HostPort: engine.Address(t), Namespace: engine.Namespace, Identity: "recorder",
		Logger: temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	if _, err := record.PutRules(t.Context(), "", signedFor); err != nil {
		t.Fatal(err)
	}
	if err := record.SaveBureau(t.Context(), "", fixture.Body); err != nil { // which follows them in the shapes that want them
		t.Fatal(err)
	}
	behind := new(atomic.Int64)
	now := func() time.Time { return time.Now().Add(-time.Duration(behind.Load())) }
	b := bureau{
		Bureau: people, store: record, clock: behind,
		ledger: &activities.Cases{Ledger: record, Calendar: calendar.National, Packs: record.Rules, Now: now, Indexed: true},
		cases:  &workflows.Client{Temporal: c, Actions: record},
	}
	w := worker.New(c, b.ledger, &activities.Reconciler{Cases: record, Engine: b.cases, Ring: b.ledger.Ring, Now: time.Now}, &activities.Bulks{Record: record, Act: b.cases.Act})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
	return b
}

// save writes the history of a workflow once the engine has it to the end.
func (b bureau) save(t *testing.T, workflowID, file string) {
	t.Helper()
	var history historypb.History
	iterator := b.cases.Temporal.GetWorkflowHistory(t.Context(), workflowID, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for iterator.HasNext() {
		event, err := iterator.Next()
		if err != nil {
			t.Fatal(err)
		}
		history.Events = append(history.Events, event)
	}
	data, err := temporalproto.CustomJSONMarshalOptions{Indent: " "}.Marshal(&history)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(histories, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d events", len(history.Events))
}

// walk is one case on its way.
type walk struct {
	bureau
	t            *testing.T
	registration *proposal.Registration
	id           string
}

func (w *walk) act(a proposal.Action) {
	w.t.Helper()
	if _, err := w.cases.Act(w.t.Context(), w.id, a); err != nil {
		w.t.Fatal(a.Kind, err)
	}
}

// person enters somebody, or what has become of them.
func (w *walk) person(p *store.Person) {
	w.t.Helper()
	id, err := w.store.UpsertPerson(w.t.Context(), *p, fixture.Password)
	if err != nil {
		w.t.Fatal(err)
	}
	p.ID = id
}

func (w *walk) register() { w.t.Helper(); w.act(w.Register(w.registration)) }

func (w *walk) do(kind proposal.Kind, by proposal.Role, input proposal.Input) {
	w.t.Helper()
	w.act(w.Action(kind, by, input))
}

// to carries the case on until it stands in the stage.
func (w *walk) to(stage proposal.Stage) {
	w.t.Helper()
	for w.state().Stage != stage {
		w.act(w.Next(w.t, w.store, w.id))
	}
}

func (w *walk) refused(code proposal.RefusalCode, a proposal.Action) {
	w.t.Helper()
	_, err := w.cases.Act(w.t.Context(), w.id, a)
	if refusal := (*proposal.Refusal)(nil); !errors.As(err, &refusal) || refusal.Code != code {
		w.t.Fatalf("%s: %v, want the refusal %s", a.Kind, err, code)
	}
}

func (w *walk) state() proposal.State {
	w.t.Helper()
	s, err := w.store.State(w.t.Context(), w.id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *walk) position() ledger.Position { w.t.Helper(); return ledger.PositionOf(w.state()) }

// remembers reports whether the case's workflow has come to the place that the marker of a change stands at.
func (w *walk) remembers(change string) bool {
	w.t.Helper()
	history := w.cases.Temporal.GetWorkflowHistory(w.t.Context(), workflows.WorkflowID(w.id), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		if err != nil {
			w.t.Fatal(err)
		}
		if strings.Contains(event.String(), change) {
			return true
		}
	}
	return false
}

// adopt brings the case's workflow to its row, as reconciliation does.
func (w *walk) adopt() {
	w.t.Helper()
	at := w.position()
	at.Index = ledger.IndexOf(w.registration.RegisterKey.Canonical(), w.state())
	if err := w.cases.Adopt(w.t.Context(), w.id, at); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) awaitRing(kind proposal.ClockKind) { w.t.Helper(); w.awaitRingOf(kind, "") }

func (w *walk) awaitRingOf(kind proposal.ClockKind, ref string) {
	w.t.Helper()
	w.eventually(fmt.Sprintf("the clock %s %s has not rung", kind, ref), func() bool {
		state := w.state()
		clock := state.ClockOf(kind, ref)
		return clock != nil && !clock.Rung.IsZero()
	})
}

// settle waits until the workflows of the case have heard of everything: those of what is done have ended.
func (w *walk) settle() {
	w.t.Helper()
	state := w.state()
	w.eventually("the case's workflow is not in step", func() bool {
		at, running, err := w.cases.Position(w.t.Context(), w.id)
		if err != nil || running == state.Finished() {
			return false
		}
		return !running || at.Seq == state.Seq
	})
	for _, strand := range state.Strands {
		if !strand.Kind.OwnWorkflow() {
			continue
		}
		at := ledger.StrandPosition{Kind: strand.Kind, Ref: strand.Ref}
		want, open := w.position().Strand(at)
		w.eventually(fmt.Sprintf("the workflow of %s %s is not in step", at.Kind, at.Ref), func() bool {
			believed, running, err := w.cases.StrandPosition(w.t.Context(), w.id, at)
			return err == nil && running == open && (!running || believed.Equal(want))
		})
	}
}

func (w *walk) eventually(otherwise string, holds func() bool) {
	w.t.Helper()
	for begun := time.Now(); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > time.Minute {
			w.t.Fatal(otherwise)
		}
	}
}

// behindItsBack commits actions that the workflow never hears of.
func (w *walk) behindItsBack(actions int) {
	w.t.Helper()
	for range actions {
		w.commit(w.Next(w.t, w.store, w.id))
	}
}

// commit applies an action whose workflow never hears of it.
func (w *walk) commit(a proposal.Action) {
	w.t.Helper()
	if err := w.store.SaveAction(w.t.Context(), w.id, a); err != nil {
		w.t.Fatal(err)
	}
	outcome, err := w.ledger.Record(context.Background(), ledger.Command{CaseID: w.id, ActionID: a.ID, Kind: a.Kind})
	if err != nil || outcome.Refusal != nil {
		w.t.Fatal(err, outcome.Refusal)
	}
}
