package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
)

// slow are the activities of workflows of which there is one; a round lasts until the test lets it end.
type slow struct{ begun, end chan struct{} }

func (s *slow) round(ctx context.Context) error {
	for _, step := range []chan struct{}{s.begun, s.end} {
		select {
		case step <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func (s *slow) Reconcile(ctx context.Context) (d ledger.Drift, err error) { return d, s.round(ctx) }

func (s *slow) Recalculate(ctx context.Context) (r activities.Recalculation, err error) {
	return r, s.round(ctx)
}

// TestARequestDuringARunIsNotLost: whoever asks while a round is under way gets another, which begins later. All who asked meanwhile share it.
func TestARequestDuringARunIsNotLost(t *testing.T) {
	c, err := client.Dial(client.Options{HostPort: engine.Address(t), Namespace: engine.Namespace})
	must(t, err)
	t.Cleanup(c.Close)
	concern := &slow{begun: make(chan struct{}), end: make(chan struct{})}
	w := worker.New(c, concern)
	must(t, w.Start())
	t.Cleanup(w.Stop)
	cases := &workflows.Client{Temporal: c}
	for name, ask := range map[string]func(context.Context) (client.WorkflowRun, error){
		"reconcile": cases.Reconcile, "recalculate": cases.Recalculate,
	} {
		t.Run(name, func(t *testing.T) {
			var runs []client.WorkflowRun
			request := func() {
				run, err := ask(t.Context())
				must(t, err)
				runs = append(runs, run)
			}
			step := func(steps chan struct{}, otherwise string) {
				t.Helper()
				select {
				case <-steps:
				case <-time.After(time.Minute):
					t.Fatal(otherwise)
				}
			}
			request()
			step(concern.begun, "no round begins")
			request()
			request()
			step(concern.end, "the first round does not end")
			step(concern.begun, "a request that came during the round is lost")
			step(concern.end, "the second round does not end")
			for _, run := range runs {
				must(t, run.Get(t.Context(), nil))
			}
			select {
			case <-concern.begun:
				t.Error("a round begins that nobody asked for")
			default:
			}
		})
	}
}
