package workflows

import (
	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/outbox"
	"go.temporal.io/sdk/workflow"
)

// PushRun counts where the to-dos of a run then stood.
type PushRun map[outbox.PushState]int

// Push makes to-dos of new notices and tells the office's portal of them, by a schedule every minute, one after another: so that what is asked
// of somebody comes in order. The history holds ids; whom they are for and what they say stays in the record.
func Push(ctx workflow.Context) (PushRun, error) {
	run := PushRun{}
	var due []string
	if err := workflow.ExecuteActivity(briefMail(ctx), (*activities.Pusher).CollectPushes).Get(ctx, &due); err != nil {
		return run, err
	}
	for _, id := range due {
		var state outbox.PushState
		if err := workflow.ExecuteActivity(briefMail(ctx), (*activities.Pusher).SendPush, id).Get(ctx, &state); err == nil {
			run[state]++ // else the next run finds it where this one left it
		}
	}
	return run, nil
}
