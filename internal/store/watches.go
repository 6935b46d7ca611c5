package store

import (
	"context"

	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Watch puts a case among those that the person watches (关注). Watching twice is watching once, since the first time. What the
// person may not see is NotFound.
func (s *Store) Watch(ctx context.Context, person proposal.PersonID, caseID string) error {
	id, err := parseID(caseID)
	if err != nil {
		return err
	}
	p, err := s.Person(ctx, person)
	if err != nil {
		return err
	}
	q := &caseQuery{args: pgx.NamedArgs{"case": id, "person": p.ID, "now": s.Now().UTC()}, where: []string{`c.id = @case`}}
	q.visibleTo(p.Person)
	tag, err := s.pool.Exec(ctx, `
		insert into watches (person, case_id, since) select @person, c.id, @now from cases c where `+q.all()+`
		on conflict (person, case_id) do update set since = watches.since`, q.args)
	if err == nil && tag.RowsAffected() == 0 {
		return errNotFound
	}
	return edge(err)
}

// Unwatch takes it off again; what is not watched stays so.
func (s *Store) Unwatch(ctx context.Context, person proposal.PersonID, caseID string) error {
	id, err := parseID(caseID)
	if err != nil {
		return err
	}
	_, err = s.pool.Exec(ctx, `delete from watches where person = $1 and case_id = $2`, person, id)
	return edge(err)
}

// Watchers are those who watch the case and work here still, since longest first. They may have lost sight of it: whoever tells
// them of it asks Person.Sees.
func (s *Store) Watchers(ctx context.Context, caseID string) ([]Person, error) {
	id, err := parseID(caseID)
	if err != nil {
		return nil, err
	}
	return s.people(ctx, `join watches w on w.person = p.id and w.case_id = $2 where p.active order by w.since, p.login`, id)
}

// WatchedAmong says which of the cases the person watches.
func (s *Store) WatchedAmong(ctx context.Context, person proposal.PersonID, cases []string) (map[string]bool, error) {
	watched := map[string]bool{}
	rows, err := s.pool.Query(ctx, `select case_id::text from watches where person = $1 and case_id = any ($2::uuid[])`, person, notNil(cases))
	if err != nil {
		return nil, edge(err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	for _, id := range ids {
		watched[id] = true
	}
	return watched, edge(err)
}
