// Package store keeps the record of cases in Postgres: it implements the ledger that activities write through, the plain
// transactions that do not move a case (claims, draft versions, looks at contact data) and the reads behind every page.
//
// Beside the standalone program, which starts a server, it is the only package that knows pgx. It imports the rules and the interfaces it implements; it must never import
// Temporal, workflows or the web, and never decide what a rule decides.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/alexedwards/scs/pgxstore"
	"github.com/alexedwards/scs/v2"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Store is the database of one bureau. It is safe for concurrent use.
//
// Its methods return a *proposal.Refusal (find it with errors.As) for everything a person may be told: NotFound for an
// unknown or malformed id, EngineUnavailable when Postgres cannot be reached. Any other error is a defect. Instants that it
// returns are in UTC.
type Store struct {
	// Now is the time that plain transactions bear. Open sets time.Now; the ledger's times come from its caller.
	Now func() time.Time
	// Log hears what nobody who waits for an answer is told. Open sets the default logger; set another before anything runs.
	Log *slog.Logger
	// Rules are the rule packs that cases are pinned to.
	Rules *Rules
	// Wordings are the bureau's own words.
	Wordings *Wordings
	// Secrets encrypt what must not be read by whoever has the database alone; nil: no such thing is kept.
	Secrets Keys

	pool     *pgxpool.Pool
	sessions sessions
	still    standstill
}

// Packs are the rule packs of now. Nobody may change them.
func (s *Store) Packs() rulepack.Set { return s.Rules.Set() }

// PackFor is the rule pack of the profile that is valid on the day, for what belongs to no case.
func (s *Store) PackFor(profile string, on calendar.Date) (*proposal.Pack, bool) {
	return s.Rules.For(profile, on)
}

// Pack is the rule pack that a case is pinned to.
func (s *Store) Pack(id string) (*proposal.Pack, bool) { return s.Rules.ByID(id) }

// Open connects to a migrated database. It fails if the database does not answer, and if its schema is not the one that this program works with.
func Open(ctx context.Context, dsn string) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	// Dates and instants never depend on where the server stands.
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.ConnConfig.RuntimeParams["application_name"] = "banli"
	// A program that hangs or loses its network while it holds a case's lock must not keep officers waiting for hours.
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "60s"
	config.ConnConfig.RuntimeParams["lock_timeout"] = "10s"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("prepare the connections to the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, edge(err)
	}
	version, err := schemaVersion(ctx, pool)
	if err == nil {
		err = checkSchema(version)
	} else {
		err = edge(err)
	}
	if err != nil {
		pool.Close()
		return nil, err
	}
	// Sessions are swept when somebody logs in: pgxstore's own sweeper cannot be stopped safely.
	s := &Store{Now: time.Now, Log: slog.Default(), pool: pool, sessions: sessions{pgxstore.NewWithCleanupInterval(pool, 0)}}
	s.Rules = &Rules{live[rulepack.Set]{what: "the rule packs", channel: rulesChannel, store: s, read: s.rules}}
	s.Wordings = &Wordings{live[Wording]{what: "the bureau's words", channel: wordingChannel, store: s, read: s.wording}}
	if err := errors.Join(s.Rules.reread(ctx), s.Wordings.reread(ctx)); err != nil {
		pool.Close()
		return nil, fmt.Errorf("read the rule packs and the bureau's words: %w", edge(err))
	}
	return s, nil
}

// Close ends every connection. It waits for those in use.
func (s *Store) Close() { s.pool.Close() }

// Ping reports whether the database answers: nil, or a refusal with code EngineUnavailable.
func (s *Store) Ping(ctx context.Context) error { return edge(s.pool.Ping(ctx)) }

// Takes reports whether the database answers and may be written to: nil, or a refusal with code EngineUnavailable.
func (s *Store) Takes(ctx context.Context) error {
	var readOnly bool
	if err := s.pool.QueryRow(ctx, `select current_setting('transaction_read_only')::boolean`).Scan(&readOnly); err != nil {
		return edge(err)
	}
	if readOnly {
		return &proposal.Refusal{Code: proposal.EngineUnavailable, Cause: proposal.ReadOnly}
	}
	return nil
}

// SessionStore keeps login sessions in the database, for scs.
func (s *Store) SessionStore() scs.Store { return s.sessions }

// ErrSessionNotKept is that a session could be read and not written.
var ErrSessionNotKept = errors.New("session not kept")

// sessions are those of pgxstore, with our errors.
type sessions struct{ *pgxstore.PostgresStore }

// Find returns the session of a token.
func (s sessions) Find(token string) ([]byte, bool, error) {
	data, found, err := s.PostgresStore.Find(token)
	return data, found, edge(err)
}

// Commit keeps a session until a moment.
func (s sessions) Commit(token string, data []byte, until time.Time) error {
	if err := s.PostgresStore.Commit(token, data, until); err != nil {
		return fmt.Errorf("%w: %w", ErrSessionNotKept, edge(err))
	}
	return nil
}
