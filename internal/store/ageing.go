package store

import (
	"context"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// AgedCase is a case, where it stands, and the day in Shanghai on which it came there last.
type AgedCase struct {
	CaseID  string
	Key     assembly.RegisterKey
	Step    proposal.Step
	Arrived calendar.Date
}

// Stay counts the cases of a division that were at a station from a day to a day. One that was sent back there was there twice.
type Stay struct {
	Division       proposal.DivisionID // that leads now; "" for none
	Step           proposal.Step
	Arrived, Moved calendar.Date
	N              int
}

// moves says that event e took its case from one station to another; dayOf is the day of event e, the official one where one was recorded later.
const moves = `station_of(e.from_stage) <> station_of(e.to_stage)`

const dayOf = `coalesce(e.on_date, (e.at at time zone 'Asia/Shanghai')::date)`

// arrived is the day on which case c, if it is open, came to the station at which it stands.
const arrived = `(select f.arrived_on from case_facts f where f.case_id = c.id)`

// Ages tells of every open case of a list where it stands and since when, those first that have been there longest.
func (s *Store) Ages(ctx context.Context, person proposal.PersonID, f TaskFilter) ([]AgedCase, error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `
		select c.id::text, c.body, c.level, c.term, c.session, c.intersession, c.number, c.stage, f.arrived_on
		from (`+q.sql+`) l join cases c on c.id = l.case_id join case_facts f on f.case_id = c.id where c.open order by f.arrived_on, c.intersession, c.number, c.id`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	cases, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a AgedCase, err error) {
		var stage proposal.Stage
		k := &a.Key
		err = row.Scan(&a.CaseID, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &stage, &a.Arrived)
		a.Step = stage.Step()
		return a, err
	})
	return cases, edge(err)
}

// Stays counts how long cases were at each station before they moved on in the period, as the events tell. It reads every event since then: some
// seconds for a million.
func (s *Store) Stays(ctx context.Context, p Period) ([]Stay, error) {
	rows, err := s.pool.Query(ctx, `
		with moved as (
			select e.case_id, e.no, station_of(e.from_stage) as step, `+dayOf+` as day, lag(`+dayOf+`) over (partition by e.case_id order by e.no) as arrived
			from events e where e.kind = any ($1::text[]) and e.at >= $2 and `+moves+`)
		select coalesce(c.lead_division, ''), m.step, a.day, m.day, count(*) from moved m join cases c on c.id = m.case_id
		cross join lateral (select coalesce(m.arrived, ( -- before what is read here
			select `+dayOf+` from events e where e.case_id = m.case_id and e.no < m.no and `+moves+` order by e.no desc limit 1)) as day) a
		where m.day between $3 and $4 and a.day is not null
		group by 1, 2, 3, 4`, proposal.Kinds(), p.From.Start(), p.From, p.To)
	if err != nil {
		return nil, edge(err)
	}
	stays, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (y Stay, err error) {
		return y, row.Scan(&y.Division, &y.Step, &y.Arrived, &y.Moved, &y.N)
	})
	return stays, edge(err)
}
