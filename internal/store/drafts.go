package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// DraftInfo is a saved version without its text.
type DraftInfo struct {
	Version int
	SHA256  string
	SavedBy proposal.PersonID
	SavedAt time.Time
}

// SavedDraft is a saved version of a reply.
type SavedDraft struct {
	DraftInfo
	Draft proposal.Draft
}

// SaveDraft saves a new version of a reply, written on top of version base (0: none). The text of the latest version makes
// no new one. Refusals: Invalid; NotInStage unless the case is being drafted; Forbidden unless by its handler; Stale with
// By and At if somebody else has saved a version above base.
func (s *Store) SaveDraft(ctx context.Context, caseID string, by proposal.PersonID, actionID string, base int, d proposal.Draft) (SavedDraft, error) {
	return SavedDraft{}, errNotYet
}

// Draft returns one version.
func (s *Store) Draft(ctx context.Context, caseID string, version int) (SavedDraft, error) {
	return SavedDraft{}, errNotYet
}
