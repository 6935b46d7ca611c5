package record

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/banli/banli/internal/testkit/engine"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// The worked example of docs/change.md: a case that writes, then a rule that the deputy be reminded first.

func write(context.Context) error  { return nil }
func remind(context.Context) error { return nil }

func briefly(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: 5 * time.Second})
}

// written is the workflow as it was when the case began.
func written(ctx workflow.Context) error {
	return workflow.ExecuteActivity(briefly(ctx), write).Get(ctx, nil)
}

// remindedCarelessly changes the step for everybody.
func remindedCarelessly(ctx workflow.Context) error {
	if err := workflow.ExecuteActivity(briefly(ctx), remind).Get(ctx, nil); err != nil {
		return err
	}
	return written(ctx)
}

// reminded changes it for those who begin from now on.
func reminded(ctx workflow.Context) error {
	if workflow.GetVersion(ctx, "remind-first", workflow.DefaultVersion, 1) >= 1 {
		if err := workflow.ExecuteActivity(briefly(ctx), remind).Get(ctx, nil); err != nil {
			return err
		}
	}
	return written(ctx)
}

func TestChangeOfAStep(t *testing.T) {
	quiet := temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))
	c, err := client.Dial(client.Options{HostPort: engine.Address(t), Namespace: engine.Namespace, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	const queue = "change"
	before := run(t, c, queue, written)
	replay := func(code any, history *historypb.History) error {
		replayer := worker.NewWorkflowReplayer()
		replayer.RegisterWorkflowWithOptions(code, workflow.RegisterOptions{Name: "case"})
		return replayer.ReplayWorkflowHistory(quiet, history)
	}
	if err := replay(written, before); err != nil {
		t.Errorf("the unchanged code does not replay: %v", err)
	}
	if replay(remindedCarelessly, before) == nil {
		t.Error("a step was changed without a marker, and the replay did not see it")
	}
	if err := replay(reminded, before); err != nil {
		t.Errorf("the change behind a marker does not replay: %v", err)
	}
	if after := run(t, c, queue, reminded); len(after.Events) <= len(before.Events) {
		t.Error("a case that began after the change was not reminded")
	}
}

// run takes one case through the code on the engine and returns its history.
func run(t *testing.T, c client.Client, queue string, code any) *historypb.History {
	t.Helper()
	w := worker.New(c, queue, worker.Options{})
	w.RegisterWorkflowWithOptions(code, workflow.RegisterOptions{Name: "case"})
	w.RegisterActivity(write)
	w.RegisterActivity(remind)
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	started, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: queue}, "case")
	if err != nil {
		t.Fatal(err)
	}
	if err := started.Get(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	history := &historypb.History{}
	events := c.GetWorkflowHistory(t.Context(), started.GetID(), started.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			t.Fatal(err)
		}
		history.Events = append(history.Events, event)
	}
	return history
}
