package workflows_test

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/banli/banli/internal/keyring"
	"github.com/banli/banli/internal/payload"
	"github.com/banli/banli/workflows"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// TestHistoriesReplay runs today's code over histories that a real engine recorded (go test ./e2e/record -record). One that fails means that the change would break the cases which are open in some bureau: it needs
// workflow.GetVersion, not a new recording. A bureau may have taken to encrypting in the middle of one: every second payload is.
func TestHistoriesReplay(t *testing.T) {
	files, err := filepath.Glob("testdata/histories/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no recorded histories", err)
	}
	keys := filepath.Join(t.TempDir(), "engine.key")
	_, err = keyring.Add(keys)
	must(t, err)
	codec, err := payload.Open(keys)
	must(t, err)
	options := worker.WorkflowReplayerOptions{}
	options.DataConverter, options.FailureConverter = codec.Converters()
	replayer, err := worker.NewWorkflowReplayerWithOptions(options)
	must(t, err)
	for name, run := range workflows.Registered {
		replayer.RegisterWorkflowWithOptions(run, workflow.RegisterOptions{Name: name})
	}
	quiet := temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			file, err := os.Open(path)
			must(t, err)
			defer file.Close()
			history, err := client.HistoryFromJSON(file, client.HistoryJSONOptions{})
			must(t, err)
			seen := 0
			must(t, proxy.VisitPayloads(t.Context(), history, proxy.VisitPayloadsOptions{
				SkipSearchAttributes: true,
				Visitor: func(_ *proxy.VisitPayloadsContext, all []*commonpb.Payload) ([]*commonpb.Payload, error) {
					if seen++; seen%2 == 0 {
						return codec.Encode(all)
					}
					return all, nil
				},
			}))
			if err := replayer.ReplayWorkflowHistory(quiet, history); err != nil {
				t.Error(err)
			}
		})
	}
}
