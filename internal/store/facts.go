package store

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// What the statistics count of a case is written anew with everything that happens in it: the view reckoned_facts says what that is.
const (
	forgetFacts = `delete from case_facts where case_id = any ($1)`
	keepFacts   = `insert into case_facts select * from reckoned_facts where case_id = any ($1)`
)

// recountedAtOnce is how many cases wait for each other while their facts are counted anew.
const recountedAtOnce = 500

// RecountFacts writes anew what the statistics count of those cases for which it is not what the record says, while the system runs, and returns how
// many there were. progress may be nil; it hears how many are done. What was done stays if it is stopped.
func (s *Store) RecountFacts(ctx context.Context, progress func(done, of int)) (int, error) {
	rows, err := s.pool.Query(ctx, `
		select coalesce(f.case_id, n.case_id) from case_facts f full join reckoned_facts n on n.case_id = f.case_id
		where row(f.*) is distinct from row(n.*)`)
	if err != nil {
		return 0, edge(err)
	}
	wrong, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		return 0, edge(err)
	}
	for done := 0; done < len(wrong); {
		some := wrong[done:min(done+recountedAtOnce, len(wrong))]
		if err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
			// In the order in which bulk actions take them, and before their facts are read: who acts waits, and is not overwritten.
			for _, sql := range []string{`select from cases where id = any ($1) order by id for update`, forgetFacts, keepFacts} {
				if _, err := tx.Exec(ctx, sql, some); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return done, edge(err)
		}
		done += len(some)
		if progress != nil {
			progress(done, len(wrong))
		}
	}
	return len(wrong), nil
}
