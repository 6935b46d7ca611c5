package activities

import (
	"context"
	"errors"

	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"go.temporal.io/sdk/activity"
)

// Bulks does the work of bulks.
type Bulks struct {
	Record ledger.BulkRecord
	// Act applies an action to a case, through its workflow.
	Act func(ctx context.Context, caseID string, a proposal.Action) (ledger.Position, error)
}

// OpenBulk reads where a bulk stands; the zero state if there is none.
func (b *Bulks) OpenBulk(ctx context.Context, id string) (ledger.BulkState, error) {
	state, err := b.Record.BulkState(ctx, id)
	if refusal := refusalOf(err); refusal != nil && refusal.Code == proposal.NotFound {
		return ledger.BulkState{}, nil
	}
	return state, err
}

// OrderBulk takes an order of the bulk's maker.
func (b *Bulks) OrderBulk(ctx context.Context, o ledger.BulkOrder) (ledger.BulkOutcome, error) {
	state, err := b.Record.OrderBulk(ctx, o)
	if refusal := refusalOf(err); refusal != nil {
		return ledger.BulkOutcome{State: state, Refusal: refusal}, nil
	}
	return ledger.BulkOutcome{State: state}, err
}

// DoItems does up to limit items, one after another, as long as the bulk runs. A worker that is killed in the middle leaves an
// item marked as being done: the next attempt does that one first, under the same id, so that it is applied once.
func (b *Bulks) DoItems(ctx context.Context, id string, limit int) (ledger.BulkState, error) {
	return b.each(ctx, id, limit, b.Record.TakeItem, b.do)
}

// UndoItems takes back up to limit items.
func (b *Bulks) UndoItems(ctx context.Context, id string, limit int) (ledger.BulkState, error) {
	return b.each(ctx, id, limit, b.Record.TakeDone, b.undo)
}

func (b *Bulks) each(ctx context.Context, id string, limit int,
	take func(context.Context, string) (ledger.BulkWork, bool, error), handle func(context.Context, ledger.BulkWork) (ledger.ItemResult, error),
) (ledger.BulkState, error) {
	for i := range limit {
		activity.RecordHeartbeat(ctx, i)
		work, ok, err := take(ctx, id)
		if err != nil {
			return ledger.BulkState{}, err
		}
		if !ok {
			break
		}
		result, err := handle(ctx, work)
		if err != nil && i == 0 && activity.GetInfo(ctx).Attempt >= patientAttempts {
			result, err = b.giveUp(ctx, work, err)
		}
		if err != nil {
			return ledger.BulkState{}, err
		}
		if err := b.Record.SettleItem(ctx, id, work.Item.No, result); err != nil {
			return ledger.BulkState{}, err
		}
	}
	return b.Record.BulkState(ctx, id)
}

// patientAttempts is how often one item may fail for want of an answer before the others go on without it: about four minutes,
// with engine and database at work. While either is away nothing is attempted at all.
const patientAttempts = 8

// giveUp settles an item that gets no answer. The record knows whether it was applied all the same.
func (b *Bulks) giveUp(ctx context.Context, work ledger.BulkWork, cause error) (ledger.ItemResult, error) {
	refusal := &proposal.Refusal{Code: proposal.EngineUnavailable}
	if !errors.As(cause, new(*proposal.Refusal)) || ctx.Err() != nil {
		return ledger.ItemResult{}, cause // a defect, or the end of this attempt
	}
	applied, err := b.Record.Applied(ctx, []string{work.Bulk.ActionID(work.Item)})
	if err != nil || len(applied) > 0 {
		return ledger.ItemResult{}, errors.Join(cause, err) // the next attempt gets the stored outcome
	}
	return ledger.ItemResult{Status: proposal.ItemRefused, Refusal: refusal}, nil
}

func (b *Bulks) do(ctx context.Context, w ledger.BulkWork) (ledger.ItemResult, error) {
	result := ledger.ItemResult{Status: proposal.ItemDone}
	var err error
	if a, moves := w.Bulk.Action(w.Item); moves {
		var at ledger.Position
		at, err = b.Act(ctx, w.Item.CaseID, a)
		result.DoneSeq = at.Seq
	} else {
		err = b.Record.DoPlain(ctx, w.Bulk, w.Item)
	}
	return settled(result, proposal.ItemRefused, err)
}

func (b *Bulks) undo(ctx context.Context, w ledger.BulkWork) (ledger.ItemResult, error) {
	result := ledger.ItemResult{Status: proposal.ItemUndone}
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
func settled(done ledger.ItemResult, otherwise proposal.ItemStatus, err error) (ledger.ItemResult, error) {
	if refusal := refusalOf(err); refusal != nil {
		return ledger.ItemResult{Status: otherwise, Refusal: refusal}, nil
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
