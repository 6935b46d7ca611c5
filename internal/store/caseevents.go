package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// CaseEvent is an event with the case it is of, for who looks over many.
type CaseEvent struct {
	No     int
	Kind   string
	At     time.Time
	ByName Name
	CaseID string
	Key    assembly.RegisterKey
}

// RecentEvents are the newest events of some kinds in the cases that the viewer may see, without what was said in them.
func (s *Store) RecentEvents(ctx context.Context, viewer proposal.Person, kinds []string, limit int) ([]CaseEvent, error) {
	q := &caseQuery{args: pgx.NamedArgs{"kinds": kinds, "limit": limit}}
	q.where = append(q.where, `e.kind = any (@kinds)`)
	q.visibleTo(viewer)
	rows, err := s.pool.Query(ctx, `
		select e.no, e.kind, e.at, coalesce(p.name, ''), coalesce(p.name_en, ''),
			c.id::text, c.body, c.level, c.term, c.session, c.intersession, c.number
		from events e join cases c on c.id = e.case_id left join people p on p.id = e.by
		where `+q.all()+` order by e.at desc, e.case_id, e.no desc limit @limit`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e CaseEvent, err error) {
		return e, row.Scan(&e.No, &e.Kind, instant{&e.At}, &e.ByName.ZH, &e.ByName.EN, &e.CaseID, &e.Key.Body, &e.Key.Level, &e.Key.Term,
			&e.Key.Session, &e.Key.Intersession, &e.Key.Number)
	})
	return events, edge(err)
}

// Behind is what somebody still holds who has no account any more.
type Behind struct {
	Person proposal.PersonID
	Name   Name
	Cases  []string // ids
}

// LeftBehind lists the people who have no account any more and still hold something.
func (s *Store) LeftBehind(ctx context.Context) ([]Behind, error) {
	rows, err := s.pool.Query(ctx, `
		select p.id::text, p.name, p.name_en, array_agg(distinct t.case_id::text)
		from tasks t join people p on p.id = t.assignee
		where t.closed_at is null and not p.active group by p.id order by p.login`)
	if err != nil {
		return nil, edge(err)
	}
	behind, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (b Behind, err error) {
		return b, row.Scan(&b.Person, &b.Name.ZH, &b.Name.EN, &b.Cases)
	})
	return behind, edge(err)
}
