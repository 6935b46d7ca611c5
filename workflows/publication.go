package workflows

import "go.temporal.io/sdk/workflow"

// Publication carries the publication of one reply (公开): the limit within which it must be on the public site or, if it is
// withheld, the day a year from now on which that is examined again (R11), as often as it is withheld again.
func Publication(ctx workflow.Context, in StrandInput) error { return carry(ctx, in, Publication) }
