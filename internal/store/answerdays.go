package store

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// AnswerDays counts the cases of a list by the day on which each was to be answered first and the day on which it was, zero if it is not.
type AnswerDays struct {
	Due, On calendar.Date
	N       int
}

// AnswerDays counts a list by these days, in their order.
func (s *Store) AnswerDays(ctx context.Context, person proposal.PersonID, f TaskFilter) ([]AnswerDays, error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		select c.answer_due, c.answered_on, count(*) from (`+q.sql+`) l join cases c on c.id = l.case_id
		group by 1, 2 order by 1, 2`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	days, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d AnswerDays, err error) {
		return d, row.Scan(&d.Due, &d.On, &d.N)
	})
	return days, edge(err)
}
