package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// lockedCase is a case inside a transaction that holds its lock. Everything that changes a case goes through one, so that
// its events stand in one order.
type lockedCase struct {
	conn   *pgxpool.Conn
	now    func() time.Time
	packs  func(id string) (*proposal.Pack, bool)
	bureau proposal.Bureau
	id     string

	// Read under the lock. For a case that does not exist yet they are zero.
	state     proposal.State
	key       assembly.RegisterKey
	title     string
	proposers []string // lead deputy first, then co-signers
	events    int      // how many there are
	head      string   // hash of the last
	points    int
	tasks     []Task                // the open ones
	told      []toldNotice          // what people were told of the case and is not over
	actor     proposal.Person       // with those whom they cover for today
	staff     proposal.Staff        // who may act today, for an action that needs it
	action    proposal.Action       // zero if none was saved under the id
	done      *ledger.Outcome       // of the action, if it was applied before
	prior     *priorEvent           // what the action id was used for before
	inReview  SavedDraft            // for an action that needs it
	second    proposal.SecondFactor // of the actor; for a signature

	series     proposal.NumberSeries // of the number that is asked for
	serialYear int                   // whose counter Facts has locked

	write pgx.Batch // sent together with the commit
}

type priorEvent struct {
	caseID  string
	kind    string
	input   json.RawMessage
	outcome json.RawMessage
}

// A case that does not exist yet has no row to lock: its id is locked instead, and whoever waited for that lock then waits
// for the row like everybody else.
const (
	lockNew = `select pg_advisory_xact_lock(hashtextextended($1::text, 0)) where not exists (select from cases where id = $1::text::uuid)`

	lockRow = `
		select state, body, level, term, session, intersession, number, title, array[lead_deputy] || co_signers, event_count, head
		from cases where id = $1 for update`

	// Statements of their own after the lock: they must see what the last holder of the lock committed.
	readLocked = `
		select coalesce(a.body, 'null'), e.case_id::text, coalesce(e.kind, ''), e.input, e.outcome,
			coalesce(p.id::text, ''), p.roles, coalesce(p.division, ''), p.field, ` + tookOfP + `, ` + coversOn + `,
			(select count(*) from points where case_id = q.case_id)
		from (select $1::uuid as case_id, $2::uuid as action_id, $3::uuid as by, $4::date as today) q
		left join actions a on a.id = q.action_id and a.case_id = q.case_id
		left join events e on e.action_id = q.action_id
		left join people p on p.id = coalesce(q.by, a.by) and p.active`

	readSecond = `
		select exists (select from second_factors f where f.person = a.by and f.way <> 'recovery'), coalesce(p.way, ''), p.at, a.saved_at
		from actions a left join proofs p on p.id::text = a.body ->> 'proof' and p.person = a.by where a.id = $1 and a.kind = any ($2)`

	openTasks = `
		select id, ask, ref, role, coalesce(division, ''), coalesce(person::text, ''), coalesce(claimed_by::text, ''), claimed_at,
			opened_at, nullif(due, 'infinity'), call_back_at
		from tasks where case_id = $1 and closed_at is null order by id`

	openNotices = `
		select id, kind, clock, ask, ref, role, coalesce(division, ''), coalesce(person::text, '')
		from notices where case_id = $1 and over = ''`
)

// The closed divisions whose work that of person p, or m, has taken over, and those before them; null for none.
const (
	tookOfP = `nullif(array_remove(with_taken_over(p.division), p.division), '{}')`
	tookOfM = `nullif(array_remove(with_taken_over(m.division), m.division), '{}')`
)

// coversOn are those whom person p covers for on the day q.today, for every case or for the case q.case_id, as a list of
// proposal.Principal: somebody who has left may be among them. What goes over, Person.Covering says; rights do not go over twice.
const coversOn = `(
	select json_agg(json_build_object('id', m.id, 'roles', m.roles, 'division', coalesce(m.division, ''), 'field', m.field,
		'took', ` + tookOfM + `) order by m.login)
	from people m where m.id in (
		select x.principal from proxies x
		where x.proxy = p.id and x.confirmed_at is not null and x.revoked_at is null and q.today between x.from_date and x.to_date
			and (x.case_id is null or x.case_id = q.case_id)))`

// needInReview are the kinds of action that the version in review is read for. They are ordinary steps: the version comes with
// the lock, so that they cost no round trip of their own.
var needInReview = sync.OnceValue(func() []string {
	return mentioning(func(m proposal.Mentions) bool { return m.InReview })
})

// signing are the kinds of action for which it is asked whether who does them has just proved who they are.
var signing = sync.OnceValue(func() []proposal.Kind {
	return slices.DeleteFunc(proposal.Kinds(), func(k proposal.Kind) bool { return !k.Signs() })
})

// locked runs fn on the locked case and, if fn returns nil, sends what fn has queued and commits. by is who acts; empty:
// the one who saved the action.
func (s *Store) locked(ctx context.Context, caseID, actionID string, by proposal.PersonID, fn func(*lockedCase) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	l := &lockedCase{conn: conn, now: s.Now, packs: s.Rules.ByID, id: caseID}
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
		return s.alreadyRegistered(ctx, l.key, l.action, err)
	}
	return err
}

func (l *lockedCase) begin(ctx context.Context, actionID string, by proposal.PersonID) error {
	var b pgx.Batch
	b.Queue("begin")
	b.Queue(lockNew, l.id)
	b.Queue(lockRow, l.id).QueryRow(func(row pgx.Row) error {
		k := &l.key
		return optional(row.Scan(&l.state, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &l.title,
			&l.proposers, &l.events, &l.head))
	})
	b.Queue(openTasks, l.id).Query(func(rows pgx.Rows) (err error) {
		l.tasks, err = pgx.CollectRows(rows, scanTask)
		return err
	})
	b.Queue(openNotices, l.id).Query(func(rows pgx.Rows) (err error) {
		l.told, err = pgx.CollectRows(rows, scanTold)
		return err
	})
	queueDraftIn(&b, `
		case_id = $1 and version = (select (state ->> 'draft')::int from cases where id = $1)
			and exists (select from actions where id = $2 and kind = any ($3))`,
		func(d SavedDraft) { l.inReview = d }, l.id, actionID, needInReview())
	queueBureau(&b, `(select (state ->> 'signed_on')::date from cases where id = $1)`, &l.bureau, l.id)
	l.queueStaff(&b, actionID)
	b.Queue(readSecond, actionID, signing()).QueryRow(func(row pgx.Row) error {
		return optional(row.Scan(&l.second.Has, &l.second.Proof.Way, instant{&l.second.Proof.At}, instant{&l.second.Sent}))
	})
	b.Queue(readLocked, l.id, actionID, orNull(by), calendar.DateOf(l.now())).QueryRow(l.scan)
	return l.conn.SendBatch(ctx, &b).Close()
}

func (l *lockedCase) scan(row pgx.Row) error {
	var body, input, outcome json.RawMessage
	var eventCase *string
	var kind string
	p := &l.actor
	err := row.Scan(&body, &eventCase, &kind, &input, &outcome, &p.ID, &p.Roles, &p.Division, &p.Field, &p.Took, &p.Covers, &l.points)
	if err != nil {
		return err
	}
	*p = p.Covering(p.Covers)
	if eventCase != nil {
		l.prior = &priorEvent{*eventCase, kind, input, outcome}
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
	if id, err := parseID(l.action.For); err == nil {
		l.action.For = id
	}
	return l.scanDone()
}

func scanTask(row pgx.CollectableRow) (t Task, err error) {
	return t, row.Scan(&t.ID, &t.Ask, &t.Ref, &t.Role, &t.Division, &t.Person, &t.ClaimedBy, instant{&t.ClaimedAt},
		instant{&t.OpenedAt}, &t.Due, instant{&t.CallBackAt})
}

// task is the open task with the key. Whoever names none means that of the stage, or else the only one that they may take.
func (l *lockedCase) task(key proposal.TaskKey) *Task {
	if key == (proposal.TaskKey{}) {
		key.Ask = proposal.AskOf(l.state.Stage)
	}
	for i := range l.tasks {
		if l.tasks[i].Rules().Key() == key {
			return &l.tasks[i]
		}
	}
	return nil
}

// scanDone reads the outcome of an action that was applied before. An id that was used for anything else is left to the
// unique key on events.
func (l *lockedCase) scanDone() error {
	if l.prior == nil || l.prior.caseID != l.id || l.prior.kind != string(l.action.Kind) {
		return nil
	}
	l.done = new(ledger.Outcome)
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
		return false, invalid("action_id", proposal.FieldMalformed)
	}
	return true, json.Unmarshal(l.prior.outcome, outcome)
}

// acted is a refusal that tells who acted last, when, and where the case is now.
func (l *lockedCase) acted(code proposal.RefusalCode) *proposal.Refusal {
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
