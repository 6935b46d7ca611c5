// Package worker puts workflows and activities on the task queue. It says with which options and nothing else; it may
// import workflows, and must never import pgx, the store or the web.
package worker

import (
	"context"
	"errors"
	"time"

	"github.com/banli/banli/workflows"
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

// ReconcileNightly makes sure that the nightly reconciliation is scheduled: at 02:30 in Shanghai.
func ReconcileNightly(ctx context.Context, c client.Client) error {
	_, err := c.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:   workflows.ReconcileScheduleID,
		Spec: client.ScheduleSpec{CronExpressions: []string{"30 2 * * *"}, TimeZoneName: "Asia/Shanghai"},
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.ReconcileID, Workflow: workflows.Reconcile, TaskQueue: workflows.TaskQueue,
		},
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return err
}
