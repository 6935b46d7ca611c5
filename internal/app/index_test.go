package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"
)

// TestACaseIsFoundInTheEngineByItsNumber, by where it stands and by when it is due; also after its workflow was lost and started again. Nothing
// there names anybody, and the timers say what they are for.
func TestACaseIsFoundInTheEngineByItsNumber(t *testing.T) {
	ctx := t.Context()
	program, bureau := start(t)
	r := fixture.Registration("闭7301", calendar.DateOf(time.Now()))
	id := workflows.CaseID(r.RegisterKey)
	_, err := program.Cases.Act(ctx, id, bureau.Register(r))
	must(t, err)
	state, err := program.Store.State(ctx, id)
	must(t, err)
	due := state.DueNow().Due()
	found(t, program, id, fmt.Sprintf(`CaseNumber = "闭7301" AND CaseStage = "registered" AND CaseDue = %q`, due.Start().UTC().Format(time.RFC3339)))

	_, err = program.Cases.Act(ctx, id, bureau.Next(t, program.Store, id))
	must(t, err)
	state, err = program.Store.State(ctx, id)
	must(t, err)
	found(t, program, id, fmt.Sprintf(`CaseNumber = "闭7301" AND CaseStage = %q`, state.Stage))

	about, err := program.Cases.Temporal.DescribeWorkflow(ctx, workflows.WorkflowID(id), "")
	must(t, err)
	if got, err := about.GetStaticSummary(); got != "闭7301" || err != nil {
		t.Errorf("the workflow is called %q, error %v", got, err)
	}
	if names := timers(t, program, id); len(names) == 0 || slices.Contains(names, "") || !slices.Contains(proposal.ClockKinds, proposal.ClockKind(names[0])) {
		t.Errorf("the timers are called %q", names)
	}

	must(t, program.Cases.Temporal.TerminateWorkflow(ctx, workflows.WorkflowID(id), "", "lost in the test"))
	reconcile(t, program)
	found(t, program, id, fmt.Sprintf(`CaseNumber = "闭7301" AND CaseStage = %q AND ExecutionStatus = "Running"`, state.Stage))
}

// found waits until the engine's list has the case, alone, under the query: it is written a moment after the workflow.
func found(t *testing.T, program *app.App, caseID, query string) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		page, err := program.Cases.Temporal.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query})
		must(t, err)
		if len(page.Executions) == 1 && page.Executions[0].Execution.WorkflowId == workflows.WorkflowID(caseID) {
			return
		}
		if time.Since(begun) > time.Minute {
			t.Fatalf("%s finds %v", query, page.Executions)
		}
	}
}

// timers are the names of the timers in the history of a case.
func timers(t *testing.T, program *app.App, caseID string) (names []string) {
	t.Helper()
	history := program.Cases.Temporal.GetWorkflowHistory(t.Context(), workflows.WorkflowID(caseID), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		must(t, err)
		if event.EventType != enumspb.EVENT_TYPE_TIMER_STARTED {
			continue
		}
		var name string
		must(t, converter.GetDefaultDataConverter().FromPayload(event.GetUserMetadata().GetSummary(), &name))
		names = append(names, name)
	}
	return names
}
