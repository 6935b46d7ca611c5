package main

import (
	"context"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/workflows"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/workflow"
)

// variant is one way to carry an action out.
type variant struct {
	name string
	// presaved says that its actions are in Postgres before the clock runs. Only Banli itself pays for that while timed.
	presaved bool
	// workflowID names the history of a case; nil for a variant without an engine.
	workflowID func(caseID string) string
	// act carries out one action and tells how much of the time went into saving it.
	act func(ctx context.Context, caseID string, a proposal.Action) (saving time.Duration, err error)
}

// The places of the variants in variants.
const (
	banli = iota
	bare
	plain
)

func variants(record *store.Store, temporal client.Client, cases *activities.Cases) []variant {
	return []variant{
		banli: {
			name: "Banli", workflowID: workflows.WorkflowID,
			act: func(ctx context.Context, caseID string, a proposal.Action) (time.Duration, error) {
				watch := &stopwatch{SavedActions: record}
				_, err := (&workflows.Client{Temporal: temporal, Actions: watch}).Act(ctx, caseID, a)
				return watch.took, err
			},
		},
		bare: {
			name: "bare Update", presaved: true, workflowID: bareID,
			act: func(ctx context.Context, caseID string, a proposal.Action) (time.Duration, error) {
				return 0, callBare(ctx, temporal, ledger.Command{CaseID: caseID, ActionID: a.ID, Kind: a.Kind})
			},
		},
		plain: {
			name: "plain transaction", presaved: true,
			act: func(ctx context.Context, caseID string, a proposal.Action) (time.Duration, error) {
				outcome, err := cases.Record(ctx, ledger.Command{CaseID: caseID, ActionID: a.ID, Kind: a.Kind})
				return 0, failure(outcome, err)
			},
		},
	}
}

// stopwatch times the saving of one action.
type stopwatch struct {
	workflows.SavedActions
	took time.Duration
}

func (w *stopwatch) SaveAction(ctx context.Context, caseID string, a proposal.Action) error {
	begun := time.Now()
	defer func() { w.took = time.Since(begun) }()
	return w.SavedActions.SaveAction(ctx, caseID, a)
}

// bareUpdate is the least that a Temporal Update with the same transaction in a local activity can be: no steps, no
// clocks, no position, no query.
func bareUpdate(ctx workflow.Context) error {
	act := func(ctx workflow.Context, cmd ledger.Command) (outcome ledger.Outcome, err error) {
		ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{ScheduleToCloseTimeout: 8 * time.Second})
		err = workflow.ExecuteLocalActivity(ctx, (*activities.Cases).Record, cmd).Get(ctx, &outcome)
		return outcome, err
	}
	if err := workflow.SetUpdateHandler(ctx, workflows.ActUpdate, act); err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return false })
}

func bareID(caseID string) string { return "bare-" + caseID }

// callBare sends one Update as a minimal client would: the first starts the workflow.
func callBare(ctx context.Context, temporal client.Client, cmd ledger.Command) error {
	update := client.UpdateWorkflowOptions{
		UpdateID: cmd.ActionID, WorkflowID: bareID(cmd.CaseID), UpdateName: workflows.ActUpdate,
		Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
	}
	var handle client.WorkflowUpdateHandle
	var err error
	if cmd.Kind == proposal.Register {
		handle, err = temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
			UpdateOptions: update,
			StartWorkflowOperation: temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
				ID: bareID(cmd.CaseID), TaskQueue: workflows.TaskQueue,
				WorkflowTaskTimeout:      2 * time.Second, // as Banli's, so that what the engine does about it falls alike
				WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
			}, bareUpdate),
		})
	} else {
		handle, err = temporal.UpdateWorkflow(ctx, update)
	}
	if err != nil {
		return err
	}
	var outcome ledger.Outcome
	err = handle.Get(ctx, &outcome)
	return failure(outcome, err)
}

func failure(outcome ledger.Outcome, err error) error {
	if err == nil && outcome.Refusal != nil {
		return outcome.Refusal
	}
	return err
}
