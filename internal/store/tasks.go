package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Box is one of the three lists on an officer's desk.
type Box string

const (
	Todo   Box = "todo"   // 待办: mine by name or claim, or free for me to claim
	Active Box = "active" // 在办: open, I acted on it, it now waits for others
	Done   Box = "done"   // 已办: closed, I acted on it
)

// Boxes lists every box in the order of the desk.
var Boxes = []Box{Todo, Active, Done}

// TaskFilter chooses a page of a box.
type TaskFilter struct {
	Box   Box
	After string // Page.Next of the page before; "" for the first
	Limit int    // at most 500; 0: 100
}

// CaseRow is a case as lists show it.
type CaseRow struct {
	CaseID       string
	Key          proposal.Key
	Subject      string // the title's core, without the formula that all titles share
	LeadDeputy   string // "" if Masked
	CoSigners    []string
	Secrecy      bool // the deputy asked for it
	Masked       bool // the reader may not know who the deputies are (R16)
	Late         bool // 补录
	Stage        proposal.Stage
	Round        int // from 1
	HandlingType proposal.HandlingType
	Lead         proposal.DivisionID // "" before assignment
	LeadName     Name
	Handler      proposal.PersonID // "" before acceptance
	HandlerName  Name
	AssignedOn   calendar.Date
	ReplyDue     calendar.Date      // zero: no reply is owed
	Due          calendar.Date      // of the earliest clock that still runs; zero if none does
	DueClock     proposal.ClockKind // which clock that is
	Rung         time.Time          // when that clock ran out and was recorded; zero if it has not
	LastAt       time.Time          // when a person last acted
	ReturnedFrom proposal.Stage     // set while the case waits for what was sent back
	Number       string             // 发文字号; "" before numbering
	Tasks        []Task             // everything that the case asks for, in the order it began to
	Task         *Task              // of these: the reader's own, or that of the stage, or the first; nil if there is none

	cleared   []proposal.PersonID // who may read the name in spite of secrecy
	proposers []string            // every name that must not be read if Masked
}

// Task is one thing that a case asks for.
type Task struct {
	ID          int64               `json:"id"`
	Ask         proposal.Ask        `json:"ask"`
	Ref         string              `json:"ref"` // of the strand
	Role        proposal.Role       `json:"role"`
	Division    proposal.DivisionID `json:"division"`   // whose people it is for; "" for the whole bureau
	Person      proposal.PersonID   `json:"person"`     // whose it is by name; "" if claimable
	ClaimedBy   proposal.PersonID   `json:"claimed_by"` // "" if nobody has claimed it
	ClaimedName Name                `json:"claimed_name"`
	ClaimedAt   time.Time           `json:"claimed_at"`
	OpenedAt    time.Time           `json:"opened_at"`
	Due         calendar.Date       `json:"due"` // zero if no clock runs
}

// Rules is the task as the rules see it.
func (t Task) Rules() proposal.Task {
	return proposal.Task{Ask: t.Ask, Ref: t.Ref, Role: t.Role, Division: t.Division, Person: t.Person}
}

// Holder is who has the task, by name or by claim; "" if nobody has.
func (t Task) Holder() proposal.PersonID {
	if t.Person != "" {
		return t.Person
	}
	return t.ClaimedBy
}

// Name is what a person or a division is called in both languages of the screens; EN may be "".
type Name struct{ ZH, EN string }

// caseRow selects a CaseRow from cases c. Its open tasks come as one value, read through the unique index on them: a row of the
// list is a row of the answer, however many they are.
const (
	caseRow = `
		c.id::text, c.body, c.level, c.term, c.session, c.intersession, c.number, c.subject, c.lead_deputy, c.co_signers, c.secrecy,
		c.cleared, c.late, c.stage, c.round, c.handling_type,
		coalesce(c.lead_division, ''), coalesce(v.name, ''), coalesce(v.name_en, ''),
		coalesce(c.handler::text, ''), coalesce(h.name, ''), coalesce(h.name_en, ''),
		c.assigned_on, c.reply_due, nullif(c.due, 'infinity'), coalesce(c.due_clock, ''), c.rung_at, c.last_at,
		coalesce(c.returned_from, ''), c.document_number,
		(select json_agg(json_build_object('id', o.id, 'ask', o.ask, 'ref', o.ref, 'role', o.role, 'division', coalesce(o.division, ''),
				'person', coalesce(o.person::text, ''), 'claimed_by', coalesce(o.claimed_by::text, ''),
				'claimed_name', json_build_object('ZH', coalesce(k.name, ''), 'EN', coalesce(k.name_en, '')),
				'claimed_at', o.claimed_at, 'opened_at', o.opened_at, 'due', coalesce(nullif(o.due, 'infinity')::text, '')) order by o.id)
			from tasks o left join people k on k.id = o.claimed_by where o.case_id = c.id and o.closed_at is null) `

	caseNames = `
		left join divisions v on v.code = c.lead_division
		left join people h on h.id = c.handler `

	fromCases = ` from cases c ` + caseNames
)

// caseRowFor scans rows for a reader: what they may not know is masked, and Task is theirs if one is.
func caseRowFor(reader proposal.Person) func(pgx.CollectableRow) (CaseRow, error) {
	return func(row pgx.CollectableRow) (CaseRow, error) {
		c, err := scanCaseRowAnd(row)
		c.showTo(reader)
		return c, err
	}
}

// scanCaseRowAnd scans what caseRow selects and what was selected after it.
func scanCaseRowAnd(row pgx.Row, more ...any) (c CaseRow, err error) {
	err = row.Scan(append([]any{
		&c.CaseID, &c.Key.Body, &c.Key.Level, &c.Key.Term, &c.Key.Session, &c.Key.Intersession, &c.Key.Number, &c.Subject,
		&c.LeadDeputy, &c.CoSigners, &c.Secrecy, &c.cleared, &c.Late, &c.Stage, &c.Round, &c.HandlingType,
		&c.Lead, &c.LeadName.ZH, &c.LeadName.EN, &c.Handler, &c.HandlerName.ZH, &c.HandlerName.EN,
		&c.AssignedOn, &c.ReplyDue, &c.Due, &c.DueClock,
		instant{&c.Rung},
		instant{&c.LastAt},
		&c.ReturnedFrom, &c.Number, &c.Tasks,
	}, more...)...)
	for i := range c.Tasks {
		t := &c.Tasks[i]
		t.ClaimedAt, t.OpenedAt = t.ClaimedAt.UTC(), t.OpenedAt.UTC()
	}
	c.Task = c.mainTask()
	return c, err
}

// mainTask is the task of the stage, or else the first.
func (c *CaseRow) mainTask() *Task {
	if len(c.Tasks) == 0 {
		return nil
	}
	i := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Ask == proposal.AskOf(c.Stage) })
	return &c.Tasks[max(i, 0)]
}

// showTo masks what the reader may not know, and points at their own task.
func (c *CaseRow) showTo(reader proposal.Person) {
	seen := proposal.State{Secrecy: c.Secrecy, Handler: c.Handler, Lead: c.Lead, Cleared: c.cleared}
	if !reader.SeesName(seen) {
		if !c.Masked {
			c.proposers = append([]string{c.LeadDeputy}, c.CoSigners...)
		}
		c.Masked, c.LeadDeputy, c.CoSigners = true, "", nil
	}
	if c.Task != nil && c.Task.Holder() == reader.ID {
		return
	}
	if i := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Holder() == reader.ID }); i >= 0 {
		c.Task = &c.Tasks[i]
	}
}

// pools are the heaps of unclaimed tasks that a person may take from, for themselves or for whom they cover: mayClaim as pairs
// of role and division ("" for the whole bureau) that an index can look up.
func pools(p proposal.Person) (roles []proposal.Role, divisions []proposal.DivisionID) {
	add := func(r proposal.Role, d proposal.DivisionID) {
		for i := range roles {
			if roles[i] == r && divisions[i] == d {
				return
			}
		}
		roles, divisions = append(roles, r), append(divisions, d)
	}
	for _, r := range p.Roles {
		switch r {
		case proposal.DivisionHead, proposal.Handler:
			add(r, p.Division)
		case proposal.DeputyHead:
			add(r, "") // before a division leads, whoever of them comes first
			for _, d := range p.Field {
				add(r, d)
			}
		default:
			add(r, "")
		}
	}
	for _, principal := range p.Covers {
		theirs, in := pools(principal.Person())
		for i := range theirs {
			add(theirs[i], in[i])
		}
	}
	return roles, divisions
}

// desk is the person as the statements of the boxes want it: with those whom they cover for.
func (s *Store) desk(ctx context.Context, person proposal.PersonID) (proposal.Person, pgx.NamedArgs, error) {
	p, err := s.Person(ctx, person)
	if err != nil {
		return proposal.Person{}, nil, err
	}
	roles, divisions := pools(p.Person)
	hands := []proposal.PersonID{p.ID}
	for _, principal := range p.Covers {
		hands = append(hands, principal.ID)
	}
	return p.Person, pgx.NamedArgs{
		"person": p.ID, "hands": hands, "roles": notNil(roles), "pools": notNil(divisions),
		"today": calendar.DateOf(s.Now()),
	}, nil
}

// The todo box lists tasks, each with its case: a case that asks a person for two things stands there twice. It is made of two
// kinds of index range, each read in order of due date: what is mine or theirs for whom I cover, one per person, and what is
// free, one per pool. What such a range gives is no more than a page. To them come the tasks of single cases that I cover for.
const todoPage = `
	with todo as (
		select m.* from unnest(@hands::uuid[]) q (hand) cross join lateral (
			select id, case_id, due from tasks
			where closed_at is null and assignee = q.hand and (due, id) > (@major::date, @minor::bigint)
			order by due, id limit @limit) m
		union all
		select f.* from unnest(@roles::text[], @pools::text[]) q (role, pool) cross join lateral (
			select id, case_id, due from tasks
			where closed_at is null and assignee is null and role = q.role and pool = q.pool
				and (due, id) > (@major::date, @minor::bigint)
			order by due, id limit @limit) f
		union
		select id, case_id, due from (` + coveredHere + `) here where (due, id) > (@major::date, @minor::bigint)
	)
	select ` + caseRow + `, t.id from todo t join cases c on c.id = t.case_id ` + caseNames + `
	order by t.due, t.id limit @limit`

// coveredHere are the open tasks of those whom the person covers for in one case alone, theirs by name or theirs to take
// (Task.MayClaim). They are few: each proxy names its case.
const coveredHere = `
	select t.id, t.case_id, t.due
	from proxies x join people m on m.id = x.principal and m.active join tasks t on t.case_id = x.case_id and t.closed_at is null
	where x.proxy = @person and x.revoked_at is null and @today::date between x.from_date and x.to_date
		and (t.assignee = m.id or t.assignee is null and t.role = any (m.roles) and case
			when t.role = 'deputy_head' then t.pool = '' or t.pool = any (m.field)
			when t.role in ('division_head', 'handler') then t.pool = coalesce(m.division, '')
			else true end)`

// waitsForMe says that an open task of case a.case_id is in the person's todo box.
const waitsForMe = `exists (
	select from tasks t where t.case_id = a.case_id and t.closed_at is null and (t.assignee = any (@hands::uuid[]) or t.assignee is null
		and (t.role, t.pool) in (select * from unnest(@roles::text[], @pools::text[]))))
	or exists (select from (` + coveredHere + `) here where here.case_id = a.case_id)`

const actedPage = `
	select ` + caseRow + `, a.acted_at
	from case_actors a join cases c on c.id = a.case_id ` + caseNames + `
	where a.person = @person and a.closed = @closed
		and (a.acted_at, a.case_id) < (@major::timestamptz, @minor::uuid) and not (` + waitsForMe + `)
	order by a.acted_at desc, a.case_id desc limit @limit`

// Tasks returns a page of one of the person's boxes: Todo, a row a task, by due date; the others, a row a case, by the person's
// own last act, newest first.
func (s *Store) Tasks(ctx context.Context, person proposal.PersonID, f TaskFilter) (Page[CaseRow], error) {
	reader, args, err := s.desk(ctx, person)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	limit := pageLimit(f.Limit)
	args["limit"] = limit + 1
	switch f.Box {
	case Todo:
		return s.todo(ctx, reader, args, f.After, limit)
	case Active, Done:
		args["closed"] = f.Box == Done
		return s.acted(ctx, reader, args, f.After, limit)
	}
	return Page[CaseRow]{}, invalid("box", proposal.UnknownValue)
}

func (s *Store) todo(ctx context.Context, reader proposal.Person, args pgx.NamedArgs, after string, limit int) (Page[CaseRow], error) {
	from, err := parsePlace(after, firstByDue, isDate, isSerial)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	args["major"], args["minor"] = from.major, from.minor
	rows, err := s.pool.Query(ctx, todoPage, args)
	if err != nil {
		return Page[CaseRow]{}, edge(err)
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (CaseRow, error) {
		var id int64
		c, err := scanCaseRowAnd(row, &id)
		c.showTo(reader)
		if i := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.ID == id }); i >= 0 {
			c.Task = &c.Tasks[i]
		}
		return c, err
	})
	return paged(items, limit, func(c CaseRow) string {
		return place{dueOf(c.Task.Due), fmt.Sprint(c.Task.ID)}.String()
	}), edge(err)
}

func (s *Store) acted(ctx context.Context, reader proposal.Person, args pgx.NamedArgs, after string, limit int) (Page[CaseRow], error) {
	from, err := parsePlace(after, firstByDate, isInstant, isUUID)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	args["major"], args["minor"] = from.major, from.minor
	rows, err := s.pool.Query(ctx, actedPage, args)
	if err != nil {
		return Page[CaseRow]{}, edge(err)
	}
	type actedRow struct {
		CaseRow
		actedAt time.Time
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (a actedRow, err error) {
		a.CaseRow, err = scanCaseRowAnd(row, instant{&a.actedAt})
		a.showTo(reader)
		return a, err
	})
	page := paged(items, limit, func(a actedRow) string {
		return place{a.actedAt.Format(time.RFC3339Nano), a.CaseID}.String()
	})
	plain := Page[CaseRow]{Next: page.Next}
	for _, a := range page.Items {
		plain.Items = append(plain.Items, a.CaseRow)
	}
	return plain, edge(err)
}

// TaskCounts are the sizes of the boxes: tasks of Todo, cases of the others.
func (s *Store) TaskCounts(ctx context.Context, person proposal.PersonID) (map[Box]int, error) {
	_, args, err := s.desk(ctx, person)
	if err != nil {
		return nil, err
	}
	var todo, active, done int
	err = s.pool.QueryRow(ctx, `
		select
			(select count(*) from (
				select id from tasks where closed_at is null and assignee = any (@hands::uuid[])
				union all
				select t.id from unnest(@roles::text[], @pools::text[]) q (role, pool) join tasks t on t.role = q.role and t.pool = q.pool
				where t.closed_at is null and t.assignee is null
				union
				select id from (`+coveredHere+`) here) todo),
			(select count(*) from case_actors a where a.person = @person and not a.closed and not (`+waitsForMe+`)),
			(select count(*) from case_actors a where a.person = @person and a.closed and not (`+waitsForMe+`))`, args).
		Scan(&todo, &active, &done)
	if err != nil {
		return nil, edge(err)
	}
	return map[Box]int{Todo: todo, Active: active, Done: done}, nil
}
