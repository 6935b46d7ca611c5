// Package activities is where the engine touches the world. Each concern has a file and a struct of dependencies; what internal/store
// implements of them stands in internal/ledger and internal/outbox. The package may import the rules; it must never import pgx, the store or
// the web.
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
)

// Cases records what happens to cases.
type Cases struct {
	Ledger   ledger.Ledger
	Calendar func() *calendar.Calendar // the one of now: a year's data may arrive while the program runs
	Packs    RulePacks
	Now      func() time.Time // the true time
	Indexed  bool             // the engine's list of workflows has a place for the index of a case
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
func (c *Cases) Record(ctx context.Context, cmd ledger.Command) (ledger.Outcome, error) {
	var outcome ledger.Outcome
	err := c.Ledger.WithCase(ctx, cmd.CaseID, cmd.ActionID, func(locked ledger.LockedCase) error {
		if done := locked.Done(); done != nil {
			outcome = *done
			c.index(&outcome.Position, locked, locked.State())
			return nil
		}
		state := locked.State()
		facts, err := c.facts(ctx, locked)
		if err != nil {
			return err
		}
		next, err := proposal.Apply(state, locked.Action(), facts)
		if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) {
			wordless := *refusal
			wordless.Findings = nil
			outcome = ledger.Outcome{Position: ledger.PositionOf(state), Refusal: &wordless}
			return locked.KeepFindings(refusal.Findings)
		} else if err != nil {
			return err
		}
		outcome = ledger.Outcome{Position: ledger.PositionOf(next)}
		if err := locked.Save(ctx, next, facts, outcome); err != nil {
			return err
		}
		c.index(&outcome.Position, locked, next)
		return nil
	})
	// No answer is no refusal: the engine would keep it as the answer to the action for ever.
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code != proposal.EngineUnavailable {
		return ledger.Outcome{Refusal: refusal}, nil
	}
	return outcome, err
}

// index adds to a position what the engine's list shows. It is no part of the stored outcome: it follows from the row.
func (c *Cases) index(p *ledger.Position, locked ledger.LockedCase, s proposal.State) {
	if c.Indexed {
		p.Index = ledger.IndexOf(locked.Key(), s)
	}
}

func (c *Cases) facts(ctx context.Context, locked ledger.LockedCase) (proposal.Facts, error) {
	facts, err := locked.Facts(ctx)
	if err != nil {
		return facts, err
	}
	facts.Now, facts.Calendar = c.Now(), c.Calendar()
	pack, err := c.pack(locked, facts.Bureau.Profile)
	if err != nil {
		return facts, err
	}
	facts.Pack = pack.Of(facts.Bureau)
	return facts, nil
}

// pack is the one that the case was registered under; for a registration, that of the bureau's profile which was valid when it was assigned.
func (c *Cases) pack(locked ledger.LockedCase, profile string) (*proposal.Pack, error) {
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
	if pack, ok := c.Packs.For(profile, on); ok {
		return pack, nil
	}
	if _, ok := c.Packs.For(profile, calendar.DateOf(c.Now())); ok { // the bureau has rules, and had none on that day
		return nil, &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "assigned_on", Code: proposal.NoRules}}}
	}
	return nil, fmt.Errorf("no rule pack of profile %q is valid on %s", profile, on)
}

// RingCommand says that a bell of a clock has come due.
type RingCommand struct {
	CaseID string             `json:"case_id"`
	Clock  proposal.ClockKind `json:"clock"`
	Ref    string             `json:"ref,omitempty"`
	At     time.Time          `json:"at"` // when it rings, UTC
	// Seq is of the row by which it is due: a clock that is set again for the same time rings again. 0 in a command of before there was one.
	Seq int `json:"seq,omitempty"`
}

// ringNamespace makes the action id of a ring a function of the case, the clock, its time and the row that it was due by.
var ringNamespace = uuid.MustParse("6f1d9f0e-2f0b-5d53-9a4e-2b8a0f4c6a11")

// Ring records a bell of one of the case's clocks, once.
func (c *Cases) Ring(ctx context.Context, cmd RingCommand) (ledger.Outcome, error) {
	name := fmt.Sprintf("%s/%s/%s", cmd.CaseID, cmd.Clock, cmd.At.UTC().Format(time.RFC3339))
	if cmd.Ref != "" {
		name += "/" + cmd.Ref
	}
	if cmd.Seq > 0 {
		name += fmt.Sprintf("/%d", cmd.Seq)
	}
	action := proposal.Action{
		ID:    proposal.SystemID(ringNamespace, name),
		Kind:  proposal.Ring,
		Input: &proposal.RungClock{Clock: cmd.Clock, Ref: cmd.Ref},
	}
	if err := c.Ledger.SaveAction(ctx, cmd.CaseID, action); err != nil {
		return ledger.Outcome{}, err
	}
	return c.Record(ctx, ledger.Command{CaseID: cmd.CaseID, ActionID: action.ID, Kind: action.Kind})
}
