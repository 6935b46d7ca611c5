package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

var _ ledger.OpenCases = (*Store)(nil)

// OpenPositions implements ledger.OpenCases.
func (s *Store) OpenPositions(ctx context.Context, after string, limit int) ([]ledger.CasePosition, error) {
	if after == "" {
		after = uuid.Nil.String()
	}
	staff, err := s.Staff(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `select id::text, state, last_at from cases where not finished and id > $1 order by id limit $2`, after, limit)
	if err != nil {
		return nil, edge(err)
	}
	open, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c ledger.CasePosition, err error) {
		var state proposal.State
		err = row.Scan(&c.CaseID, &state, instant{&c.MovedAt})
		c.Position, c.Stuck = ledger.PositionOf(state), s.stuck(staff, state)
		return c, err
	})
	return open, edge(err)
}

// Key implements ledger.OpenCases.
func (s *Store) Key(ctx context.Context, caseID string) (k assembly.RegisterKey, err error) {
	err = s.pool.QueryRow(ctx, `select body, level, term, session, intersession, number from cases where id = $1`, caseID).
		Scan(&k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number)
	return k, edge(err)
}

func (s *Store) stuck(staff proposal.Staff, state proposal.State) bool {
	pack, ok := s.Rules.ByID(state.Pack)
	return ok && staff.Stuck(state, pack)
}

// SaveDrift implements ledger.OpenCases.
func (s *Store) SaveDrift(ctx context.Context, d ledger.Drift) error {
	_, err := s.pool.Exec(ctx, `
		insert into drift_reports (at, checked, behind, missing, failed, stalled, watch) values ($1, $2, $3, $4, $5, $6, $7)`,
		d.At.UTC(), d.Checked, d.Behind, d.Missing, d.Failed, d.Stalled, d.Watch)
	return edge(err)
}

// Drift is what a reconciliation of engine and record found.
type Drift = ledger.Drift

// LastDrift returns the newest drift report; ok is false if there is none yet.
func (s *Store) LastDrift(ctx context.Context) (d Drift, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `
		select at, checked, behind, missing, failed, stalled, watch from drift_reports order by id desc limit 1`).
		Scan(instant{&d.At}, &d.Checked, &d.Behind, &d.Missing, &d.Failed, &d.Stalled, &d.Watch)
	if err := optional(err); err != nil {
		return ledger.Drift{}, false, edge(err)
	}
	return d, err == nil, nil
}

// ReconciledAt implements ledger.OpenCases.
func (s *Store) ReconciledAt(ctx context.Context) (at time.Time, err error) {
	err = s.pool.QueryRow(ctx, `select max(at) from drift_reports where not watch`).Scan(instant{&at})
	return at, edge(err)
}

// TookUp implements ledger.OpenCases.
func (s *Store) TookUp(ctx context.Context, caseID, id, kind string) (fresh bool, err error) {
	err = s.locked(ctx, caseID, id, "", func(l *lockedCase) error {
		if l.prior != nil {
			return nil
		}
		if kind == proposal.EventStuck {
			var lately bool
			err := l.conn.QueryRow(ctx, `select exists (select from events where case_id = $1 and kind = $2 and at > $3)`,
				caseID, kind, s.Now().UTC().Add(-time.Hour)).Scan(&lately)
			if lately || err != nil {
				return err
			}
		}
		e, err := l.event(kind, "", id, nothing{}, s.Now())
		if err != nil {
			return err
		}
		fresh = true
		return l.appendEvent(e, nothing{})
	})
	return fresh && err == nil, edge(err)
}
