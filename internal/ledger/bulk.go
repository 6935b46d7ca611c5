package ledger

import (
	"context"

	"github.com/banli/banli/internal/proposal"
)

// BulkState is as much of a bulk as its workflow needs. The newer of two has the higher version.
type BulkState struct {
	Status  proposal.BulkStatus `json:"status"`
	Version int                 `json:"version"`
	Left    int                 `json:"left"` // items still to be done, or to be taken back
}

// BulkOrder is what the maker asks of a bulk.
type BulkOrder struct {
	BulkID string             `json:"bulk_id"`
	Order  proposal.BulkOrder `json:"order"`
	By     proposal.PersonID  `json:"by"`
	Reason string             `json:"reason,omitempty"` // of taking back, for the record of each case
}

// BulkOutcome is what became of an order.
type BulkOutcome struct {
	State   BulkState         `json:"state"`
	Refusal *proposal.Refusal `json:"refusal,omitempty"`
}

// BulkRecord is the record of bulks, in Postgres.
type BulkRecord interface {
	// BulkState reads where a bulk stands; proposal.NotFound if there is none.
	BulkState(ctx context.Context, id string) (BulkState, error)
	// OrderBulk takes an order. One that comes twice changes nothing.
	OrderBulk(ctx context.Context, o BulkOrder) (BulkState, error)
	// TakeItem marks the next item as being done and returns it, or one that was left in the middle; ok is false if there is
	// none, or none for now.
	TakeItem(ctx context.Context, bulkID string) (work BulkWork, ok bool, err error)
	// TakeDone returns the next item to be taken back.
	TakeDone(ctx context.Context, bulkID string) (work BulkWork, ok bool, err error)
	// SettleItem writes down what became of an item.
	SettleItem(ctx context.Context, bulkID string, no int, r ItemResult) error

	// DoPlain does an item of a kind that moves no case, once; UndoPlain takes it back.
	DoPlain(ctx context.Context, b proposal.Bulk, item proposal.BulkItem) error
	UndoPlain(ctx context.Context, b proposal.Bulk, item proposal.BulkItem) error
	// Untouched returns a refusal that tells who acted on the case after the action.
	Untouched(ctx context.Context, caseID, actionID string) error
	// Applied returns those of the action ids that stand in the record.
	Applied(ctx context.Context, actionIDs []string) ([]string, error)
}

// BulkWork is one item with what it needs.
type BulkWork struct {
	Bulk       proposal.Bulk
	Item       proposal.BulkItem
	UndoReason string
}

// ItemResult is what became of an item.
type ItemResult struct {
	Status  proposal.ItemStatus
	Refusal *proposal.Refusal
	DoneSeq int
}
