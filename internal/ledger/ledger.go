// Package ledger holds the interfaces through which activities and workflows read and write the record of cases and bulks, and the messages that
// they exchange with it. internal/store implements them. The package knows neither the database nor the engine, and decides nothing.
package ledger

import (
	"context"
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
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
	Index   *Index             `json:"index,omitempty"` // nil: the engine has no place for it, or the position was recorded before there was one
}

// Index is what the engine's list of workflows shows of a case besides its stage, and finds it by. It is a number and a day: a title may name
// people, as a text may, and the list knows nothing of secrecy.
type Index struct {
	Number string        `json:"number"`
	Due    calendar.Date `json:"due,omitzero"` // of the earliest clock that runs
}

// IndexOf is the index of a case with the key.
func IndexOf(key assembly.RegisterKey, s proposal.State) *Index {
	i := &Index{Number: key.Number}
	if due := s.DueNow(); due != nil {
		i.Due = due.Due()
	}
	return i
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

// Outcome is what became of an action. A refusal is an outcome, not a failure: the engine must not retry it. It is kept in the
// histories of the engine, so it holds ids, codes and times only: findings, which quote a draft, stay in the ledger.
type Outcome struct {
	Position Position          `json:"position"`
	Refusal  *proposal.Refusal `json:"refusal,omitempty"`
}

// Ledger is the record of cases, in Postgres.
type Ledger interface {
	// SaveAction keeps an action so that Record can apply it by its id. Until it is applied its author may save it again
	// with other words; an id that is somebody else's, or another case's, is refused as InvalidInput.
	SaveAction(ctx context.Context, caseID string, a proposal.Action) error
	// WithCase runs fn in one transaction that holds the case's lock, and commits if fn returns nil. A case that does
	// not exist yet is locked by its id. The action was kept by SaveAction; a missing one is proposal.NotFound.
	WithCase(ctx context.Context, caseID, actionID string, fn func(LockedCase) error) error
}

// LockedCase is a case inside a transaction that holds its lock.
type LockedCase interface {
	State() proposal.State
	Action() proposal.Action
	// Key is that of the register; of a case that does not exist yet, that of the registration.
	Key() assembly.RegisterKey
	// Done is the outcome stored when the action was applied; nil if it never was.
	Done() *Outcome
	// Facts loads what the action names. Now, Calendar and Pack are left to the caller.
	Facts(ctx context.Context) (proposal.Facts, error)
	// KeepFindings writes what was found in the draft of an action that is refused.
	KeepFindings(findings []proposal.Finding) error
	// Save writes the event, the case row, its details and its task in one go.
	Save(ctx context.Context, next proposal.State, f proposal.Facts, o Outcome) error
}
