package store

import (
	"context"

	"github.com/banli/banli/internal/proposal"
)

// ClaimTask takes the open task of a case for the person (认领). Repeating an action id, or claiming what one has already,
// changes nothing. Refusals: ClaimedByOther with By and At, Forbidden, NotInStage for a closed case.
func (s *Store) ClaimTask(ctx context.Context, by proposal.PersonID, caseID, actionID string) error {
	return errNotYet
}

// ReleaseTask puts a claimed task back (放回). Refusals: ClaimedByOther with By and At.
func (s *Store) ReleaseTask(ctx context.Context, by proposal.PersonID, caseID, actionID string) error {
	return errNotYet
}

// ViewContact returns the deputy's contact data and writes down who looked (domain §3). It returns NotFound to those who may
// not see the case.
func (s *Store) ViewContact(ctx context.Context, caseID string, by proposal.PersonID) (string, error) {
	return "", errNotYet
}
