package store

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// TaskCounts are the sizes of the boxes: tasks of Todo, cases of the others.
func (s *Store) TaskCounts(ctx context.Context, person proposal.PersonID) (map[Box]int, error) {
	var filters []TaskFilter
	for _, box := range Boxes {
		filters = append(filters, TaskFilter{Box: box})
	}
	sizes, err := s.CountTasks(ctx, person, filters)
	if err != nil {
		return nil, err
	}
	counts := map[Box]int{}
	for i, box := range Boxes {
		counts[box] = sizes[i]
	}
	return counts, nil
}

// CountTasks says how many rows each of the lists has, in one round trip.
func (s *Store) CountTasks(ctx context.Context, person proposal.PersonID, filters []TaskFilter) ([]int, error) {
	if len(filters) == 0 {
		return nil, nil
	}
	reader, args, err := s.desk(ctx, person, filters...)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(filters))
	var b pgx.Batch
	for i, f := range filters {
		q, err := s.taskQuery(reader, maps.Clone(args), f)
		if err != nil {
			return nil, err
		}
		b.Queue(`select count(*) from (`+q.sql+`) l`, q.args).QueryRow(func(row pgx.Row) error { return row.Scan(&counts[i]) })
	}
	return counts, edge(s.pool.SendBatch(ctx, &b).Close())
}

// CountCases says how many cases each of the lists has, and how many cases there are in all of them together, each once. The lists are of cases, and differ in
// box, division, step and condition only.
func (s *Store) CountCases(ctx context.Context, person proposal.PersonID, filters []TaskFilter) (counts []int, cases int, err error) {
	reader, args, err := s.desk(ctx, person, filters...)
	if err != nil {
		return nil, 0, err
	}
	var lists []string
	for i, f := range filters {
		q, err := s.taskQuery(reader, args, f)
		if err != nil {
			return nil, 0, err
		}
		lists = append(lists, fmt.Sprintf(`select %d as list, l.case_id from (%s) l`, i, q.sql))
	}
	rows, err := s.pool.Query(ctx, `
		with l as (`+strings.Join(lists, ` union all `)+`)
		select list, count(*), (select count(distinct case_id) from l) from l group by list`, args)
	if err != nil {
		return nil, 0, edge(err)
	}
	counts = make([]int, len(filters))
	var list, n int
	_, err = pgx.ForEachRow(rows, []any{&list, &n, &cases}, func() error {
		counts[list] = n
		return nil
	})
	return counts, cases, edge(err)
}

// TaskSummary is a list as its head and foot speak of it, whatever page is shown.
type TaskSummary struct {
	Total                int
	Overdue, Today, Week int      // of them, by the day they are due; the rest is due later or never
	Before               int      // how many stand before the page
	Starts               []string // After of the second page and of those that follow
}

// SummarizeTasks counts a list and says where its pages of size rows begin.
func (s *Store) SummarizeTasks(ctx context.Context, person proposal.PersonID, f TaskFilter, size int) (TaskSummary, error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return TaskSummary{}, err
	}
	beyond, err := q.beyond(f.After)
	if err != nil {
		return TaskSummary{}, err
	}
	q.args["week_end"], q.args["size"] = sundayOf(q.args["today"].(calendar.Date)), size
	var sum TaskSummary
	var b pgx.Batch
	b.Queue(`
		select count(*), count(*) filter (where l.due < @today::date), count(*) filter (where l.due = @today::date),
			count(*) filter (where l.due > @today::date and l.due <= @week_end::date), count(*) filter (where not (`+beyond+`))
		from (`+q.sql+`) l`, q.args).
		QueryRow(func(row pgx.Row) error { return row.Scan(&sum.Total, &sum.Overdue, &sum.Today, &sum.Week, &sum.Before) })
	b.Queue(fmt.Sprintf(`
		select %s, l.minor::text from (
			select l.*, row_number() over (%s) as n, count(*) over () as total from (%s) l) l
		where n %% @size::bigint = 0 and n < total order by n`, q.by.shown, q.inOrder(), q.sql), q.args).
		Query(func(rows pgx.Rows) (err error) {
			sum.Starts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
				var p place
				err := row.Scan(&p.major, &p.minor)
				return p.String(), err
			})
			return err
		})
	return sum, edge(s.pool.SendBatch(ctx, &b).Close())
}

// TaskYears are the years in which the cases of the bureau were assigned, newest first: what a list may be filtered by.
func (s *Store) TaskYears(ctx context.Context) ([]int, error) {
	var first, last *calendar.Date
	if err := s.pool.QueryRow(ctx, `select min(assigned_on), max(assigned_on) from cases`).Scan(&first, &last); err != nil {
		return nil, edge(err)
	}
	var years []int
	if first != nil && last != nil {
		for year := last.Year; year >= first.Year; year-- {
			years = append(years, year)
		}
	}
	return years, nil
}

// Topics are the categories of the cases, as they were written: what a list may be filtered by.
func (s *Store) Topics(ctx context.Context) ([]string, error) {
	rows, err := s.pool.Query(ctx, `
		with recursive topics (topic) as (
			(select described ->> 'category' from cases where described ->> 'category' > '' order by 1 limit 1)
			union all
			select (select described ->> 'category' from cases where described ->> 'category' > topic order by 1 limit 1) from topics where topic is not null)
		select topic from topics where topic is not null limit 200`) // from one to the next in the index: most cases repeat a topic
	if err != nil {
		return nil, edge(err)
	}
	topics, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return topics, edge(err)
}
