package workflows

import (
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// BulkInput starts or continues the workflow of a bulk.
type BulkInput struct {
	BulkID  string           `json:"bulk_id"`
	State   ledger.BulkState `json:"state"`             // zero: not read yet
	Portion int              `json:"portion,omitempty"` // items an activity does at a time; 0: bulkPortion
	PerRun  int              `json:"per_run,omitempty"` // portions before the history is begun anew; 0: bulkPerRun
}

const (
	bulkPortion = 20
	bulkPerRun  = 200
)

var bulks *activities.Bulks

// Bulk takes a bulk from item to item until nothing is left, and back again if its maker says so. The record in Postgres decides
// what is next, and whether the bulk may go on at all; Bulk follows it. A bulk that has ended may be taken back: it is then run
// once more.
func Bulk(ctx workflow.Context, in BulkInput) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // as in Proposal
	b := &bulk{in: in, at: in.State}
	if err := workflow.SetUpdateHandler(ctx, OrderUpdate, b.order); err != nil {
		return err
	}
	if b.at.Status == "" {
		if err := b.open(ctx); err != nil {
			return err
		}
	}
	if b.at.Status == "" {
		return workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }) // the record is older than the engine
	}
	return b.run(ctx)
}

type bulk struct {
	in BulkInput
	at ledger.BulkState
}

// open reads where the bulk stands.
func (b *bulk) open(ctx workflow.Context) error {
	var at ledger.BulkState
	err := workflow.ExecuteActivity(withBulkOptions(ctx), bulks.OpenBulk, b.in.BulkID).Get(ctx, &at)
	b.adopt(at)
	return err
}

func (b *bulk) run(ctx workflow.Context) error {
	for portions := 0; ; portions++ {
		switch {
		case b.at.Status.Ended() && workflow.AllHandlersFinished(ctx):
			return nil
		case b.full(ctx, portions):
			next := b.in
			next.State = b.at
			return workflow.NewContinueAsNewError(ctx, Bulk, next)
		}
		var err error
		switch b.at.Status {
		case proposal.BulkRunning:
			err = b.portion(ctx, bulks.DoItems)
		case proposal.BulkUndoing:
			err = b.portion(ctx, bulks.UndoItems)
		default: // paused, or an order is still under way
			seen := b.at.Version
			err = workflow.Await(ctx, func() bool {
				return b.at.Version != seen || b.at.Status.Ended() && workflow.AllHandlersFinished(ctx)
			})
		}
		if err != nil {
			return err
		}
	}
}

// full reports that the history should be begun anew and no order is under way.
func (b *bulk) full(ctx workflow.Context, portions int) bool {
	limit := orDefault(b.in.PerRun, bulkPerRun)
	return (portions >= limit || workflow.GetInfo(ctx).GetContinueAsNewSuggested()) && workflow.AllHandlersFinished(ctx)
}

// portion does the next few items, or takes them back.
func (b *bulk) portion(ctx workflow.Context, do any) error {
	var at ledger.BulkState
	err := workflow.ExecuteActivity(withBulkOptions(ctx), do, b.in.BulkID, orDefault(b.in.Portion, bulkPortion)).Get(ctx, &at)
	b.adopt(at)
	return err
}

// order takes an order of the maker. It answers when the order is committed.
func (b *bulk) order(ctx workflow.Context, o ledger.BulkOrder) (ledger.BulkOutcome, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a handler's context is not the workflow's
	ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{
		ScheduleToCloseTimeout: 8 * time.Second,
		RetryPolicy:            &temporal.RetryPolicy{InitialInterval: 50 * time.Millisecond, MaximumAttempts: 3},
	})
	var outcome ledger.BulkOutcome
	err := workflow.ExecuteLocalActivity(ctx, bulks.OrderBulk, o).Get(ctx, &outcome)
	b.adopt(outcome.State)
	return outcome, err
}

// adopt follows the record: the newer state wins.
func (b *bulk) adopt(row ledger.BulkState) {
	if row.Version > b.at.Version {
		b.at = row
	}
}

// withBulkOptions: an item waits at most as long as an officer would; what gets no answer is tried again without end.
func withBulkOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    30 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, MaximumInterval: 30 * time.Second},
	})
}

func orDefault(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}
