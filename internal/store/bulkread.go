package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// BulkCase is a case as the rules must know it before a bulk begins.
type BulkCase struct {
	CaseRow
	State  proposal.State
	Claims map[proposal.TaskKey]proposal.PersonID
	Covers []proposal.Principal // whom the reader covers for in this case, or in every one
}

// BulkCases reads the cases that the reader may see, by id. What names no such case is left out.
func (s *Store) BulkCases(ctx context.Context, reader proposal.Person, ids []string) (map[string]BulkCase, error) {
	var known []string
	for _, id := range ids {
		if id, err := parseID(id); err == nil {
			known = append(known, id)
		}
	}
	rows, err := s.pool.Query(ctx, `
		select `+caseRow+`, c.state, (
			select `+coversOn+` from (select c.id as case_id, $2::date as today) q, people p where p.id = $3)
		from cases c `+caseNames+` where c.id = any($1::uuid[])`, known, calendar.DateOf(s.Now()), reader.ID)
	if err != nil {
		return nil, edge(err)
	}
	cases := map[string]BulkCase{}
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c BulkCase, err error) {
		if c.CaseRow, err = scanCaseRowAnd(row, &c.State, &c.Covers); err != nil {
			return c, err
		}
		reader = reader.Covering(c.Covers)
		c.Covers = reader.Covers
		if !reader.Sees(c.State) {
			return c, nil
		}
		c.showTo(reader)
		c.Claims = map[proposal.TaskKey]proposal.PersonID{}
		for _, t := range c.Tasks {
			if t.ClaimedBy != "" {
				c.Claims[t.Rules().Key()] = t.ClaimedBy
			}
		}
		cases[c.CaseID] = c
		return c, nil
	})
	return cases, edge(err)
}

// BulkView is a bulk as its maker sees it.
type BulkView struct {
	proposal.Bulk
	ToName    Name // of whom the cases go to, a person or a division
	Status    proposal.BulkStatus
	Version   int
	MadeAt    time.Time
	ChangedAt time.Time
	Counts    map[proposal.ItemStatus]int
}

// Total is how many items there are.
func (v BulkView) Total() int {
	n := 0
	for _, count := range v.Counts {
		n += count
	}
	return n
}

const selectBulk = `
	select b.id::text, b.kind, b.by::text, b.params, coalesce(p.name, d.name, ''), coalesce(p.name_en, d.name_en, ''), b.status, b.version, b.made_at, b.changed_at,
		(select json_object_agg(status, n) from (select status, count(*) as n from bulk_items where bulk = b.id group by status) counts)
	from bulks b left join people p on p.id = nullif(b.params ->> 'to', '')::uuid left join divisions d on d.code = b.params ->> 'lead' `

func scanBulk(row pgx.CollectableRow) (v BulkView, err error) {
	return v, row.Scan(&v.ID, &v.Kind, &v.By, &v.Params, &v.ToName.ZH, &v.ToName.EN, &v.Status, &v.Version, instant{&v.MadeAt},
		instant{&v.ChangedAt}, &v.Counts)
}

// Bulk reads a bulk for its maker; for everybody else it does not exist.
func (s *Store) Bulk(ctx context.Context, by proposal.PersonID, id string) (BulkView, error) {
	id, err := parseID(id)
	if err != nil {
		return BulkView{}, err
	}
	rows, err := s.pool.Query(ctx, selectBulk+`where b.id = $1 and b.by = $2`, id, by)
	if err != nil {
		return BulkView{}, edge(err)
	}
	v, err := pgx.CollectExactlyOneRow(rows, scanBulk)
	return v, edge(err)
}

// BulksOf are a person's bulks, newest first.
func (s *Store) BulksOf(ctx context.Context, by proposal.PersonID, limit int) ([]BulkView, error) {
	rows, err := s.pool.Query(ctx, selectBulk+`where b.by = $1 order by b.made_at desc limit $2`, by, pageLimit(limit))
	if err != nil {
		return nil, edge(err)
	}
	all, err := pgx.CollectRows(rows, scanBulk)
	return all, edge(err)
}

// BulkItemRow is one item with its case.
type BulkItemRow struct {
	CaseRow
	No      int
	Ask     proposal.Ask
	Status  proposal.ItemStatus
	Refusal *proposal.Refusal
	At      time.Time
	Prior   Name // whose it was
	Hidden  bool // the case is no longer for the reader's eyes: only its number may be shown
}

// BulkItems reads the items of a bulk after a number, in their order.
func (s *Store) BulkItems(ctx context.Context, reader proposal.Person, bulkID string, after, limit int) ([]BulkItemRow, error) {
	rows, err := s.pool.Query(ctx, `
		select `+caseRow+`, i.no, i.ask, i.status, i.refusal, i.at, coalesce(x.name, ''), coalesce(x.name_en, ''), c.state, (
			select `+coversOn+` from (select c.id as case_id, $4::date as today) q, people p where p.id = $5)
		from bulk_items i join cases c on c.id = i.case_id left join people x on x.id = i.prior `+caseNames+`
		where i.bulk = $1 and i.no > $2 order by i.no limit $3`, bulkID, after, pageLimit(limit), calendar.DateOf(s.Now()), reader.ID)
	if err != nil {
		return nil, edge(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (i BulkItemRow, err error) {
		var state proposal.State
		covers := []proposal.Principal{}
		i.CaseRow, err = scanCaseRowAnd(row, &i.No, &i.Ask, &i.Status, &i.Refusal, instant{&i.At}, &i.Prior.ZH, &i.Prior.EN, &state, &covers)
		reader = reader.Covering(covers)
		i.Hidden = !reader.Sees(state)
		i.showTo(reader)
		return i, err
	})
	return items, edge(err)
}

// HandlerLoad is how many open cases a handler has in hand: of them late, and of the others due within SoonDays.
type HandlerLoad struct{ Open, Late, Soon int }

// SoonDays is how many working days ahead a case counts as soon due, where work is shared out.
const SoonDays = 10

// Count adds a case that is due on the day, or takes one away with n -1; no day: no clock of it runs.
func (l *HandlerLoad) Count(n int, due, today, soon calendar.Date) {
	l.Open += n
	switch {
	case due.IsZero():
	case due.Before(today):
		l.Late += n
	case !due.After(soon):
		l.Soon += n
	}
}

// HandlerLoads are what each handler of the divisions has in hand; soon is the last day that counts as soon.
func (s *Store) HandlerLoads(ctx context.Context) (loads map[proposal.PersonID]HandlerLoad, soon calendar.Date, err error) {
	days, err := s.Calendar(ctx)
	if err != nil {
		return nil, soon, err
	}
	today := calendar.DateOf(s.Now())
	soon = days.AddWorkdays(today, SoonDays).End
	rows, err := s.pool.Query(ctx, `
		select handler::text, count(*), count(*) filter (where due < $1), count(*) filter (where due between $1 and $2)
		from cases where open and handler is not null group by handler`, today, soon)
	if err != nil {
		return nil, soon, edge(err)
	}
	loads = map[proposal.PersonID]HandlerLoad{}
	var who proposal.PersonID
	var l HandlerLoad
	_, err = pgx.ForEachRow(rows, []any{&who, &l.Open, &l.Late, &l.Soon}, func() error {
		loads[who] = l
		return nil
	})
	return loads, soon, edge(err)
}
