package workflows

import (
	"context"
	"time"

	"github.com/banli/banli/activities"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// PrintQueue is the queue of the workers that print: those on a machine with LibreOffice.
const PrintQueue = "banli-print"

// PrintInput names an order. What is to be printed lies in the record.
type PrintInput struct {
	ID   string `json:"id"`
	Seal bool   `json:"seal"` // a service is to seal what was printed
}

var prints *activities.Prints

// Print makes the PDF files of an order and, where a service seals them, has them sealed. Whoever ordered waits for the first; a service that is away is
// asked for a day.
func Print(ctx workflow.Context, in PrintInput) error {
	making := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              PrintQueue,
		ScheduleToStartTimeout: 30 * time.Second, // nobody who prints is there
		StartToCloseTimeout:    2 * time.Minute,
		RetryPolicy:            &temporal.RetryPolicy{MaximumAttempts: 2},
	})
	if err := workflow.ExecuteActivity(making, prints.MakePDF, in.ID).Get(ctx, nil); err != nil || !in.Seal {
		return err
	}
	sealing := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              PrintQueue,
		ScheduleToCloseTimeout: 24 * time.Hour,
		StartToCloseTimeout:    2 * time.Minute,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: time.Minute},
	})
	return workflow.ExecuteActivity(sealing, prints.SealPDF, in.ID).Get(ctx, nil)
}

// printPatience is how long somebody waits for an order. It goes on without them.
const printPatience = 45 * time.Second

// Print has an order printed that the record holds, and returns when that is done. One that is under way already is waited for.
func (c *Client) Print(ctx context.Context, in PrintInput) error {
	ctx, cancel := context.WithTimeout(ctx, printPatience)
	defer cancel()
	run, err := c.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: "print-" + in.ID, TaskQueue: TaskQueue, WorkflowTaskTimeout: 2 * time.Second,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
	}, Print, in)
	if err != nil {
		return unavailable(err)
	}
	return run.Get(ctx, nil)
}

// Prints reports whether anybody who prints is there. An engine that does not answer at once counts as nobody.
func (c *Client) Prints(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	queue, err := c.Temporal.DescribeTaskQueue(ctx, PrintQueue, enumspb.TASK_QUEUE_TYPE_ACTIVITY)
	if err != nil {
		return false
	}
	for _, p := range queue.Pollers {
		if time.Since(p.LastAccessTime.AsTime()) < polled {
			return true
		}
	}
	return false
}
