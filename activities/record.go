// Package activities is where the engine touches the world. Each concern has a file and a struct of dependencies whose
// interfaces are declared here and implemented by internal/store. The package may import the rules; it must never import
// pgx, the store or the web.
package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// Position is as much of a case's state as its workflow needs: where it stands, which of its own clocks rings next, and what
// runs beside it in workflows of their own.
type Position struct {
	Stage   proposal.Stage     `json:"stage"`
	Seq     int                `json:"seq"`
	Clock   proposal.ClockKind `json:"clock,omitempty"`
	Ref     string             `json:"ref,omitempty"`    // of that clock
	RingAt  time.Time          `json:"ring_at,omitzero"` // UTC; zero: no clock is armed
	Strands []StrandPosition   `json:"strands,omitempty"`
}

// StrandPosition is one strand that has a workflow of its own and is not done.
type StrandPosition struct {
	Kind   proposal.StrandKind `json:"kind"`
	Ref    string              `json:"ref"`
	Clock  proposal.ClockKind  `json:"clock,omitempty"`
	RingAt time.Time           `json:"ring_at,omitzero"` // UTC; zero: no clock is armed
}

// Same reports whether both speak of the same strand.
func (r StrandPosition) Same(other StrandPosition) bool {
	return r.Kind == other.Kind && r.Ref == other.Ref
}

// Equal reports whether both say the same.
func (r StrandPosition) Equal(other StrandPosition) bool {
	return r.Same(other) && r.Clock == other.Clock && r.RingAt.Equal(other.RingAt)
}

// Strand returns the position of a strand; ok is false if it is done, or was never begun.
func (p Position) Strand(of StrandPosition) (r StrandPosition, ok bool) {
	i := slices.IndexFunc(p.Strands, of.Same)
	if i < 0 {
		return of, false
	}
	return p.Strands[i], true
}

// PositionOf reduces a state to its position.
func PositionOf(s proposal.State) Position {
	p := Position{Stage: s.Stage, Seq: s.Seq}
	if next := s.NextRing(); next != nil {
		p.Clock, p.Ref, p.RingAt = next.Kind, next.Ref, next.RingsAt().UTC()
	}
	for _, r := range s.Strands {
		if !r.Kind.OwnWorkflow() || r.Done() {
			continue
		}
		strand := StrandPosition{Kind: r.Kind, Ref: r.Ref}
		if next := s.NextRingOf(r); next != nil {
			strand.Clock, strand.RingAt = next.Kind, next.RingsAt().UTC()
		}
		p.Strands = append(p.Strands, strand)
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
	Calendar func() *calendar.Calendar // the one of now: a year's data may arrive while the program runs
	Packs    RulePacks
	Profile  string           // whose rules new registrations are pinned to
	Now      func() time.Time // the true time
}

// RulePacks are the rule packs that the program knows.
type RulePacks interface {
	ByID(id string) (*proposal.Pack, bool)
	// For is the pack of the profile that was valid on the day.
	For(profile string, on calendar.Date) (*proposal.Pack, bool)
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
	facts.Now, facts.Calendar = c.Now(), c.Calendar()
	facts.Pack, err = c.pack(locked)
	return facts, err
}

// pack is the one that the case was registered under; for a registration, the one that was valid when it was assigned.
func (c *Cases) pack(locked LockedCase) (*proposal.Pack, error) {
	if id := locked.State().Pack; id != "" {
		if pack, ok := c.Packs.ByID(id); ok {
			return pack, nil
		}
		return nil, fmt.Errorf("rule pack %q is not loaded", id)
	}
	on := calendar.DateOf(c.Now())
	if r, ok := locked.Action().Input.(*proposal.Registration); ok && !r.AssignedOn.IsZero() {
		on = r.AssignedOn
	}
	if pack, ok := c.Packs.For(c.Profile, on); ok {
		return pack, nil
	}
	return nil, fmt.Errorf("no rule pack of profile %q is valid on %s", c.Profile, on)
}

// RingCommand says that a bell of a clock has come due.
type RingCommand struct {
	CaseID string             `json:"case_id"`
	Clock  proposal.ClockKind `json:"clock"`
	Ref    string             `json:"ref,omitempty"`
	At     time.Time          `json:"at"` // when it rings, UTC
}

// ringNamespace makes the action id of a ring a function of the case, the clock and its time.
var ringNamespace = uuid.MustParse("6f1d9f0e-2f0b-5d53-9a4e-2b8a0f4c6a11")

// Ring records a bell of one of the case's clocks, once.
func (c *Cases) Ring(ctx context.Context, cmd RingCommand) (Outcome, error) {
	name := fmt.Sprintf("%s/%s/%s", cmd.CaseID, cmd.Clock, cmd.At.UTC().Format(time.RFC3339))
	if cmd.Ref != "" {
		name += "/" + cmd.Ref
	}
	action := proposal.Action{
		ID:    proposal.SystemID(ringNamespace, name),
		Kind:  proposal.Ring,
		Input: &proposal.RungClock{Clock: cmd.Clock, Ref: cmd.Ref},
	}
	if err := c.Ledger.SaveAction(ctx, cmd.CaseID, action); err != nil {
		return Outcome{}, err
	}
	return c.Record(ctx, Command{CaseID: cmd.CaseID, ActionID: action.ID, Kind: action.Kind})
}
