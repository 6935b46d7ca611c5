package store

import (
	"context"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/outbox"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

var _ outbox.PushBox = (*Store)(nil)

// MakePushes implements outbox.PushBox. Of notices that are older than a day none are made, as of mails.
func (s *Store) MakePushes(ctx context.Context) error {
	now := s.Now()
	asking := slices.DeleteFunc(slices.Clone(proposal.NoticeKinds), func(k proposal.NoticeKind) bool { return !k.Asks() })
	for {
		tag, err := s.pool.Exec(ctx, makePushes, pgx.NamedArgs{
			"now": now.UTC(), "since": now.Add(-freshNotice).UTC(), "today": calendar.DateOf(now), "asking": asking,
		})
		if err != nil {
			return edge(err)
		}
		if tag.RowsAffected() == 0 {
			break
		}
	}
	_, err := s.pool.Exec(ctx, `
		update pushes p set state = 'closing', tries = 0, since = $1, due_at = $1, answer = ''
		from notices n where p.state = 'open' and n.id = p.notice and n.over <> ''`, now.UTC())
	return edge(err)
}

const makePushes = `
	with fresh as (
		select id, case_id, kind, role, pool, person, by, at, over from notices
		where pushed_at is null order by id limit 200 for update skip locked
	), ` + readersOfFresh + `, made as (
		insert into pushes (id, person, notice, since, due_at)
		select gen_random_uuid(), p.id, n.id, @now, @now
		from covered a join fresh n on n.id = a.id join people p on p.id = a.person and p.active
		where n.kind = any (@asking::text[]) and n.by is distinct from p.id and n.at > @since and n.over = ''
		on conflict do nothing
	)
	update notices set pushed_at = @now where id in (select id from fresh)`

// DuePushes implements outbox.PushBox: those that were asked first come first.
func (s *Store) DuePushes(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.pool.Query(ctx, `
		select id::text from pushes where state in ('opening', 'closing') and due_at <= $1 order by due_at, notice limit $2`, s.Now().UTC(), limit)
	if err != nil {
		return nil, edge(err)
	}
	due, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return due, edge(err)
}

// DelayPush implements outbox.PushBox.
func (s *Store) DelayPush(ctx context.Context, id string, until time.Time, answer string) error {
	_, err := s.pool.Exec(ctx, `
		update pushes set tries = tries + 1, due_at = $2, answer = $3 where id = $1 and state in ('opening', 'closing')`, id, until.UTC(), answer)
	return edge(err)
}

// MovePush implements outbox.PushBox.
func (s *Store) MovePush(ctx context.Context, id string, from, to outbox.PushState, answer string) error {
	var ended *time.Time
	if now := s.Now().UTC(); to == outbox.PushClosed || to == outbox.PushDropped || to == outbox.PushFailed {
		ended = &now
	}
	_, err := s.pool.Exec(ctx, `update pushes set state = $3, answer = $4, ended_at = $5 where id = $1 and state = $2`, id, from, to, answer, ended)
	return edge(err)
}

// PushTries implements outbox.PushBox.
func (s *Store) PushTries(ctx context.Context, id string) (state outbox.PushState, tries int, since time.Time, err error) {
	err = s.pool.QueryRow(ctx, `select state, tries, since from pushes where id = $1`, id).Scan(&state, &tries, instant{&since})
	return state, tries, since, edge(err)
}

// Push is a to-do as its reader is told of it now.
type Push struct {
	Person   Person
	Language string
	Notice   Notice
	Closes   bool // the portal has it, and is told that it is done
	Dropped  bool // it is done, or no longer the reader's, before the portal was told
}

// Push looks at a to-do with the eyes of now.
func (s *Store) Push(ctx context.Context, id string) (p Push, err error) {
	var person proposal.PersonID
	var notice int64
	err = s.pool.QueryRow(ctx, `select person::text, notice, state = 'closing' from pushes where id = $1`, id).Scan(&person, &notice, &p.Closes)
	if err != nil {
		return p, edge(err)
	}
	if p.Person, err = s.Person(ctx, person); err != nil {
		return p, err
	}
	chosen, err := s.Settings(ctx, person)
	if err != nil {
		return p, err
	}
	p.Language = chosen.Language
	if p.Closes {
		return p, nil
	}
	n, mine, err := s.noticeFor(ctx, p.Person, notice)
	p.Notice, p.Dropped = n, !mine || n.Hidden || n.Over != "" || !p.Person.Active
	return p, err
}

// PushQueue is how the to-dos do that the portal is told of.
type PushQueue struct {
	Waiting int       // the portal is to be told of
	Again   int       // of them, those that it did not take at first
	Since   time.Time // when the oldest of them began to wait; zero if none does
	Open    int       // it has now
	Failed  int       // in the last week
}

// PushQueue counts them.
func (s *Store) PushQueue(ctx context.Context) (q PushQueue, err error) {
	err = s.pool.QueryRow(ctx, `
		select w.waiting, w.again, w.since, (select count(*) from pushes where state = 'open'),
			(select count(*) from pushes where state = 'failed' and ended_at > $1)
		from (
			select count(*) as waiting, count(*) filter (where tries > 0) as again, min(since) as since
			from pushes where state in ('opening', 'closing')) w`, s.Now().Add(-troubleWindow).UTC()).
		Scan(&q.Waiting, &q.Again, instant{&q.Since}, &q.Open, &q.Failed)
	return q, edge(err)
}
