package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// Applied returns those of the action ids that stand in the record.
func (s *Store) Applied(ctx context.Context, actionIDs []string) ([]string, error) {
	rows, err := s.pool.Query(ctx, `select action_id::text from events where action_id = any($1)`, actionIDs)
	if err != nil {
		return nil, edge(err)
	}
	applied, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return applied, edge(err)
}
