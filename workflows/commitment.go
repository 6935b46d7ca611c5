package workflows

import "go.temporal.io/sdk/workflow"

// Commitment carries one promise that a reply made (承诺): it reminds before the promised day and escalates after it, until the
// promise is kept and the deputy has a second reply (R14). It outlives the closure of its case, if need be for years.
func Commitment(ctx workflow.Context, in StrandInput) error { return carry(ctx, in, Commitment) }
