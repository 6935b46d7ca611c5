package store

import (
	"context"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// States reads the states of several cases, by id; those that do not exist are left out.
func (s *Store) States(ctx context.Context, ids []string) (map[string]proposal.State, error) {
	rows, err := s.pool.Query(ctx, `select id::text, state from cases where id = any($1::uuid[])`, ids)
	if err != nil {
		return nil, edge(err)
	}
	type one struct {
		ID    string
		State proposal.State
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[one])
	states := map[string]proposal.State{}
	for _, c := range list {
		states[c.ID] = c.State
	}
	return states, edge(err)
}
