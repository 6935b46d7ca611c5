package engine_test

import (
	"testing"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/banli/banli/internal/testkit/engine"
)

func TestMain(m *testing.M) { engine.Main(m) }

func Answer(workflow.Context) (int, error) { return 42, nil }

func TestAWorkflowRuns(t *testing.T) {
	c, err := client.Dial(client.Options{HostPort: engine.Address(t), Namespace: engine.Namespace})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	w := worker.New(c, t.Name(), worker.Options{})
	w.RegisterWorkflow(Answer)
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: t.Name()}, Answer)
	if err != nil {
		t.Fatal(err)
	}
	var got int
	if err := run.Get(t.Context(), &got); err != nil || got != 42 {
		t.Errorf("got %d, %v", got, err)
	}
	if again := engine.Address(t); again == "" {
		t.Error("a second call has no address")
	}
}
