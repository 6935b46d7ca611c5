package store

import (
	"context"

	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// OpenState is a case that is not finished, with as much of its newest draft as a rule pack has a say in.
type OpenState struct {
	CaseID string
	Number string
	State  proposal.State
	Draft  proposal.Draft // Version, Class, Ground and Answers; empty if there is none
}

// OpenStates pages through the cases that are not finished, by id.
func (s *Store) OpenStates(ctx context.Context, after string, limit int) ([]OpenState, error) {
	if after == "" {
		after = uuid.Nil.String()
	}
	rows, err := s.pool.Query(ctx, `
		select c.id::text, c.number, c.state, coalesce(d.version, 0), coalesce(d.class, ''), coalesce(d.ground, ''),
			coalesce(d.answers, '[]')
		from cases c
		left join lateral (select version, class, ground, answers from drafts where case_id = c.id order by version desc limit 1) d on true
		where not c.finished and c.id > $1 order by c.id limit $2`, after, limit)
	if err != nil {
		return nil, edge(err)
	}
	open, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o OpenState, err error) {
		d := &o.Draft
		err = row.Scan(&o.CaseID, &o.Number, &o.State, &d.Version, &d.Class, &d.Ground, &d.Answers)
		return o, err
	})
	return open, edge(err)
}
