package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// noticeWindow is how long a notice is news: who takes over a role is not told what was due in the years before.
const noticeWindow = 90 * 24 * time.Hour

// Notice is something that a person was told, mostly of a case.
type Notice struct {
	proposal.Notice
	ID      int64
	CaseID  string // "": of no case
	Number  assembly.RegisterKey
	Subject string
	State   proposal.State  // as the case stands now
	Hidden  bool            // the reader may not open the case any more: no mail tells of it, and no list has it
	By      Name            // who caused it; empty: a clock
	Did     string          // kind of the event
	From    proposal.Stage  // the stage it was done in
	Input   json.RawMessage // what they said, without what the reader may not know
	At      time.Time
	Read    bool
	Over    Over
}

// Over says why a notice is no news any more.
type Over string

// Values of Over; "" while it is.
const (
	NoticeDone     Over = "done"     // what it asked for was done, or is another's
	NoticeReplaced Over = "replaced" // a newer one says more
)

// NoticeFilter chooses a page of a person's notices.
type NoticeFilter struct {
	Unread bool                // only what is unread and not over
	Kind   proposal.NoticeKind // "": every kind
	After  string              // Page.Next of the page before; "" for the first
	Limit  int
}

// myNotices are the ids of a reader's notices that are news, in ranges as the todo box reads them: those by name, and one range
// per role and division. Each range gives a page at most. What the reader did themselves, or wants to hear nothing of, is none; nor is
// what they were told of a case that they may not open any more: nothing of it could be said (R24).
func myNotices(reader proposal.Person, args pgx.NamedArgs) string {
	wanted := wantedNotice
	sight := &caseQuery{args: args}
	if sight.visibleTo(reader); len(sight.where) > 0 {
		wanted += ` and (n.case_id is null or exists (select from cases c where c.id = n.case_id and ` + sight.all() + `))`
	}
	return `
	select m.id from unnest(@hands::uuid[]) q (hand) cross join lateral (
		select n.id from notices n where n.person = q.hand and ` + wanted + ` order by n.id desc limit @limit) m
	union all
	select f.id from unnest(@roles::text[], @pools::text[]) q (role, pool) cross join lateral (
		select n.id from notices n where n.person is null and n.role = q.role and n.pool = q.pool and ` + wanted + `
		order by n.id desc limit @limit) f`
}

const (
	wantedNotice = `
		n.id < @before and n.at >= @since and n.by is distinct from @person::uuid and n.kind <> all (@muted::text[])
		and (@kind = '' or n.kind = @kind)
		and (not @unread or n.over = '' and not exists (select from notice_reads r where r.notice = n.id and r.person = @person))`

	// mineOfNotice says that notice n is the person's.
	mineOfNotice = `(n.person = any (@hands::uuid[])
		or n.person is null and (n.role, n.pool) in (select * from unnest(@roles::text[], @pools::text[])))`
)

// noticeArgs are the person's ranges. Who covers for somebody is told what they are told.
func (s *Store) noticeArgs(ctx context.Context, person proposal.PersonID, before int64, limit int) (proposal.Person, pgx.NamedArgs, error) {
	reader, args, err := s.desk(ctx, person)
	if err != nil {
		return reader, nil, err
	}
	chosen, err := s.Settings(ctx, person)
	if err != nil {
		return reader, nil, err
	}
	args["before"], args["limit"], args["since"] = before, limit, s.Now().Add(-noticeWindow).UTC()
	args["muted"], args["kind"], args["unread"] = chosen.muted(), "", false
	return reader, args, nil
}

// newest stands above every notice.
const newest = int64(1)<<62 - 1

const noticeRow = `
	n.id, coalesce(n.case_id::text, ''), coalesce(c.body, ''), coalesce(c.level, ''), coalesce(c.term, 0), coalesce(c.session, 0),
	coalesce(c.intersession, false), coalesce(c.number, ''), coalesce(c.subject, ''), coalesce(c.state, '{}'),
	array_remove(array[c.lead_deputy] || c.co_signers || ` + formerNames + `, null), n.kind, n.clock, n.ask, n.ref, n.days, n.role, coalesce(n.division, ''),
	coalesce(n.person::text, ''), n.at, n.over, coalesce(b.name, ''), coalesce(b.name_en, ''), coalesce(e.kind, ''),
	coalesce(e.from_stage, ''), coalesce(e.input, 'null')`

const fromNotices = `
	from notices n
	left join cases c on c.id = n.case_id
	left join events e on e.case_id = n.case_id and e.no = n.event_no
	left join people b on b.id = coalesce(n.by, e.by) `

// scanNotice reads noticeRow, and what was selected after it, for a reader.
func scanNotice(row pgx.CollectableRow, reader proposal.Person, more ...any) (n Notice, err error) {
	k, names := &n.Number, []string{}
	err = row.Scan(append([]any{
		&n.ID, &n.CaseID, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &n.Subject, &n.State, &names, &n.Kind,
		&n.Clock, &n.Ask, &n.Ref, &n.Days, &n.Role, &n.Division, &n.Person,
		instant{&n.At},
		&n.Over, &n.By.ZH, &n.By.EN, &n.Did, &n.From,
		&n.Input,
	}, more...)...)
	if err != nil || n.CaseID == "" {
		return n, err
	}
	if !reader.Sees(n.State) {
		n.Hidden, n.Number, n.Subject, n.State, n.Input = true, assembly.RegisterKey{}, "", proposal.State{}, nil
		return n, nil
	}
	if !reader.SeesAll(n.State) {
		n.Input = nil
	}
	if !reader.SeesName(n.State) {
		n.Input, n.Subject = withoutNames(n.Input, names), masker(names)(n.Subject)
	}
	return n, nil
}

// Notices lists what the person was told, newest first.
func (s *Store) Notices(ctx context.Context, person proposal.PersonID, f NoticeFilter) (Page[Notice], error) {
	before := newest
	if f.After != "" {
		if !isSerial(f.After) {
			return Page[Notice]{}, invalid("after", proposal.FieldMalformed)
		}
		if _, err := fmt.Sscan(f.After, &before); err != nil {
			return Page[Notice]{}, invalid("after", proposal.FieldMalformed)
		}
	}
	limit := pageLimit(f.Limit)
	reader, args, err := s.noticeArgs(ctx, person, before, limit+1)
	if err != nil {
		return Page[Notice]{}, err
	}
	args["kind"], args["unread"] = f.Kind, f.Unread
	rows, err := s.pool.Query(ctx, `
		select `+noticeRow+`, exists (select from notice_reads r where r.notice = n.id and r.person = @person)`+fromNotices+`
		where n.id in (`+myNotices(reader, args)+`) order by n.id desc limit @limit`, args)
	if err != nil {
		return Page[Notice]{}, edge(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Notice, error) {
		var read bool
		n, err := scanNotice(row, reader, &read)
		n.Read = read
		return n, err
	})
	return paged(items, limit, func(n Notice) string { return fmt.Sprint(n.ID) }), edge(err)
}

// MaxUnread is as far as unread notices are counted: beyond it the number tells nobody anything.
const MaxUnread = 100

// UnreadNotices counts what the person has not read and what is not over, up to MaxUnread. What one event told of one case counts once.
func (s *Store) UnreadNotices(ctx context.Context, person proposal.PersonID) (n int, err error) {
	reader, args, err := s.noticeArgs(ctx, person, newest, MaxUnread)
	if err != nil {
		return 0, err
	}
	args["unread"] = true
	err = s.pool.QueryRow(ctx, `
		select count(*) from (
			select distinct n.case_id, n.at, case when n.case_id is null then n.id end from notices n where n.id in (`+myNotices(reader, args)+`) limit @limit) unread`, args).Scan(&n)
	return n, edge(err)
}
