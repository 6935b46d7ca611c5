package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// lockedCase is a case inside a transaction that holds its lock. Everything that changes a case goes through one, so that
// its events stand in one order.
type lockedCase struct {
	conn *pgxpool.Conn
	now  func() time.Time
	id   string

	// Read under the lock. For a case that does not exist yet they are zero.
	state   proposal.State
	key     proposal.Key
	subject string
	events  int    // how many there are
	head    string // hash of the last
	points  int
	task    *Task // the open one
	actor   proposal.Person
	action  proposal.Action     // zero if none was saved under the id
	done    *activities.Outcome // of the action, if it was applied before
	prior   *priorEvent         // what the action id was used for before

	serialYear int // whose counter Facts has locked

	write pgx.Batch // sent together with the commit
}

type priorEvent struct {
	caseID  string
	kind    string
	outcome json.RawMessage
}

// A case that does not exist yet has no row to lock: its id is locked instead, and whoever waited for that lock then waits
// for the row like everybody else.
const (
	lockNew = `select pg_advisory_xact_lock(hashtextextended($1::text, 0)) where not exists (select from cases where id = $1::text::uuid)`

	lockRow = `
		select state, body, level, term, session, intersession, number, subject, event_count, head
		from cases where id = $1 for update`

	// A statement of its own after the lock: it must see what the last holder of the lock committed.
	readLocked = `
		select coalesce(a.body, 'null'), e.case_id::text, coalesce(e.kind, ''), e.outcome,
			coalesce(p.id::text, ''), p.roles, coalesce(p.division, ''), p.field,
			(select count(*) from points where case_id = q.case_id),
			t.id, coalesce(t.stage, ''), coalesce(t.role, ''), coalesce(t.division, ''), coalesce(t.person::text, ''),
			coalesce(t.claimed_by::text, ''), t.claimed_at, t.opened_at
		from (select $1::uuid as case_id, $2::uuid as action_id, $3::uuid as by) q
		left join actions a on a.id = q.action_id and a.case_id = q.case_id
		left join events e on e.action_id = q.action_id
		left join people p on p.id = coalesce(q.by, a.by) and p.active
		left join tasks t on t.case_id = q.case_id and t.closed_at is null`
)

// locked runs fn on the locked case and, if fn returns nil, sends what fn has queued and commits. by is who acts; empty:
// the one who saved the action.
func (s *Store) locked(ctx context.Context, caseID, actionID string, by proposal.PersonID, fn func(*lockedCase) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	l := &lockedCase{conn: conn, now: s.Now, id: caseID}
	err = l.begin(ctx, actionID, by)
	if err == nil {
		err = fn(l)
	}
	if err == nil && l.write.Len() > 0 {
		l.write.Queue("commit")
		if err = conn.SendBatch(ctx, &l.write).Close(); err == nil {
			return nil
		}
	}
	if conn.Conn().PgConn().TxStatus() != 'I' {
		// Nothing was written. A connection that cannot even roll back is dropped by the pool, and so is its transaction.
		_, _ = conn.Exec(context.WithoutCancel(ctx), "rollback")
	}
	if violation := (*pgconn.PgError)(nil); errors.As(err, &violation) && violation.ConstraintName == "cases_natural_key" {
		return s.alreadyRegistered(ctx, l.action, err)
	}
	return err
}

func (l *lockedCase) begin(ctx context.Context, actionID string, by proposal.PersonID) error {
	var b pgx.Batch
	b.Queue("begin")
	b.Queue(lockNew, l.id)
	b.Queue(lockRow, l.id).QueryRow(func(row pgx.Row) error {
		k := &l.key
		return optional(row.Scan(&l.state, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &l.subject,
			&l.events, &l.head))
	})
	b.Queue(readLocked, l.id, actionID, orNull(by)).QueryRow(l.scan)
	return l.conn.SendBatch(ctx, &b).Close()
}

func (l *lockedCase) scan(row pgx.Row) error {
	var body, outcome json.RawMessage
	var eventCase *string
	var kind string
	var taskID *int64
	var t Task
	p := &l.actor
	err := row.Scan(&body, &eventCase, &kind, &outcome, &p.ID, &p.Roles, &p.Division, &p.Field, &l.points,
		&taskID, &t.Stage, &t.Role, &t.Division, &t.Person, &t.ClaimedBy, instant{&t.ClaimedAt}, instant{&t.OpenedAt})
	if err != nil {
		return err
	}
	if taskID != nil {
		t.ID = *taskID
		l.task = &t
	}
	if eventCase != nil {
		l.prior = &priorEvent{*eventCase, kind, outcome}
	}
	if string(body) == "null" {
		return nil
	}
	if err := json.Unmarshal(body, &l.action); err != nil {
		return fmt.Errorf("read action: %w", err)
	}
	if id, err := parseID(l.action.By); err == nil {
		l.action.By = id
	}
	return l.scanDone()
}

// scanDone reads the outcome of an action that was applied before. An id that was used for anything else is left to the
// unique key on events.
func (l *lockedCase) scanDone() error {
	if l.prior == nil || l.prior.caseID != l.id || l.prior.kind != string(l.action.Kind) {
		return nil
	}
	l.done = new(activities.Outcome)
	if err := json.Unmarshal(l.prior.outcome, l.done); err != nil {
		return fmt.Errorf("read outcome: %w", err)
	}
	return nil
}

// repeated reports whether a plain transaction of this kind has been made under the action id, and decodes its outcome.
func (l *lockedCase) repeated(kind string, outcome any) (bool, error) {
	switch {
	case l.prior == nil:
		return false, nil
	case l.prior.caseID != l.id || l.prior.kind != kind:
		return false, invalid("action_id", proposal.Malformed)
	}
	return true, json.Unmarshal(l.prior.outcome, outcome)
}

// acted is a refusal that tells who acted last, when, and where the case is now.
func (l *lockedCase) acted(code proposal.Code) *proposal.Refusal {
	last := l.state.Last
	return &proposal.Refusal{Code: code, By: last.By, At: last.At, Did: last.Kind, Stage: l.state.Stage}
}

// instant scans a timestamptz that may be NULL into a time, in UTC.
type instant struct{ t *time.Time }

// Scan implements sql.Scanner.
func (i instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i.t = time.Time{}
	case time.Time:
		*i.t = v.UTC()
	default:
		return fmt.Errorf("a time cannot be read from a %T", src)
	}
	return nil
}
