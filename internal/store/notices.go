package store

import (
	"context"
	"fmt"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// noticeWindow is how long a notice is news: who takes over a role is not told what was due in the years before.
const noticeWindow = 90 * 24 * time.Hour

// Notice is something that a person was told of a case.
type Notice struct {
	proposal.Notice
	ID      int64
	CaseID  string
	Number  proposal.Key
	Subject string
	At      time.Time
	Read    bool
}

// myNotices are the ids of a person's notices that are news, in ranges as the todo box reads them: those by name, and one range
// per role and division. Each range gives a page at most.
const myNotices = `
	select m.id from unnest(@hands::uuid[]) q (hand) cross join lateral (
		select id from notices where person = q.hand and id < @before and at >= @since order by id desc limit @limit) m
	union all
	select f.id from unnest(@roles::text[], @pools::text[]) q (role, pool) cross join lateral (
		select id from notices where person is null and role = q.role and pool = q.pool and id < @before and at >= @since
		order by id desc limit @limit) f`

// noticeArgs are the person's ranges. Who covers for somebody is told what they are told.
func (s *Store) noticeArgs(ctx context.Context, person proposal.PersonID, before int64, limit int) (pgx.NamedArgs, error) {
	_, args, err := s.desk(ctx, person)
	if err != nil {
		return nil, err
	}
	args["before"], args["limit"], args["since"] = before, limit, s.Now().Add(-noticeWindow).UTC()
	return args, nil
}

// newest stands above every notice.
const newest = int64(1)<<62 - 1

// Notices lists what the person was told, newest first.
func (s *Store) Notices(ctx context.Context, person proposal.PersonID, after string, limit int) (Page[Notice], error) {
	before := newest
	if after != "" {
		if !isSerial(after) {
			return Page[Notice]{}, invalid("after", proposal.Malformed)
		}
		if _, err := fmt.Sscan(after, &before); err != nil {
			return Page[Notice]{}, invalid("after", proposal.Malformed)
		}
	}
	limit = pageLimit(limit)
	args, err := s.noticeArgs(ctx, person, before, limit+1)
	if err != nil {
		return Page[Notice]{}, err
	}
	rows, err := s.pool.Query(ctx, `
		select n.id, n.case_id::text, c.body, c.level, c.term, c.session, c.intersession, c.number, c.subject, n.kind, n.clock, n.ref,
			n.days, n.role, coalesce(n.division, ''), coalesce(n.person::text, ''), n.at,
			exists (select from notice_reads r where r.notice = n.id and r.person = @person)
		from notices n join cases c on c.id = n.case_id where n.id in (`+myNotices+`) order by n.id desc limit @limit`, args)
	if err != nil {
		return Page[Notice]{}, edge(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n Notice, err error) {
		k := &n.Number
		return n, row.Scan(&n.ID, &n.CaseID, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &n.Subject, &n.Kind,
			&n.Clock, &n.Ref, &n.Days, &n.Role, &n.Division, &n.Person, instant{&n.At}, &n.Read)
	})
	return paged(items, limit, func(n Notice) string { return fmt.Sprint(n.ID) }), edge(err)
}

// MaxUnread is as far as unread notices are counted: beyond it the number tells nobody anything.
const MaxUnread = 100

// UnreadNotices counts what the person has not read, up to MaxUnread.
func (s *Store) UnreadNotices(ctx context.Context, person proposal.PersonID) (n int, err error) {
	args, err := s.noticeArgs(ctx, person, newest, maxPageSize)
	if err != nil {
		return 0, err
	}
	err = s.pool.QueryRow(ctx, `
		select count(*) from (
			select from (select distinct id from (`+myNotices+`) every) n
			where not exists (select from notice_reads r where r.notice = n.id and r.person = @person) limit 100) unread`, args).Scan(&n)
	return n, edge(err)
}

// ReadNotices marks the person's notices up to and including one as read. Those of others are left as they are.
func (s *Store) ReadNotices(ctx context.Context, person proposal.PersonID, upTo int64) error {
	args, err := s.noticeArgs(ctx, person, min(upTo, newest-1)+1, maxPageSize)
	if err != nil {
		return err
	}
	args["now"] = s.Now().UTC()
	_, err = s.pool.Exec(ctx, `
		insert into notice_reads (notice, person, read_at) select distinct id, @person::uuid, @now::timestamptz from (`+myNotices+`) mine
		on conflict do nothing`, args)
	return edge(err)
}
