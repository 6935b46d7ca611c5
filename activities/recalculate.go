package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
)

// Recalculation is what counting the deadlines again, after a year's calendar arrived, has come to.
type Recalculation struct {
	After   string `json:"after"`   // every case up to this id has been looked at
	Checked int    `json:"checked"` //
	Moved   int    `json:"moved"`   // cases of which a deadline moved, or is no longer provisional
}

// Recalculator counts the deadlines of every unfinished case again by the calendar of now.
type Recalculator struct {
	Cases    ledger.OpenCases
	Calendar func() *calendar.Calendar
	Packs    RulePacks
	// Act applies an action of the system to a case, through its workflow, which so hears of the new deadlines.
	Act func(ctx context.Context, caseID string, a proposal.Action) error
	Now func() time.Time
}

// recountNamespace makes the action id of a recount a function of the case and the calendar: one calendar, one recount.
var recountNamespace = uuid.MustParse("a4f0c2de-5e0e-5b61-9f0b-3a6c52f7b1d9")

// Recalculate sends a recount to each case of which a deadline would change. What moved, the record reports. It goes on
// where a killed worker's attempt stopped.
func (r *Recalculator) Recalculate(ctx context.Context) (Recalculation, error) {
	var done Recalculation
	if activity.HasHeartbeatDetails(ctx) {
		if err := activity.GetHeartbeatDetails(ctx, &done); err != nil {
			return done, err
		}
	}
	for {
		batch, err := r.Cases.OpenPositions(ctx, done.After, reconcileBatch)
		if err != nil {
			return done, err
		}
		for _, c := range batch {
			moved, err := r.recount(ctx, c.CaseID)
			if err != nil {
				return done, err
			}
			if moved {
				done.Moved++
			}
			done.Checked++
			done.After = c.CaseID
			activity.RecordHeartbeat(ctx, done)
		}
		if len(batch) < reconcileBatch {
			return done, nil
		}
	}
}

// recount asks the rules first: most cases have nothing that would change, and no action is spent on them.
func (r *Recalculator) recount(ctx context.Context, caseID string) (moved bool, err error) {
	state, err := r.Cases.State(ctx, caseID)
	if err != nil {
		return false, err
	}
	pack, ok := r.Packs.ByID(state.Pack)
	if !ok {
		return false, fmt.Errorf("rule pack %q is not loaded", state.Pack)
	}
	days := r.Calendar()
	name := fmt.Sprintf("%s/%s/%d", caseID, days.Version(), state.Seq)
	a := proposal.Action{
		ID: proposal.SystemID(recountNamespace, name), Kind: proposal.Recount, Input: &proposal.Recounting{},
	}
	if _, err := proposal.Apply(state, a, proposal.Facts{Now: r.Now(), Calendar: days, Pack: pack}); err != nil {
		return false, ignoreNotDue(err)
	}
	err = r.Act(ctx, caseID, a)
	return err == nil, ignoreNotDue(err)
}

// ignoreNotDue forgives that nothing was to be counted again.
func ignoreNotDue(err error) error {
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code == proposal.ClockNotDue {
		return nil
	}
	return err
}
