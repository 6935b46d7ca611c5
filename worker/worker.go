// Package worker puts workflows and activities on the task queue. It says with which options and nothing else; it may
// import workflows, and must never import pgx, the store or the web.
package worker

import (
	"context"
	"errors"
	"time"

	"github.com/banli/banli/workflows"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// New makes a worker that is not started yet. It runs every workflow and does the activities of the concerns it is given, pointers to structs of
// package activities: each exported method is one, under its own name.
func New(c client.Client, concerns ...any) worker.Worker {
	w := worker.New(c, workflows.TaskQueue, worker.Options{
		// Fewer pollers showed tails of several seconds under a burst.
		MaxConcurrentWorkflowTaskPollers: 8,
		MaxConcurrentActivityTaskPollers: 4,
		// How long a task waits for a dead worker's cache before any worker may take it.
		StickyScheduleToStartTimeout: time.Second,
	})
	for name, run := range workflows.Registered {
		w.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: name})
	}
	for _, concern := range concerns {
		w.RegisterActivity(concern)
	}
	return w
}

// NewPrinting makes the worker of a machine that prints: it does the activities of printing and nothing else.
func NewPrinting(c client.Client, prints any) worker.Worker {
	w := worker.New(c, workflows.PrintQueue, worker.Options{DisableWorkflowWorker: true})
	w.RegisterActivity(prints)
	return w
}

// Indexed reports whether the namespace has the search attributes of cases. Without them cases are carried all the same, and not found by number.
func Indexed(ctx context.Context, c client.Client, namespace string) (bool, error) {
	known, err := c.OperatorService().ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
	if err != nil {
		return false, err
	}
	for name, kind := range workflows.SearchAttributes {
		if known.CustomAttributes[name] != kind {
			return false, nil
		}
	}
	return true, nil
}

// ReconcileHourly makes sure that the reconciliation is scheduled, at half past every hour. An engine that has it nightly, as it once was,
// is told.
func ReconcileHourly(ctx context.Context, c client.Client) error {
	spec := client.ScheduleSpec{CronExpressions: []string{"30 * * * *"}, TimeZoneName: "Asia/Shanghai"}
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: workflows.ReconcileScheduleID, Spec: spec,
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.ReconcileID, Workflow: workflows.Reconcile, TaskQueue: workflows.TaskQueue,
		},
	})
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return err
	}
	return c.ScheduleClient().GetHandle(ctx, workflows.ReconcileScheduleID).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			in.Description.Schedule.Spec = &spec
			return &client.ScheduleUpdate{Schedule: &in.Description.Schedule}, nil
		},
	})
}
