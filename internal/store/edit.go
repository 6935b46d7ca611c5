package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Edit is a change of the bureau itself: of what it says of itself, its divisions and its people. Its methods take place together, or none does.
type Edit struct {
	tx  pgx.Tx
	by  proposal.PersonID
	now time.Time
}

// Edit changes the bureau itself. by is empty for whoever does it from the command line, or before there was anybody.
func (s *Store) Edit(ctx context.Context, by proposal.PersonID, change func(*Edit) error) error {
	return edge(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// Triggers keep what was changed, and by whom.
		if _, err := tx.Exec(ctx, `select set_config('banli.by', $1, true)`, string(by)); err != nil {
			return err
		}
		return change(&Edit{tx, by, s.Now().UTC()})
	}))
}
