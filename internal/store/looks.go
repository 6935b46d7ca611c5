package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// lookApart is how long a page must have lain unopened for the next look to be a new one: whoever comes back from a case is still
// looking.
const lookApart = 30 * time.Minute

// Look notes that a person looks over the bureau's cases now, and returns when they had looked before: what has changed since is what
// they must be told. It is zero if they never had.
func (s *Store) Look(ctx context.Context, person proposal.PersonID) (before time.Time, err error) {
	now := s.Now().UTC()
	err = s.pool.QueryRow(ctx, `
		insert into looks as l (person, at) values ($1, $2)
		on conflict (person) do update set before = case when l.at < $3 then l.at else l.before end, at = greatest(l.at, excluded.at)
		returning before`, person, now, now.Add(-lookApart)).Scan(instant{&before})
	return before, edge(err)
}

// LookedBefore is what Look returned last, for a page that refreshes itself: nobody looks at it anew.
func (s *Store) LookedBefore(ctx context.Context, person proposal.PersonID) (before time.Time, err error) {
	err = s.pool.QueryRow(ctx, `select before from looks where person = $1`, person).Scan(instant{&before})
	return before, edge(optional(err))
}
