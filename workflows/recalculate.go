package workflows

import (
	"time"

	"github.com/banli/banli/activities"
	"go.temporal.io/sdk/workflow"
)

// Recalculate counts the deadlines of every unfinished case again, after a year's calendar arrived or was corrected. What moved
// stands in the record. What it returns is the last round's.
func Recalculate(ctx workflow.Context) (activities.Recalculation, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Hour,
		HeartbeatTimeout:    30 * time.Second,
	})
	var done activities.Recalculation
	err := rounds(ctx, func() error {
		return workflow.ExecuteActivity(ctx, (*activities.Recalculator).Recalculate).Get(ctx, &done)
	})
	return done, err
}
