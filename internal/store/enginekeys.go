package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// EngineKey is a key with which programs encrypt what the engine keeps. The key itself is in no database.
type EngineKey struct {
	ID        string
	Probe     []byte // encrypted with the key
	InUse     bool   // false: it was announced
	RefusedBy string // a program at work that cannot read what was announced; "" for none
}

// EngineKeys are the keys in use and those announced.
func (s *Store) EngineKeys(ctx context.Context) ([]EngineKey, error) {
	rows, err := s.pool.Query(ctx, `select id, probe, in_use, refused_by from engine_keys order by id`)
	if err != nil {
		return nil, edge(err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowToStructByPos[EngineKey])
	return keys, edge(err)
}

// AnnounceEngineKey lets programs at work look whether they can read what is encrypted with a key. One that is in use stays so.
func (s *Store) AnnounceEngineKey(ctx context.Context, id string, probe []byte) error {
	_, err := s.pool.Exec(ctx, `
		insert into engine_keys (id, probe) values ($1, $2)
		on conflict (id) do update set probe = excluded.probe, refused_by = '' where not engine_keys.in_use`, id, probe)
	return edge(err)
}

// RefuseEngineKey says that a program at work cannot read what is encrypted with a key that was announced.
func (s *Store) RefuseEngineKey(ctx context.Context, id, by string) error {
	_, err := s.pool.Exec(ctx, `update engine_keys set refused_by = $2 where id = $1 and not in_use`, id, by)
	return edge(err)
}

// UseEngineKey takes a key that was announced into use, unless a program at work refused it: it says which.
func (s *Store) UseEngineKey(ctx context.Context, id string) (refusedBy string, err error) {
	err = s.pool.QueryRow(ctx, `update engine_keys set in_use = refused_by = '' where id = $1 returning refused_by`, id).Scan(&refusedBy)
	return refusedBy, edge(err)
}

// ForgetEngineKeys takes keys out of use that nobody has any more, and tells how many were in it.
func (s *Store) ForgetEngineKeys(ctx context.Context, ids []string) (forgotten int64, err error) {
	tag, err := s.pool.Exec(ctx, `delete from engine_keys where id = any ($1)`, ids)
	return tag.RowsAffected(), edge(err)
}
