package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Case is everything the case page shows, read in one snapshot. The deputy's contact data are not in it: see ViewContact.
type Case struct {
	CaseRow
	State         proposal.State
	Category      string
	CoSigners     []string
	Delegation    string
	HasContact    bool // there are contact data to look at
	Text          string
	HandlingType  proposal.HandlingType
	KeySupervised bool
	Secrecy       bool
	Wish          proposal.Wish
	SourceID      string
	AssignedOn    calendar.Date
	RegisteredAt  time.Time
	Points        []Point
	Consultations []ContactAttempt
	Drafts        []DraftInfo // newest first
	Draft         *SavedDraft // the newest; nil if none
	Events        []Event     // in the order they happened
	Published     bool
	People        map[proposal.PersonID]Name   // everybody whom the case mentions
	Divisions     map[proposal.DivisionID]Name // every division of the bureau
}

// Point is one point of a suggestion.
type Point struct {
	No        int // from 1
	Text      string
	Confirmed bool // by the deputy
}

// ContactAttempt is one attempt to reach the deputy.
type ContactAttempt struct {
	proposal.Consultation
	By proposal.PersonID
	At time.Time // when it was held, UTC
}

// Event is one line of a case's timeline. Contact data and the original text are left out of its input.
type Event struct {
	No    int
	Kind  string // a proposal.Kind or one of the proposal.Event… kinds
	By    proposal.PersonID
	At    time.Time
	On    calendar.Date // official date, of a late registration
	From  proposal.Stage
	To    proposal.Stage
	Input json.RawMessage // decode into proposal.NewInput(Kind)
	Hash  string
}

// Case reads one case. Who may see it is the caller's question: Person.Sees(State).
func (s *Store) Case(ctx context.Context, id string) (*Case, error) { return nil, errNotYet }

// State reads a case's state alone.
func (s *Store) State(ctx context.Context, id string) (proposal.State, error) {
	return proposal.State{}, errNotYet
}

// CaseByKey finds the case that bears the natural key.
func (s *Store) CaseByKey(ctx context.Context, k proposal.Key) (id string, err error) {
	return "", errNotYet
}
