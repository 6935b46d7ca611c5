package e2e

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/jackc/pgx/v5"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// TestTheEnginesOwnOperations does to cases what whoever reaches the engine can do to workflows: cancel, terminate, reset, signal nonsense, put
// something that fails in the place of one. The cases go on, their records say what happened, and the drift that was seen reads 0 again.
func TestTheEnginesOwnOperations(t *testing.T) {
	t.Parallel()
	at := freePorts(t)
	run := up(t, filepath.Join(t.TempDir(), "data"), at, "--no-demo")
	record, desk := run.store(t), run.cases(t, at)
	bureau := fixture.New(t, record)
	ctx := t.Context()
	act := func(id string) {
		t.Helper()
		if _, err := desk.Act(ctx, id, bureau.Next(t, record, id)); err != nil {
			t.Errorf("case %s does not go on: %v", id, err)
		}
	}
	operations := map[string]struct {
		do    func(workflowID string) error
		event string // that the record tells of it
	}{
		"cancel": {do: func(id string) error { return desk.Temporal.CancelWorkflow(ctx, id, "") }},
		"signal": {do: func(id string) error {
			return desk.Temporal.SignalWorkflow(ctx, id, "", "nonsense", "of a kind nobody knows")
		}},
		"known signal": {do: func(id string) error {
			return desk.Temporal.SignalWorkflow(ctx, id, "", workflows.RowSignal, "not a row")
		}},
		"terminate": {
			do:    func(id string) error { return desk.Temporal.TerminateWorkflow(ctx, id, "", "by hand") },
			event: proposal.EventInterrupted,
		},
		"reset": {
			do: func(id string) error {
				_, err := desk.Temporal.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{
					Namespace: "banli", WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: id}, Reason: "by hand",
					WorkflowTaskFinishEventId: 4, RequestId: id,
					ResetReapplyExcludeTypes: []enumspb.ResetReapplyExcludeType{enumspb.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE, enumspb.RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL},
				})
				return err
			},
			event: proposal.EventInterrupted,
		},
		"replace": {
			do: func(id string) error {
				if err := desk.Temporal.TerminateWorkflow(ctx, id, "", "by hand"); err != nil {
					return err
				}
				_, err := desk.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
					ID: id, TaskQueue: workflows.TaskQueue, WorkflowTaskTimeout: 2 * time.Second,
				}, "Nonsense")
				return err
			},
			event: proposal.EventStuck,
		},
	}
	cases := map[string]string{}
	for name := range operations {
		r := fixture.Registration(fmt.Sprintf("%04d", len(cases)+1), calendar.DateOf(time.Now()))
		cases[name] = workflows.CaseID(r.RegisterKey)
		if _, err := desk.Act(ctx, cases[name], bureau.Register(r)); err != nil {
			t.Fatal(err)
		}
		act(cases[name])
	}
	for name, operation := range operations {
		if err := operation.do(workflows.WorkflowID(cases[name])); err != nil {
			t.Fatal(name, err)
		}
	}
	for _, name := range []string{"cancel", "signal", "known signal"} {
		act(cases[name])
	}
	for begun := time.Now(); ; time.Sleep(time.Second) {
		var waiting []string
		for name, operation := range operations {
			c, err := record.Case(ctx, cases[name])
			if err != nil {
				t.Fatal(err)
			}
			told := slices.ContainsFunc(c.Events, func(e store.Event) bool { return e.Kind == operation.event && e.By == "" })
			p, running, err := desk.Position(ctx, cases[name])
			if operation.event != "" && !told || err != nil || !running || p.Seq != stateOf(t, record, cases[name]).Seq {
				waiting = append(waiting, fmt.Sprintf("%s: told %v, runs %v, %v", name, told, running, err))
			}
		}
		drift, _, err := record.LastDrift(ctx)
		if len(waiting) == 0 && err == nil && !drift.Watch && drift.Behind+drift.Missing+drift.Failed == 0 {
			t.Logf("everything is taken up after %.0f s", time.Since(begun).Seconds())
			break
		}
		if time.Since(begun) > 2*time.Minute {
			t.Fatalf("not taken up: %s; drift %+v", strings.Join(waiting, "; "), drift)
		}
	}
	var seen int
	database, err := pgx.Connect(ctx, run.database)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close(ctx)
	err = database.QueryRow(ctx, `select coalesce(sum(behind + missing + failed), 0) from drift_reports`).Scan(&seen)
	if err != nil || seen < 3 {
		t.Errorf("the reports of drift have seen %d cases, %v; want the three at least", seen, err)
	}
	for _, id := range cases {
		act(id)
	}
	if report := run.banli(t, "", "verify"); !strings.Contains(report, "every hash holds") {
		t.Error(report)
	}
}
