package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Presence is somebody who has the editor of a case open.
type Presence struct {
	Person proposal.PersonID
	Since  time.Time
}

// presentFor is how long a sign of life counts. Editors give one every 15 seconds; two may get lost.
const presentFor = 45 * time.Second

// Here notes that somebody has the editor of a case open, and returns who else has, the longest first. The caller has checked that
// they may see the case.
func (s *Store) Here(ctx context.Context, caseID string, by proposal.PersonID) ([]Presence, error) {
	id, err := parseID(caseID)
	if err != nil {
		return nil, errNotFound
	}
	now := s.Now().UTC()
	var b pgx.Batch
	b.Queue(`
		insert into presences as p (case_id, person, since, seen_at) values ($1, $2, $3, $3)
		on conflict (case_id, person) do update set seen_at = greatest(p.seen_at, $3),
			since = case when p.seen_at < $4 then $3 else p.since end`, id, by, now, now.Add(-presentFor))
	var others []Presence
	b.Queue(`
		select person::text, since from presences where case_id = $1 and person <> $2 and seen_at >= $3 order by since, person`,
		id, by, now.Add(-presentFor)).
		Query(func(rows pgx.Rows) (err error) {
			others, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (p Presence, err error) {
				return p, row.Scan(&p.Person, instant{&p.Since})
			})
			return err
		})
	return others, edge(s.pool.SendBatch(ctx, &b).Close())
}
