// Package activities is where the engine touches the world. Each concern has a file and a struct of dependencies whose
// interfaces are declared here and implemented by internal/store. The package may import the rules; it must never import
// pgx, the store or the web.
package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
)

// Command asks for one saved action to be applied to a case. It is all that the engine's histories carry of an action.
type Command struct {
	CaseID   string        `json:"case_id"`   // UUID
	ActionID string        `json:"action_id"` // UUID of an action that Ledger.SaveAction has kept
	Kind     proposal.Kind `json:"kind"`      // for those who read the history; the saved action decides
}

// Position is as much of a case's state as its workflow needs: where it stands and which clock rings next.
type Position struct {
	Stage  proposal.Stage     `json:"stage"`
	Seq    int                `json:"seq"`
	Clock  proposal.ClockKind `json:"clock,omitempty"`
	RingAt time.Time          `json:"ring_at,omitzero"` // UTC; zero: no clock is armed
}

// PositionOf reduces a state to its position.
func PositionOf(s proposal.State) Position {
	p := Position{Stage: s.Stage, Seq: s.Seq}
	if next := s.NextRing(); next != nil {
		p.Clock, p.RingAt = next.Kind, next.RingsAt()
	}
	return p
}

// Outcome is what became of an action. A refusal is an outcome, not a failure: the engine must not retry it.
type Outcome struct {
	Position Position          `json:"position"`
	Refusal  *proposal.Refusal `json:"refusal,omitempty"`
}

// Ledger is the record of cases, in Postgres.
type Ledger interface {
	// SaveAction keeps an action so that Record can apply it by its id. Until it is applied its author may save it again
	// with other words; an id that is somebody else's, or another case's, is refused as Invalid.
	SaveAction(ctx context.Context, caseID string, a proposal.Action) error
	// WithCase runs fn in one transaction that holds the case's lock, and commits if fn returns nil. A case that does
	// not exist yet is locked by its id. The action was kept by SaveAction; a missing one is proposal.NotFound.
	WithCase(ctx context.Context, caseID, actionID string, fn func(LockedCase) error) error
}

// LockedCase is a case inside a transaction that holds its lock.
type LockedCase interface {
	State() proposal.State
	Action() proposal.Action
	// Done is the outcome stored when the action was applied; nil if it never was.
	Done() *Outcome
	// Facts loads what the action names. Now, Calendar and Pack are left to the caller.
	Facts(ctx context.Context) (proposal.Facts, error)
	// Save writes the event, the case row, its details and its task in one go.
	Save(ctx context.Context, next proposal.State, f proposal.Facts, o Outcome) error
}

// Cases records what happens to cases.
type Cases struct {
	Ledger   Ledger
	Calendar *calendar.Calendar
	Pack     string           // id of the rule pack for new registrations
	Now      func() time.Time // the true time
}

// Record applies one saved action: one transaction, with the case row as arbiter. An action id is applied once, whatever
// is retried: a repeated one gets the outcome that was stored the first time. An error means that nothing changed and
// that trying again makes sense.
func (c *Cases) Record(ctx context.Context, cmd Command) (Outcome, error) {
	var outcome Outcome
	err := c.Ledger.WithCase(ctx, cmd.CaseID, cmd.ActionID, func(locked LockedCase) error {
		if done := locked.Done(); done != nil {
			outcome = *done
			return nil
		}
		state := locked.State()
		facts, err := c.facts(ctx, locked)
		if err != nil {
			return err
		}
		next, err := proposal.Apply(state, locked.Action(), facts)
		if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) {
			outcome = Outcome{Position: PositionOf(state), Refusal: refusal}
			return nil
		} else if err != nil {
			return err
		}
		outcome = Outcome{Position: PositionOf(next)}
		return locked.Save(ctx, next, facts, outcome)
	})
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) {
		return Outcome{Refusal: refusal}, nil
	}
	return outcome, err
}

func (c *Cases) facts(ctx context.Context, locked LockedCase) (proposal.Facts, error) {
	facts, err := locked.Facts(ctx)
	if err != nil {
		return facts, err
	}
	id := locked.State().Pack
	if id == "" {
		id = c.Pack
	}
	pack, ok := proposal.Packs()[id]
	if !ok {
		return facts, fmt.Errorf("rule pack %q is not loaded", id)
	}
	facts.Now, facts.Calendar, facts.Pack = c.Now(), c.Calendar, pack
	return facts, nil
}

// RingCommand says that a clock of a case has run out.
type RingCommand struct {
	CaseID string             `json:"case_id"`
	Clock  proposal.ClockKind `json:"clock"`
	At     time.Time          `json:"at"` // when it rings, UTC
}

// ringNamespace makes the action id of a ring a function of the case, the clock and its time.
var ringNamespace = uuid.MustParse("6f1d9f0e-2f0b-5d53-9a4e-2b8a0f4c6a11")

// Ring marks a case overdue by one of its clocks, once.
func (c *Cases) Ring(ctx context.Context, cmd RingCommand) (Outcome, error) {
	name := fmt.Sprintf("%s/%s/%s", cmd.CaseID, cmd.Clock, cmd.At.UTC().Format(time.RFC3339))
	action := proposal.Action{
		ID:    uuid.NewSHA1(ringNamespace, []byte(name)).String(),
		Kind:  proposal.Ring,
		Input: &proposal.RungClock{Clock: cmd.Clock},
	}
	if err := c.Ledger.SaveAction(ctx, cmd.CaseID, action); err != nil {
		return Outcome{}, err
	}
	return c.Record(ctx, Command{CaseID: cmd.CaseID, ActionID: action.ID, Kind: action.Kind})
}
