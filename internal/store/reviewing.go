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

// Outcome is how a case that has ended came out.
type Outcome struct {
	Reply *proposal.Clock // that of the answer; nil if none was owed
	Class string          // of the reply; "" without one
	// Ground is why the reply is not published, in the words of the rules; "" without one.
	Ground string
}

// Outcomes reads how cases came out, by id.
func (s *Store) Outcomes(ctx context.Context, ids []string) (map[string]Outcome, error) {
	rows, err := s.pool.Query(ctx, `
		select c.id::text, c.state, coalesce(d.class, ''), coalesce(o.ground, d.ground, '')
		from cases c left join drafts d on d.case_id = c.id and d.version = (c.state ->> 'draft')::int
		left join lateral (select ground from openness_decisions where case_id = c.id order by event_no desc limit 1) o on true
		where c.id = any($1::uuid[])`, notNil(ids))
	if err != nil {
		return nil, edge(err)
	}
	outcomes := map[string]Outcome{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Outcome, err error) {
		var id, ground string
		var state proposal.State
		if err := row.Scan(&id, &state, &o.Class, &ground); err != nil {
			return o, err
		}
		if pack, ok := s.Pack(state.Pack); ok {
			g, _ := pack.Ground(ground)
			o.Ground = g.Name
		}
		o.Reply = state.ReplyDue()
		outcomes[id] = o
		return o, nil
	})
	return outcomes, edge(err)
}
