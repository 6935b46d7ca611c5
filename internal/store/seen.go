package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Seen says which version of a reply somebody has had before their eyes, and when first.
type Seen struct {
	Version int // 0: none
	At      time.Time
}

// SeeDraft notes that the person was shown the version, and returns the newest other version that they were shown before: what
// has changed since is what they must be told. Whoever calls it has made sure that they may see it.
func (s *Store) SeeDraft(ctx context.Context, by proposal.PersonID, caseID string, version int) (before Seen, err error) {
	id, err := parseID(caseID)
	if err != nil {
		return before, err
	}
	var b pgx.Batch
	b.Queue(`
		select version, at from draft_seen where person = $1 and case_id = $2 and version < $3
		order by version desc limit 1`, by, id, version).
		QueryRow(func(row pgx.Row) error { return optional(row.Scan(&before.Version, instant{&before.At})) })
	b.Queue(`
		insert into draft_seen (person, case_id, version, at)
		select $1, case_id, version, $4 from drafts where case_id = $2 and version = $3
		on conflict do nothing`, by, id, version, s.Now().UTC())
	return before, edge(s.pool.SendBatch(ctx, &b).Close())
}

// ReadDraft notes that the person says they read the version to its end. Whoever calls it has made sure that they may see it.
func (s *Store) ReadDraft(ctx context.Context, by proposal.PersonID, caseID string, version int) error {
	id, err := parseID(caseID)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `
		insert into draft_seen (person, case_id, version, at, read_at)
		select $1, case_id, version, $4, $4 from drafts where case_id = $2 and version = $3
		on conflict (person, case_id, version) do update set read_at = coalesce(draft_seen.read_at, excluded.read_at)`,
		by, id, version, s.Now().UTC())
	return edge(err)
}

// ReadDrafts tells of each of the cases whether the person has read the version that is named with it to its end.
func (s *Store) ReadDrafts(ctx context.Context, by proposal.PersonID, versions map[string]int) (map[string]bool, error) {
	var ids []string
	var numbers []int
	for id, version := range versions {
		ids, numbers = append(ids, id), append(numbers, version)
	}
	rows, err := s.pool.Query(ctx, `
		select w.id::text from unnest($2::uuid[], $3::int[]) as w (id, version)
		join draft_seen d on d.person = $1 and d.case_id = w.id and d.version = w.version and d.read_at is not null`, by, ids, numbers)
	if err != nil {
		return nil, edge(err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	read := map[string]bool{}
	for _, id := range found {
		read[id] = true
	}
	return read, edge(err)
}
