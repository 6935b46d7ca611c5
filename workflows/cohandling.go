package workflows

import "go.temporal.io/sdk/workflow"

// CoHandling carries the opinion that one division or outside unit is asked for (会办), beside the case and beside every other
// unit: its own limit, its own reminders and escalations, a short one after it was sent back as weak. It ends when the opinion is
// given, waived or cancelled; a withdrawal of the case ends it with the rest.
func CoHandling(ctx workflow.Context, in StrandInput) error { return carry(ctx, in, CoHandling) }
