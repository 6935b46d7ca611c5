package store

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Owed counts the cases whose first reply was owed in the same way: what stands there on a day can be told for each day since.
type Owed struct {
	Assigned calendar.Date
	Due      []OwedBy      // the days on which it was to be answered, as they were moved; the first holds from the assignment on
	Left     calendar.Date // the day on which it was returned or withdrawn; zero if it was not
	On       calendar.Date // the day of the first reply; zero if there is none
	N        int
}

// OwedBy is a day for the reply, and the day on which it was set.
type OwedBy struct{ Since, Due calendar.Date }

// By is the day by which the reply was owed as it stood at the end of a day; zero if none was owed then.
func (o Owed) By(day calendar.Date) (due calendar.Date) {
	if o.Assigned.After(day) || !o.Left.IsZero() && !o.Left.After(day) {
		return due
	}
	for _, d := range o.Due {
		if !d.Since.After(day) {
			due = d.Due
		}
	}
	return due
}

// RepliedBy reports whether the reply was sent by the end of a day.
func (o Owed) RepliedBy(day calendar.Date) bool { return !o.On.IsZero() && !o.On.After(day) }

// OwedSince tells of the cases which some divisions lead, nil for all, that were assigned since a day. It reads the state of each: some seconds for
// a hundred thousand.
func (s *Store) OwedSince(ctx context.Context, divisions []proposal.DivisionID, since calendar.Date) ([]Owed, error) {
	rows, err := s.pool.Query(ctx, `
		select f.assigned_on, due.since, due.due, gone.day, f.answered_on, count(*)
		from case_facts f join cases c on c.id = f.case_id
		left join lateral ( -- what was returned or withdrawn has no clocks any more
			select `+dayOf+` as day, (
				select s.state from case_states s where s.case_id = e.case_id and s.event_no < e.no order by s.event_no desc limit 1) as before
			from events e where e.case_id = c.id and c.stage in ('returned', 'withdrawn') and e.to_stage = c.stage
			order by e.no limit 1) gone on true
		cross join lateral jsonb_path_query_first(coalesce(gone.before, c.state), '$.clocks[*] ? (@.kind == "reply")') clock
		cross join lateral (
			select array_agg(d.since order by d.n) as since, array_agg(d.due order by d.n) as due from (
				select 0 as n, f.assigned_on as since, (clock #>> '{span,end}')::date as due
				union all
				select n, (shift ->> 'on')::date, (shift ->> 'to')::date
				from jsonb_array_elements(clock -> 'shifts') with ordinality shifts (shift, n)) d) due
		where f.assigned_on >= $1 and `+led+` and clock is not null and ($2::text[] is null or f.division = any ($2))
		group by 1, 2, 3, 4, 5`, since, divisions)
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o Owed, err error) {
		var from, due []calendar.Date
		err = row.Scan(&o.Assigned, &from, &due, &o.Left, &o.On, &o.N)
		for i := range from {
			o.Due = append(o.Due, OwedBy{from[i], due[i]})
		}
		return o, err
	})
	return all, edge(err)
}
