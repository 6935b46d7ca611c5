package store

import (
	"context"

	"github.com/banli/banli/activities"
)

var _ activities.OpenCases = (*Store)(nil)

// OpenPositions implements activities.OpenCases.
func (s *Store) OpenPositions(ctx context.Context, after string, limit int) ([]activities.CasePosition, error) {
	return nil, errNotYet
}

// SaveDrift implements activities.OpenCases.
func (s *Store) SaveDrift(ctx context.Context, d activities.Drift) error { return errNotYet }

// LastDrift returns the newest drift report; ok is false if there is none yet.
func (s *Store) LastDrift(ctx context.Context) (d activities.Drift, ok bool, err error) {
	return activities.Drift{}, false, errNotYet
}
