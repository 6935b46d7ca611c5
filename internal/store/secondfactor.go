package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/banli/banli/internal/identity"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Keys encrypt what must not be read by whoever has the database alone.
type Keys interface {
	Seal(plain []byte, about string) []byte
	Open(sealed []byte, about string) ([]byte, error)
}

// Factor is something by which a person proves who they are beside the password.
type Factor struct {
	ID      string
	Way     identity.Way
	Name    string          // of a passkey, as its owner calls it
	Passkey json.RawMessage // as package identity keeps it; nil of the others
	AddedAt time.Time       // UTC
	UsedAt  time.Time       // UTC; zero: never
}

// Factors are those of a person, the oldest first, with the recovery codes that are left.
func (s *Store) Factors(ctx context.Context, person proposal.PersonID) ([]Factor, error) {
	rows, err := s.pool.Query(ctx, `
		select id::text, way, name, credential, added_at, used_at from second_factors where person = $1 order by added_at, id`, person)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f Factor, err error) {
		return f, row.Scan(&f.ID, &f.Way, &f.Name, &f.Passkey, instant{&f.AddedAt}, instant{&f.UsedAt})
	})
	return all, edge(err)
}

// errNoKeys is the answer where no file of keys is set up.
var errNoKeys = errors.New("store: there is no file of keys (--secrets-key)")

// KeepsSecrets reports whether secrets can be kept here: codes of an app need one.
func (s *Store) KeepsSecrets() bool { return s.Secrets != nil }

// SealSecret encrypts the secret of an app that the person has not confirmed yet, to be carried until they do.
func (s *Store) SealSecret(person proposal.PersonID, secret string) ([]byte, error) {
	if s.Secrets == nil {
		return nil, errNoKeys
	}
	return s.Secrets.Seal([]byte(secret), string(person)), nil
}

// OpenSecret is what SealSecret encrypted.
func (s *Store) OpenSecret(person proposal.PersonID, sealed []byte) (string, error) {
	if s.Secrets == nil {
		return "", errNoKeys
	}
	secret, err := s.Secrets.Open(sealed, string(person))
	return string(secret), err
}

// AddApp gives the person an authenticator app in the place of the one that they had. step is that of the code by which they showed that it works.
func (e *Edit) AddApp(ctx context.Context, person proposal.PersonID, sealed []byte, step int64) error {
	if _, err := e.tx.Exec(ctx, `delete from second_factors where person = $1 and way = 'totp'`, person); err != nil {
		return err
	}
	_, err := e.tx.Exec(ctx, `insert into second_factors (id, person, way, secret, last_step, added_at) values ($1, $2, 'totp', $3, $4, $5)`,
		uuid.Must(uuid.NewV7()), person, sealed, step, e.now)
	if err != nil {
		return err
	}
	return e.tellFactor(ctx, person, "added", identity.App, "")
}

// AddPasskey gives the person one more passkey.
func (e *Edit) AddPasskey(ctx context.Context, person proposal.PersonID, name string, id []byte, key json.RawMessage) error {
	_, err := e.tx.Exec(ctx, `
		insert into second_factors (id, person, way, name, credential_id, credential, added_at) values ($1, $2, 'passkey', $3, $4, $5, $6)`,
		uuid.Must(uuid.NewV7()), person, name, id, key, e.now)
	if err != nil {
		return err
	}
	return e.tellFactor(ctx, person, "added", identity.Passkey, name)
}

// RemoveFactor takes one away; with the last that is no recovery code the recovery codes go too. NotFound for one that is not the person's.
func (e *Edit) RemoveFactor(ctx context.Context, person proposal.PersonID, id string) error {
	id, err := parseID(id)
	if err != nil {
		return err
	}
	var way identity.Way
	var name string
	err = e.tx.QueryRow(ctx, `delete from second_factors where id = $1 and person = $2 and way <> 'recovery' returning way, name`, id, person).Scan(&way, &name)
	if err != nil {
		return err
	}
	_, err = e.tx.Exec(ctx, `
		delete from second_factors where person = $1 and not exists (select from second_factors where person = $1 and way <> 'recovery')`, person)
	if err != nil {
		return err
	}
	return e.tellFactor(ctx, person, "removed", way, name)
}

// RenewRecoveryCodes makes codes in the place of those that the person had.
func (e *Edit) RenewRecoveryCodes(ctx context.Context, person proposal.PersonID) ([]string, error) {
	codes := identity.NewRecoveryCodes()
	var b pgx.Batch
	b.Queue(`delete from second_factors where person = $1 and way = 'recovery'`, person)
	for _, code := range codes {
		b.Queue(`insert into second_factors (id, person, way, sha256, added_at) values ($1, $2, 'recovery', $3, $4)`,
			uuid.Must(uuid.NewV7()), person, secretHash(code), e.now)
	}
	if err := e.tx.SendBatch(ctx, &b).Close(); err != nil {
		return nil, err
	}
	return codes, e.tellFactor(ctx, person, "added", identity.Recovery, "")
}

// ResetFactors takes away everything by which somebody proves who they are beside the password, for who has lost it. It is told, and they get a notice.
func (e *Edit) ResetFactors(ctx context.Context, person proposal.PersonID) error {
	person, err := parseID(person)
	if err != nil {
		return err
	}
	tag, err := e.tx.Exec(ctx, `delete from second_factors where person = $1`, person)
	switch {
	case err != nil:
		return err
	case tag.RowsAffected() == 0:
		return errNotFound
	}
	_, err = e.tx.Exec(ctx, `
		insert into notices (kind, clock, ref, days, role, person, by, at) values ($1, '', $2, 0, '', $3, $4, $5)`,
		proposal.NoticeAccount, uuid.Must(uuid.NewV7()), person, orNull(e.by), e.now)
	if err != nil {
		return err
	}
	return e.tellFactor(ctx, person, "reset", "", "")
}

func (e *Edit) tellFactor(ctx context.Context, person proposal.PersonID, did string, way identity.Way, name string) error {
	_, err := e.tx.Exec(ctx, `
		select tell_staff('factor', $1, null, jsonb_strip_nulls(jsonb_build_object('person', $1::text, 'factor', $2::text, 'way', nullif($3, ''), 'name', nullif($4, ''))), $5)`,
		person, did, string(way), name, orNull(e.by))
	return err
}

// Proved is the answer to a code.
type Proved struct {
	Proof string    // id of the proof; "" if the code is wrong, or nobody may try now
	Left  int       // tries left
	Until time.Time // when it may be tried again, UTC; zero unless it rests
}

// secondTries stands in the place of an address: codes are counted wherever they come from, since who tries them has the password.
const secondTries = "second factor"

// ProveByCode takes a code of the person's app, or one of their recovery codes, each once. Tries are bounded as those of passwords are. from is the address
// that they came from.
func (s *Store) ProveByCode(ctx context.Context, who Person, typed, from string) (Proved, error) {
	made, last, err := s.takeTry(ctx, who.Login, secondTries)
	if err != nil {
		return Proved{}, edge(err)
	}
	answer := Proved{Left: max(loginTries-made, 0)}
	if made >= loginTries {
		answer.Until = last.Add(loginRest)
	}
	if made > loginTries {
		return answer, nil
	}
	way, err := s.takeCode(ctx, who, typed)
	if errors.Is(err, errUnreadable) { // nobody can tell whether the code was right
		s.Log.ErrorContext(ctx, "the secret of an app cannot be read: is the file of keys the one that it was encrypted with?", "person", who.ID, "err", err)
		var b pgx.Batch
		b.Queue(`delete from login_tries where login = $1 and address = $2 and made = 1`, who.Login, secondTries)
		b.Queue(`update login_tries set made = made - 1 where login = $1 and address = $2`, who.Login, secondTries)
		return Proved{Left: answer.Left + 1}, edge(s.pool.SendBatch(ctx, &b).Close())
	}
	if err != nil {
		return Proved{}, err
	}
	if way == "" {
		what := NotProved
		if made == loginTries {
			what = CodesRest
		}
		return answer, s.TellLogin(ctx, who.ID, what, from)
	}
	if _, err := s.pool.Exec(ctx, `delete from login_tries where login = $1 and address = $2`, who.Login, secondTries); err != nil {
		return Proved{}, edge(err)
	}
	proof, err := s.prove(ctx, who.ID, way, s.Now())
	return Proved{Proof: proof, Left: loginTries}, err
}

// errUnreadable is the answer where the secret of the person's app does not open.
var errUnreadable = errors.New("store: the secret of the app does not open")

// takeCode uses up the code; "" if it is none that the person has.
func (s *Store) takeCode(ctx context.Context, who Person, typed string) (identity.Way, error) {
	if code := identity.FoldRecoveryCode(typed); code != "" {
		way := identity.Way("")
		err := s.Edit(ctx, who.ID, func(e *Edit) error {
			tag, err := e.tx.Exec(ctx, `delete from second_factors where person = $1 and sha256 = $2`, who.ID, secretHash(code))
			if err != nil || tag.RowsAffected() == 0 {
				return err
			}
			way = identity.Recovery
			return e.tellFactor(ctx, who.ID, "used", way, "")
		})
		return way, err
	}
	var id string
	var sealed []byte
	err := s.pool.QueryRow(ctx, `select id::text, secret from second_factors where person = $1 and way = 'totp'`, who.ID).Scan(&id, &sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	} else if err != nil {
		return "", edge(err)
	}
	secret, err := s.OpenSecret(who.ID, sealed)
	if err != nil {
		return "", errors.Join(errUnreadable, err)
	}
	step, ok := identity.Step(secret, typed, s.Now())
	if !ok {
		return "", nil
	}
	// A code that somebody has seen over the shoulder is worth nothing, nor are two requests with one.
	tag, err := s.pool.Exec(ctx, `update second_factors set last_step = $2, used_at = $3 where id = $1 and last_step < $2`, id, step, s.Now().UTC())
	if err != nil || tag.RowsAffected() == 0 {
		return "", edge(err)
	}
	return identity.App, nil
}

// ProveByPasskey keeps the passkey as it is after its use, and that the person has proved who they are.
func (s *Store) ProveByPasskey(ctx context.Context, person proposal.PersonID, id []byte, key json.RawMessage) (proof string, err error) {
	tag, err := s.pool.Exec(ctx, `update second_factors set credential = $3, used_at = $4 where person = $1 and credential_id = $2`, person, id, key, s.Now().UTC())
	if err == nil && tag.RowsAffected() == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return "", edge(err)
	}
	return s.prove(ctx, person, identity.Passkey, s.Now())
}

// proofsKept is how long a proof is kept: longer than the engine may be away with an action that names it. Its way then stands in the event.
const proofsKept = 30 * 24 * time.Hour

// prove keeps that the person proved at a moment who they are.
func (s *Store) prove(ctx context.Context, person proposal.PersonID, way identity.Way, at time.Time) (proof string, err error) {
	proof = uuid.Must(uuid.NewV7()).String()
	var b pgx.Batch
	b.Queue(`delete from proofs where at < $1`, s.Now().UTC().Add(-proofsKept))
	b.Queue(`insert into proofs (id, person, way, at) values ($1, $2, $3, $4)`, proof, person, way, at.UTC())
	return proof, edge(s.pool.SendBatch(ctx, &b).Close())
}
