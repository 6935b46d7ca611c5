package activities

import (
	"context"
	"errors"

	"github.com/banli/banli/internal/proposal"
	"go.temporal.io/sdk/activity"
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

// Bulks does the work of bulks.
type Bulks struct {
	Record BulkRecord
	// Act applies an action to a case, through its workflow.
	Act func(ctx context.Context, caseID string, a proposal.Action) (Position, error)
}

// OpenBulk reads where a bulk stands; the zero state if there is none.
func (b *Bulks) OpenBulk(ctx context.Context, id string) (BulkState, error) {
	state, err := b.Record.BulkState(ctx, id)
	if refusal := refusalOf(err); refusal != nil && refusal.Code == proposal.NotFound {
		return BulkState{}, nil
	}
	return state, err
}

// OrderBulk takes an order of the bulk's maker.
func (b *Bulks) OrderBulk(ctx context.Context, o BulkOrder) (BulkOutcome, error) {
	state, err := b.Record.OrderBulk(ctx, o)
	if refusal := refusalOf(err); refusal != nil {
		return BulkOutcome{State: state, Refusal: refusal}, nil
	}
	return BulkOutcome{State: state}, err
}

// DoItems does up to limit items, one after another, as long as the bulk runs. A worker that is killed in the middle leaves an
// item marked as being done: the next attempt does that one first, under the same id, so that it is applied once.
func (b *Bulks) DoItems(ctx context.Context, id string, limit int) (BulkState, error) {
	return b.each(ctx, id, limit, b.Record.TakeItem, b.do)
}

// UndoItems takes back up to limit items.
func (b *Bulks) UndoItems(ctx context.Context, id string, limit int) (BulkState, error) {
	return b.each(ctx, id, limit, b.Record.TakeDone, b.undo)
}

func (b *Bulks) each(ctx context.Context, id string, limit int,
	take func(context.Context, string) (BulkWork, bool, error), handle func(context.Context, BulkWork) (ItemResult, error),
) (BulkState, error) {
	for i := range limit {
		activity.RecordHeartbeat(ctx, i)
		work, ok, err := take(ctx, id)
		if err != nil {
			return BulkState{}, err
		}
		if !ok {
			break
		}
		result, err := handle(ctx, work)
		if err != nil && i == 0 && activity.GetInfo(ctx).Attempt >= patientAttempts {
			result, err = b.giveUp(ctx, work, err)
		}
		if err != nil {
			return BulkState{}, err
		}
		if err := b.Record.SettleItem(ctx, id, work.Item.No, result); err != nil {
			return BulkState{}, err
		}
	}
	return b.Record.BulkState(ctx, id)
}

// patientAttempts is how often one item may fail for want of an answer before the others go on without it: about four minutes,
// with engine and database at work. While either is away nothing is attempted at all.
const patientAttempts = 8

// giveUp settles an item that gets no answer. The record knows whether it was applied all the same.
func (b *Bulks) giveUp(ctx context.Context, work BulkWork, cause error) (ItemResult, error) {
	refusal := &proposal.Refusal{Code: proposal.EngineUnavailable}
	if !errors.As(cause, new(*proposal.Refusal)) || ctx.Err() != nil {
		return ItemResult{}, cause // a defect, or the end of this attempt
	}
	applied, err := b.Record.Applied(ctx, []string{work.Bulk.ActionID(work.Item)})
	if err != nil || len(applied) > 0 {
		return ItemResult{}, errors.Join(cause, err) // the next attempt gets the stored outcome
	}
	return ItemResult{Status: proposal.ItemRefused, Refusal: refusal}, nil
}

func (b *Bulks) do(ctx context.Context, w BulkWork) (ItemResult, error) {
	result := ItemResult{Status: proposal.ItemDone}
	var err error
	if a, moves := w.Bulk.Action(w.Item); moves {
		var at Position
		at, err = b.Act(ctx, w.Item.CaseID, a)
		result.DoneSeq = at.Seq
	} else {
		err = b.Record.DoPlain(ctx, w.Bulk, w.Item)
	}
	return settled(result, proposal.ItemRefused, err)
}

func (b *Bulks) undo(ctx context.Context, w BulkWork) (ItemResult, error) {
	result := ItemResult{Status: proposal.ItemUndone}
	a, moves := w.Bulk.Undo(w.Item, w.UndoReason)
	if !moves {
		return settled(result, proposal.ItemUndoRefused, b.Record.UndoPlain(ctx, w.Bulk, w.Item))
	}
	applied, err := b.Record.Applied(ctx, []string{a.ID})
	if err == nil && len(applied) == 0 {
		err = b.Record.Untouched(ctx, w.Item.CaseID, w.Bulk.ActionID(w.Item))
	}
	if err == nil {
		_, err = b.Act(ctx, w.Item.CaseID, a)
	}
	return settled(result, proposal.ItemUndoRefused, err)
}

// settled is the result of a step; an error means that trying again makes sense.
func settled(done ItemResult, otherwise proposal.ItemStatus, err error) (ItemResult, error) {
	if refusal := refusalOf(err); refusal != nil {
		return ItemResult{Status: otherwise, Refusal: refusal}, nil
	}
	return done, err
}

// refusalOf is what the rules said, if it was they who spoke.
func refusalOf(err error) *proposal.Refusal {
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code != proposal.EngineUnavailable {
		return refusal
	}
	return nil
}
