package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// linkTries is how many unknown links may be opened from one address before it rests for loginRest. Secrets cannot be guessed;
// who tries costs the database nothing more than this.
const linkTries = 20

// noLogin stands among the tries for those of deputies' links: no login is empty.
const noLogin = ""

// OpenDeputyLink finds what a secret leads to, also when it has been used or has expired: the reader is told which. It is
// NotFound for an unknown one. After too many of those from an address (which may be "") it answers to unknown ones only until when
// the address rests, in UTC: a good link opens all the same, or whoever shares the deputies' address could lock theirs.
func (s *Store) OpenDeputyLink(ctx context.Context, secret, from string) (link DeputyLink, rests time.Time, err error) {
	now := s.Now().UTC()
	err = s.pool.QueryRow(ctx, `select case_id::text, round, co_signer, expires_at, used_at from deputy_links where sha256 = $1`, secretHash(secret)).
		Scan(&link.CaseID, &link.Round, &link.CoSigner, instant{&link.ExpiresAt}, instant{&link.UsedAt})
	if err == nil || optional(err) != nil {
		return link, time.Time{}, edge(err)
	}
	err = s.pool.QueryRow(ctx, `
		select last_at from login_tries where login = $1 and address = $2 and made >= $3 and last_at > $4`,
		noLogin, from, linkTries, now.Add(-loginRest)).Scan(instant{&rests})
	if err := optional(err); err != nil || !rests.IsZero() {
		return link, rests.Add(loginRest), edge(err)
	}
	if err := s.countTry(ctx, from, now); err != nil {
		return link, time.Time{}, edge(err)
	}
	return link, time.Time{}, errNotFound
}

func (s *Store) countTry(ctx context.Context, from string, now time.Time) error {
	var b pgx.Batch
	b.Queue(`
		insert into login_tries as t (login, address, made, last_at) values ($1, $2, 1, $3)
		on conflict (login, address) do update set
			made = case when t.last_at <= $4 then 1 else least(t.made, $5) + 1 end, last_at = excluded.last_at`,
		noLogin, from, now, now.Add(-loginRest), linkTries)
	b.Queue(`delete from login_tries where last_at < $1`, now.Add(-loginRest))
	return s.pool.SendBatch(ctx, &b).Close()
}
