package workflows

import (
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"go.temporal.io/sdk/workflow"
)

// Reconcile compares every open case with its workflow and mends what has come apart. It runs at every worker start and
// hourly. What it returns is the last round's.
func Reconcile(ctx workflow.Context) (ledger.Drift, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour,
		HeartbeatTimeout:    30 * time.Second,
	})
	var drift ledger.Drift
	err := rounds(ctx, func() error {
		return workflow.ExecuteActivity(ctx, (*activities.Reconciler).Reconcile).Get(ctx, &drift)
	})
	return drift, err
}
