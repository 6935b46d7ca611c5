package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/banli/banli/internal/password"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// loginTries is after how many wrong passwords a login rests where they came from.
	loginTries = 5
	// addressTries is after how many wrong passwords, for whatever logins, an address rests.
	addressTries = 60
	loginRest    = 15 * time.Minute
	// browserKept is how long a browser is known that nobody has logged in with since.
	browserKept = 180 * 24 * time.Hour
)

// MinPassword is how many characters a password that somebody chooses has at least.
const MinPassword = 8

// WrongWithPassword is what is wrong with a password that somebody of the bureau chooses; "" for nothing.
func WrongWithPassword(plain string, p Person, b proposal.Bureau) proposal.FieldCode {
	switch {
	case utf8.RuneCountInString(plain) < MinPassword:
		return proposal.FieldTooShort
	case password.Guessable(plain, p.Login, p.Name.ZH, p.Name.EN, b.Name, b.NameEN, b.Short, b.Place):
		return proposal.Guessable
	}
	return ""
}

// Login is the answer to a login and password.
type Login struct {
	Person *Person   // who it is; nil if login and password do not match, or the login rests
	Left   int       // tries left before it rests
	Until  time.Time // when it may be tried again, UTC; zero unless it rests
	Known  bool      // the person was the last who logged in with the browser
}

// LoginEvent is what is told of a login among the changes of the bureau.
type LoginEvent string

const (
	CameIn     LoginEvent = "in"
	WentOut    LoginEvent = "out"
	NotLetIn   LoginEvent = "wrong"      // a wrong password, or a login that nobody has
	LoginRests LoginEvent = "rests"      // the same, so often that the login now rests where it was tried
	NotProved  LoginEvent = "wrong_code" // the password was right, the code of the second factor was not
	CodesRest  LoginEvent = "codes_rest" // the same, so often that no code is taken for a while
)

// TellLogin keeps that somebody came in, went out or was not let in, and from which address. Of a login that nobody has it keeps no more: what was typed
// there may be a password.
func (s *Store) TellLogin(ctx context.Context, person proposal.PersonID, what LoginEvent, from string) error {
	by := person
	if what != CameIn && what != WentOut {
		by = "" // nobody knows who it was
	}
	_, err := s.pool.Exec(ctx, `select tell_staff('login', $1, null, jsonb_build_object('came', $2::text, 'from', $3::text), $4)`,
		person, what, from, orNull(by))
	return edge(err)
}

// TellEnded keeps that somebody ended a session of the person, which had been opened from the address.
func (s *Store) TellEnded(ctx context.Context, by, person proposal.PersonID, from string) error {
	_, err := s.pool.Exec(ctx, `select tell_staff('login', $1, null, jsonb_build_object('came', 'ended', 'from', $2::text), $3)`, person, from, by)
	return edge(err)
}

// noHash is compared with when nobody has the login, so that the answer takes as long as for somebody.
var noHash = sync.OnceValue(func() string { return password.Hash("") })

// Authenticate checks a login and password. After five wrong ones the login rests for fifteen minutes for the address they
// came from (from may be ""): counting both keeps a stranger elsewhere from locking an officer out. An address rests for all logins
// after sixty. A browser that the officer has logged in with before (see RememberBrowser) is counted by itself, whatever its address:
// strangers who share the address lock nobody out. Where the bureau says that passwords are for administrators alone, nobody else's is right.
func (s *Store) Authenticate(ctx context.Context, login, plain, from, browser string) (Login, error) {
	login = foldLogin(login)
	if login == "" || len(login) > 200 || !utf8.ValidString(login) {
		return Login{Left: loginTries}, nil // nobody's, and nothing to count
	}
	address := from
	known, err := s.knownBrowser(ctx, login, browser)
	if err != nil {
		return Login{}, edge(err)
	}
	if known {
		from = fmt.Sprintf("browser %x", secretHash(browser))
	} else if rests, err := s.addressRests(ctx, from); err != nil || !rests.IsZero() {
		return Login{Until: rests}, edge(err)
	}
	made, last, err := s.takeTry(ctx, login, from)
	if err != nil {
		return Login{}, edge(err)
	}
	answer := Login{Left: max(loginTries-made, 0)}
	if made >= loginTries {
		answer.Until = last.Add(loginRest)
	}
	if made > loginTries {
		return answer, nil
	}
	var id proposal.PersonID
	hash, active, exists := "", false, true
	err = s.pool.QueryRow(ctx, `
		select id::text, password_hash, active and ('admin' = any (roles) or not coalesce((select (login ->> 'no_passwords')::boolean from bureaus order by no desc limit 1), false))
		from people where login = $1`, login).Scan(&id, &hash, &active)
	if err := optional(err); err != nil {
		return Login{}, edge(err)
	}
	if hash == "" || !active {
		hash, exists = noHash(), false
	}
	ok, err := password.Matches(hash, plain)
	if err != nil {
		return Login{}, edge(err)
	}
	if !ok || !exists {
		what := NotLetIn
		if made == loginTries {
			what = LoginRests
		}
		return answer, s.TellLogin(ctx, id, what, address)
	}
	if err := s.sweep(ctx, login, from); err != nil {
		return Login{}, edge(err)
	}
	p, err := s.PersonByLogin(ctx, login)
	return Login{Person: &p, Left: loginTries, Known: known}, err
}

// sweep forgets the wrong tries of who has just logged in, and whatever has run out of anybody's.
func (s *Store) sweep(ctx context.Context, login, from string) error {
	var b pgx.Batch
	b.Queue(`delete from login_tries where login = $1 and address = $2 or last_at < $3`, login, from, s.Now().Add(-loginRest))
	b.Queue(endSessions, s.Now())
	return s.pool.SendBatch(ctx, &b).Close()
}

// knownBrowser reports whether whoever has the login was the last to log in with the browser.
func (s *Store) knownBrowser(ctx context.Context, login, browser string) (known bool, err error) {
	if browser == "" {
		return false, nil
	}
	err = s.pool.QueryRow(ctx, `
		select exists (select from browsers b join people p on p.id = b.person where b.sha256 = $1 and p.login = $2)`,
		secretHash(browser), login).Scan(&known)
	return known, err
}

// RememberBrowser keeps that the person has logged in with the browser, by the secret that it sent or else by a new one, and returns
// which.
func (s *Store) RememberBrowser(ctx context.Context, person proposal.PersonID, browser string) (secret string, err error) {
	now := s.Now().UTC()
	var b pgx.Batch
	var known int64
	b.Queue(`delete from browsers where last_at < $1`, now.Add(-browserKept))
	b.Queue(`update browsers set person = $2, last_at = $3 where sha256 = $1`, secretHash(browser), person, now).
		Exec(func(tag pgconn.CommandTag) error { known = tag.RowsAffected(); return nil })
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil || known == 1 {
		return browser, edge(err)
	}
	secret = rand.Text()
	_, err = s.pool.Exec(ctx, `insert into browsers (sha256, person, last_at) values ($1, $2, $3)`, secretHash(secret), person, now)
	return secret, edge(err)
}

// addressRests is until when an address rests, from which too many wrong passwords came; zero if it does not.
func (s *Store) addressRests(ctx context.Context, from string) (rests time.Time, err error) {
	var made int
	err = s.pool.QueryRow(ctx, `
		select coalesce(sum(made), 0), max(last_at) from login_tries where address = $1 and login <> $2 and last_at > $3`,
		from, noLogin, s.Now().Add(-loginRest).UTC()).Scan(&made, instant{&rests})
	if err != nil || from == "" || made < addressTries {
		return time.Time{}, err
	}
	return rests.Add(loginRest), nil
}

// takeTry counts one try before the password is looked at, so that tries in parallel count too. One above the limit means
// that the login rests, since last.
func (s *Store) takeTry(ctx context.Context, login, from string) (made int, last time.Time, err error) {
	now := s.Now().UTC()
	err = s.pool.QueryRow(ctx, `
		insert into login_tries as t (login, address, made, last_at) values ($1, $2, 1, $3)
		on conflict (login, address) do update set
			made = case when t.last_at <= $4 then 1 else least(t.made, $5) + 1 end,
			last_at = case when t.last_at <= $4 or t.made < $5 then excluded.last_at else t.last_at end
		returning made, last_at`,
		login, from, now, now.Add(-loginRest), loginTries).Scan(&made, instant{&last})
	return made, last, err
}

// Token is a bearer token of the API without its secret.
type Token struct {
	ID        string
	Person    proposal.PersonID
	Name      string // what it is for
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // read only: to the minute; zero: never
}

// CreateToken makes a token. The secret is shown once: only its hash is kept.
func (s *Store) CreateToken(ctx context.Context, person proposal.PersonID, name string, expires time.Time) (t Token, secret string, err error) {
	if person, err = parseID(person); err != nil {
		return Token{}, "", err
	}
	t = Token{
		ID: uuid.Must(uuid.NewV7()).String(), Person: person, Name: name,
		CreatedAt: s.Now().UTC().Truncate(time.Microsecond), ExpiresAt: expires.UTC().Truncate(time.Microsecond),
	}
	switch {
	case name == "":
		return Token{}, "", invalid("name", proposal.FieldRequired)
	case !t.ExpiresAt.After(t.CreatedAt):
		return Token{}, "", invalid("expires", proposal.DayInPast)
	}
	if _, err := s.Person(ctx, person); err != nil {
		return Token{}, "", err
	}
	if person == DeputyAccount {
		return Token{}, "", errNotFound // a rating comes by one-time link alone
	}
	secret = "banli_" + rand.Text()
	_, err = s.pool.Exec(ctx, `
		insert into api_tokens (id, sha256, person, name, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)`,
		t.ID, secretHash(secret), person, name, t.CreatedAt, t.ExpiresAt)
	if err != nil {
		return Token{}, "", edge(err)
	}
	return t, secret, nil
}

// secretHash needs no salt and no slowness: the secret is random and long.
func secretHash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// PersonByToken returns the active person whose token it is; NotFound for one that is unknown, expired or revoked.
func (s *Store) PersonByToken(ctx context.Context, secret string) (Person, error) {
	now := s.Now().UTC()
	var id string
	var person proposal.PersonID
	var used time.Time
	err := s.pool.QueryRow(ctx, `
		select t.id::text, t.person::text, t.last_used_at from api_tokens t join people p on p.id = t.person
		where t.sha256 = $1 and t.revoked_at is null and t.expires_at > $2 and p.active`,
		secretHash(secret), now).Scan(&id, &person, instant{&used})
	if err != nil {
		return Person{}, edge(err)
	}
	// To the minute is enough to see whether a token is in use, and keeps reads from writing.
	if now.Sub(used) >= time.Minute {
		if _, err := s.pool.Exec(ctx, `update api_tokens set last_used_at = $2 where id = $1`, id, now); err != nil {
			return Person{}, edge(err)
		}
	}
	return s.Person(ctx, person)
}

// Tokens are somebody's tokens that are in force, the newest first.
func (s *Store) Tokens(ctx context.Context, person proposal.PersonID) ([]Token, error) {
	person, err := parseID(person)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		select id::text, person::text, name, created_at, expires_at, last_used_at from api_tokens
		where person = $1 and revoked_at is null and expires_at > $2 order by created_at desc, id`, person, s.Now().UTC())
	if err != nil {
		return nil, edge(err)
	}
	tokens, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Token, err error) {
		return t, row.Scan(&t.ID, &t.Person, &t.Name, instant{&t.CreatedAt}, instant{&t.ExpiresAt}, instant{&t.UsedAt})
	})
	return tokens, edge(err)
}

// RevokeToken is [Edit.RevokeToken] by itself, from the command line.
func (s *Store) RevokeToken(ctx context.Context, id string) error {
	return s.Edit(ctx, "", func(e *Edit) error { return e.RevokeToken(ctx, id) })
}

// RevokeToken ends a token. Revoking twice is harmless.
func (e *Edit) RevokeToken(ctx context.Context, id string) error {
	id, err := parseID(id)
	if err != nil {
		return err
	}
	tag, err := e.tx.Exec(ctx, `update api_tokens set revoked_at = coalesce(revoked_at, $2) where id = $1`, id, e.now)
	if err == nil && tag.RowsAffected() == 0 {
		return errNotFound
	}
	return err
}
