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

// AnswerDays counts the cases of a figure by these days, in their order: of all of the bureau that a filter chooses, in whatever box.
func (s *Store) AnswerDays(ctx context.Context, person proposal.PersonID, f TaskFilter, r Rate, p Period) ([]AnswerDays, error) {
	f.Box = Every
	q, err := s.list(ctx, person, f)
	if err != nil {
		return nil, err
	}
	s.period(&q.caseQuery, p)
	k := q.rate(r)
	from, where := q.amongFacts(k.by.in + ` and ` + k.of)
	rows, err := s.pool.Query(ctx, `select f.owed_by, f.answered_on, count(*) from `+from+` where `+where+` group by 1, 2 order by 1, 2`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	days, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d AnswerDays, err error) {
		return d, row.Scan(&d.Due, &d.On, &d.N)
	})
	return days, edge(err)
}
