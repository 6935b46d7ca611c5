package main

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"golang.org/x/sync/errgroup"
)

// histories is what the engine wrote down, per life on average.
type histories struct {
	kilobytes float64
	actions   float64 // events that carry actions: Updates, their tasks and markers
	start     float64
	timers    float64 // started, cancelled, fired: the clocks of a case
}

// perAction is the mean number of events that an action takes. The start and the clocks are a case's, not an action's.
func (h histories) perAction() float64 { return h.actions / actions }

func (h histories) all() float64 { return h.actions + h.start + h.timers }

// read fetches the history of every life and sorts its events.
func (b *bench) read(ctx context.Context, workflowID func(string) string, lives []*life) (histories, error) {
	each := make([]histories, len(lives))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i, l := range lives {
		group.Go(func() (err error) {
			each[i], err = b.readOne(ctx, workflowID(l.caseID))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return histories{}, err
	}
	var sum histories
	for _, h := range each {
		sum.kilobytes += h.kilobytes
		sum.actions += h.actions
		sum.start += h.start
		sum.timers += h.timers
	}
	n := float64(len(lives))
	return histories{sum.kilobytes / n, sum.actions / n, sum.start / n, sum.timers / n}, nil
}

func (b *bench) readOne(ctx context.Context, workflowID string) (h histories, err error) {
	events := b.temporal.GetWorkflowHistory(ctx, workflowID, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return h, err
		}
		h.kilobytes += float64(event.Size()) / 1000
		switch event.EventType {
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
			h.start++
		case enumspb.EVENT_TYPE_TIMER_STARTED, enumspb.EVENT_TYPE_TIMER_CANCELED, enumspb.EVENT_TYPE_TIMER_FIRED:
			h.timers++
		default:
			h.actions++
		}
	}
	return h, nil
}
