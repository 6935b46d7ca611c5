package store

import (
	"context"

	"github.com/banli/banli/internal/heads"
	"github.com/jackc/pgx/v5"
)

// ChainHeads is where every chain of the record stands, at one moment.
func (s *Store) ChainHeads(ctx context.Context) (heads.Record, error) {
	now := heads.Record{Cases: map[string]heads.Place{}}
	rows, err := s.pool.Query(ctx, `
		select id::text, event_count, head from cases where event_count > 0
		union all select '', no::int, hash from staff_head`)
	if err != nil {
		return now, edge(err)
	}
	var id string
	var place heads.Place
	_, err = pgx.ForEachRow(rows, []any{&id, &place.No, &place.Hash}, func() error {
		if id == "" {
			now.Changes = place
		} else {
			now.Cases[id] = place
		}
		return nil
	})
	return now, edge(err)
}

// NotAsSigned returns the cases of which a head says something that the record does not hold, and whether the changes of the bureau itself are as it says.
func (s *Store) NotAsSigned(ctx context.Context, h heads.Head) (cases []string, changes bool, err error) {
	ids, nos, hashes := []string{}, []int{}, []string{}
	for id, place := range h.Cases {
		ids, nos, hashes = append(ids, id), append(nos, place.No), append(hashes, place.Hash)
	}
	rows, err := s.pool.Query(ctx, `
		select signed.id::text from unnest($1::uuid[], $2::int[], $3::text[]) signed (id, no, hash)
		where not exists (select from events e where e.case_id = signed.id and e.no = signed.no and e.hash = signed.hash)
		order by 1`, ids, nos, hashes)
	if err != nil {
		return nil, false, edge(err)
	}
	if cases, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
		return nil, false, edge(err)
	}
	err = s.pool.QueryRow(ctx, `select $1 = 0 or exists (select from staff_events where no = $1 and hash = $2)`, h.Changes.No, h.Changes.Hash).Scan(&changes)
	return cases, changes, edge(err)
}
