package workflows

import "go.temporal.io/sdk/workflow"

// rounds does a round for all who asked before it began. Whoever asks while one is under way gets the next: it may have passed by what he asks about.
func rounds(ctx workflow.Context, round func() error) error {
	asked := workflow.GetSignalChannel(ctx, AskSignal)
	for {
		for asked.ReceiveAsync(nil) {
		}
		if err := round(); err != nil || asked.Len() == 0 {
			return err
		}
	}
}
