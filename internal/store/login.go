package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// Login is the answer to a login and password.
type Login struct {
	Person *Person   // who it is; nil if login and password do not match, or the account rests
	Left   int       // tries left before it rests
	Until  time.Time // when the account may be tried again; zero unless it rests
}

// Authenticate checks a login and password. After five wrong ones the login rests for fifteen minutes for the address they
// came from (from may be ""): counting both keeps a stranger elsewhere from locking an officer out.
func (s *Store) Authenticate(ctx context.Context, login, password, from string) (Login, error) {
	return Login{}, errNotYet
}

// Token is a bearer token of the API without its secret.
type Token struct {
	ID         string
	Person     proposal.PersonID
	Name       string // what it is for
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt time.Time // to the minute; zero if never
	RevokedAt  time.Time // zero if it stands
}

// CreateToken makes a token. The secret is shown once: only its hash is kept.
func (s *Store) CreateToken(ctx context.Context, person proposal.PersonID, name string, expires time.Time) (t Token, secret string, err error) {
	return Token{}, "", errNotYet
}

// PersonByToken returns the active person whose token it is; NotFound for one that is unknown, expired or revoked.
func (s *Store) PersonByToken(ctx context.Context, secret string) (Person, error) {
	return Person{}, errNotYet
}

// Tokens lists a person's tokens, newest first.
func (s *Store) Tokens(ctx context.Context, person proposal.PersonID) ([]Token, error) {
	return nil, errNotYet
}

// RevokeToken ends a token. Revoking twice is harmless.
func (s *Store) RevokeToken(ctx context.Context, id string) error { return errNotYet }
