package store

import (
	"context"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/proposal"
)

var _ activities.Ledger = (*Store)(nil)

// SaveAction implements activities.Ledger.
func (s *Store) SaveAction(ctx context.Context, caseID string, a proposal.Action) error {
	return errNotYet
}

// WithCase implements activities.Ledger. When Postgres cannot be reached it returns a plain error, not a refusal: only
// trying again tells whether the transaction was committed.
func (s *Store) WithCase(ctx context.Context, caseID, actionID string, fn func(activities.LockedCase) error) error {
	return errNotYet
}
