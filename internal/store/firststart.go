package store

import (
	"context"
	"crypto/rand"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
)

// setupLasts is how long the printed address opens the set-up. Another start prints another.
const setupLasts = 24 * time.Hour

// needsSetup is asked of the database.
const needsSetup = `select not exists (select from people where active and 'admin' = any (roles) and password_hash <> '')`

// NeedsSetup reports whether nobody can set the bureau up from within: there is no administrator who can log in.
func (s *Store) NeedsSetup(ctx context.Context) (needs bool, err error) {
	err = s.pool.QueryRow(ctx, needsSetup).Scan(&needs)
	return needs, edge(err)
}

// NewSetupCode makes the code of a one-time address and tells until when it opens the set-up. An earlier code opens nothing any more; what was typed
// behind it stays.
func (s *Store) NewSetupCode(ctx context.Context) (code string, until time.Time, err error) {
	code, until = rand.Text(), s.Now().UTC().Add(setupLasts)
	_, err = s.pool.Exec(ctx, `
		insert into first_start (sha256, expires_at) values ($1, $2)
		on conflict (one) do update set sha256 = excluded.sha256, expires_at = excluded.expires_at`, secretHash(code), until)
	return code, until, edge(err)
}

// SetupTyped is what was typed into the set-up so far; NotFound for a code that is unknown or has run out.
func (s *Store) SetupTyped(ctx context.Context, code string) (typed url.Values, err error) {
	err = s.pool.QueryRow(ctx, `select typed from first_start where sha256 = $1 and expires_at > $2`, secretHash(code), s.Now().UTC()).Scan(&typed)
	return typed, edge(err)
}

// SaveSetupTyped keeps what was typed. Passwords must not be in it.
func (s *Store) SaveSetupTyped(ctx context.Context, code string, typed url.Values) error {
	tag, err := s.pool.Exec(ctx, `update first_start set typed = typed || $3 where sha256 = $1 and expires_at > $2`, secretHash(code), s.Now().UTC(), typed)
	if err == nil && tag.RowsAffected() == 0 {
		return errNotFound
	}
	return edge(err)
}

// FinishSetup makes the change, after which the code opens nothing any more. Of two who finish at once, one finds it done.
func (s *Store) FinishSetup(ctx context.Context, code string, change func(*Edit) error) error {
	return s.Edit(ctx, "", func(e *Edit) error {
		tag, err := e.tx.Exec(ctx, `delete from first_start where sha256 = $1 and expires_at > $2`, secretHash(code), e.now)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return pgx.ErrNoRows
		}
		return change(e)
	})
}
