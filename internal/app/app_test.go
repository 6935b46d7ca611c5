package app_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

func TestMain(m *testing.M) { engine.Main(m) }

// What the engine may lose, on a real one: a case's workflow is gone, another missed a committed action. A reconciliation
// mends both, and the next one reads 0.
func TestReconcileMendsWhatTheEngineLost(t *testing.T) {
	ctx := t.Context()
	program, bureau := start(t)
	var cases []string
	for _, number := range []string{"1", "2", "3"} {
		r := fixture.Registration(number, calendar.DateOf(time.Now()))
		cases = append(cases, workflows.CaseID(r.RegisterKey))
		_, err := program.Cases.Act(ctx, workflows.CaseID(r.RegisterKey), bureau.Register(r))
		must(t, err)
	}
	lost, behind := cases[0], cases[1]
	must(t, program.Cases.Temporal.TerminateWorkflow(ctx, workflows.WorkflowID(lost), "", "lost in the test"))
	a := bureau.Next(t, program.Store, behind)
	must(t, program.Store.SaveAction(ctx, behind, a))
	direct := &activities.Cases{Ledger: program.Store, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: program.Store.Now}
	outcome, err := direct.Record(ctx, ledger.Command{CaseID: behind, ActionID: a.ID, Kind: a.Kind})
	must(t, err)

	if drift := reconcile(t, program); drift.Checked != 3 || drift.Missing != 1 || drift.Behind != 1 || drift.Failed != 0 {
		t.Errorf("drift %+v, want one missing and one behind of three", drift)
	}
	if drift := reconcile(t, program); drift.Checked != 3 || drift.Missing+drift.Behind+drift.Failed != 0 {
		t.Errorf("drift %+v after mending, want none", drift)
	}
	if p, running, err := program.Cases.Position(ctx, behind); err != nil || !running || p.Seq != outcome.Position.Seq {
		t.Errorf("the workflow believes %+v (running %v, error %v), want %+v", p, running, err, outcome.Position)
	}
	for _, id := range cases {
		carryToTheEnd(t, program, bureau, id)
	}
}

// A record that was restored from a backup stands beside an engine that remembers more: the record is right, also where it knows less.
func TestReconcileMendsAnEngineThatIsAhead(t *testing.T) {
	ctx := t.Context()
	program, bureau := start(t)
	r := fixture.Registration("11", calendar.DateOf(time.Now()))
	id := workflows.CaseID(r.RegisterKey)
	row, err := program.Cases.Act(ctx, id, bureau.Register(r))
	must(t, err)
	must(t, program.Cases.Adopt(ctx, id, ledger.Position{Stage: proposal.Closing, Seq: row.Seq + 9}))
	if drift := reconcile(t, program); drift.Behind > 1 || drift.Failed != 0 { // 0 if a round that was under way has mended it
		t.Errorf("drift %+v, want one apart", drift)
	}
	if drift := reconcile(t, program); drift.Apart() != 0 {
		t.Errorf("drift %+v after mending, want none", drift)
	}
	if p, running, err := program.Cases.Position(ctx, id); err != nil || !running || p.Seq != row.Seq || !p.RingAt.Equal(row.RingAt) {
		t.Errorf("the workflow believes %+v (running %v, error %v), want %+v", p, running, err, row)
	}
	carryToTheEnd(t, program, bureau, id)
}

// An action on a case whose workflow was lost brings the workflow back by itself; one on a closed case is refused by its row.
func TestActNeedsNoRunningWorkflow(t *testing.T) {
	ctx := t.Context()
	program, bureau := start(t)
	r := fixture.Registration("7", calendar.DateOf(time.Now()))
	id := workflows.CaseID(r.RegisterKey)
	_, err := program.Cases.Act(ctx, id, bureau.Register(r))
	must(t, err)
	must(t, program.Cases.Temporal.TerminateWorkflow(ctx, workflows.WorkflowID(id), "", "lost in the test"))
	carryToTheEnd(t, program, bureau, id)

	again := bureau.Action(proposal.Close, proposal.Liaison, &proposal.ClosureNote{})
	_, err = program.Cases.Act(ctx, id, again)
	if refusal := (*proposal.Refusal)(nil); !errors.As(err, &refusal) || refusal.Code != proposal.NotInStage {
		t.Errorf("closing twice answers %v, want not_in_stage", err)
	}
	_, err = program.Cases.Act(ctx, workflows.CaseID(assembly.RegisterKey{Number: "unknown"}), again)
	if refusal := (*proposal.Refusal)(nil); !errors.As(err, &refusal) {
		t.Errorf("an unknown case answers %v, want a refusal", err)
	}
	for _, gone := range []string{id, workflows.CaseID(assembly.RegisterKey{Number: "unknown"})} {
		if _, running, err := program.Cases.Position(ctx, gone); running || err != nil {
			t.Errorf("a refused action left a workflow running (error %v)", err)
		}
	}
}

// start runs a worker on a database of its own, until the test ends.
func start(t *testing.T) (*app.App, fixture.Bureau) {
	t.Helper()
	database, bureau := fixture.Database(t)
	return startOn(t, database), bureau
}

func startOn(t *testing.T, database string) *app.App {
	t.Helper()
	program, stop := run(t, database, "", os.Stderr)
	t.Cleanup(stop)
	reconcile(t, program) // so that the one of the start has ended
	return program
}

// run runs a worker with a file of keys for the engine, if one is named, until it is stopped.
func run(t *testing.T, database, keys string, log io.Writer, lost ...string) (program *app.App, stop func()) {
	t.Helper()
	program, err := app.New(t.Context(), app.Config{
		Database: app.Database{URL: database},
		Temporal: app.Temporal{Address: engine.Address(t), Namespace: engine.Namespace},
		Engine:   app.EngineKeys{File: keys, Lost: lost},
		Work:     true,
		Log:      slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	must(t, err)
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- program.Run(ctx) }()
	return program, func() {
		end()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		program.Close()
	}
}

func carryToTheEnd(t *testing.T, program *app.App, bureau fixture.Bureau, id string) {
	t.Helper()
	for {
		at, err := program.Cases.Act(t.Context(), id, bureau.Next(t, program.Store, id))
		must(t, err)
		if at.Stage == proposal.Closed {
			return
		}
	}
}

func reconcile(t *testing.T, program *app.App) (drift ledger.Drift) {
	t.Helper()
	run, err := program.Cases.Reconcile(t.Context())
	must(t, err)
	must(t, run.Get(t.Context(), &drift))
	return drift
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
