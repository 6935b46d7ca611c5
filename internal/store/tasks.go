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
	LeadDeputy   string
	CoSigners    []string
	Late         bool // 补录
	Stage        proposal.Stage
	Lead         proposal.DivisionID // "" before assignment
	LeadName     Name
	Handler      proposal.PersonID // "" before acceptance
	HandlerName  Name
	AssignedOn   calendar.Date
	ReplyDue     calendar.Date
	Due          calendar.Date      // of the earliest clock that still runs; zero if none does
	DueClock     proposal.ClockKind // which clock that is
	Rung         time.Time          // when that clock ran out and was recorded; zero if it has not
	LastAt       time.Time          // when a person last acted
	ReturnedFrom proposal.Stage     // set while the case waits for what was sent back
	Number       string             // 发文字号; "" before numbering
	Task         *Task              // what the case waits for; nil once closed
}

// Task is the one thing that an open case asks for.
type Task struct {
	ID          int64
	Stage       proposal.Stage
	Role        proposal.Role
	Division    proposal.DivisionID // whose people it is for; "" for the whole bureau
	Person      proposal.PersonID   // whose it is by name; "" if claimable
	ClaimedBy   proposal.PersonID   // "" if nobody has claimed it
	ClaimedName Name
	ClaimedAt   time.Time
	OpenedAt    time.Time
}

// Rules is the task as the rules see it.
func (t Task) Rules() proposal.Task {
	return proposal.Task{Stage: t.Stage, Role: t.Role, Division: t.Division, Person: t.Person}
}

// Name is what a person or a division is called in both languages of the screens; EN may be "".
type Name struct{ ZH, EN string }

// caseRow selects a CaseRow from cases c and its open task t.
const (
	caseRow = `
		c.id::text, c.body, c.level, c.term, c.session, c.intersession, c.number, c.subject, c.lead_deputy, c.co_signers, c.late, c.stage,
		coalesce(c.lead_division, ''), coalesce(v.name, ''), coalesce(v.name_en, ''),
		coalesce(c.handler::text, ''), coalesce(h.name, ''), coalesce(h.name_en, ''),
		c.assigned_on, c.reply_due, nullif(c.due, 'infinity'), coalesce(c.due_clock, ''), c.rung_at, c.last_at,
		coalesce(c.returned_from, ''), c.document_number,
		t.id, coalesce(t.stage, ''), coalesce(t.role, ''), coalesce(t.division, ''), coalesce(t.person::text, ''),
		coalesce(t.claimed_by::text, ''), coalesce(k.name, ''), coalesce(k.name_en, ''), t.claimed_at, t.opened_at `

	caseNames = `
		left join divisions v on v.code = c.lead_division
		left join people h on h.id = c.handler
		left join people k on k.id = t.claimed_by `

	fromCases = ` from cases c left join tasks t on t.case_id = c.id and t.closed_at is null ` + caseNames
)

func scanCaseRow(row pgx.CollectableRow) (CaseRow, error) { return scanCaseRowAnd(row) }

// scanCaseRowAnd scans what caseRow selects and what was selected after it.
func scanCaseRowAnd(row pgx.Row, more ...any) (c CaseRow, err error) {
	var taskID *int64
	var t Task
	err = row.Scan(append([]any{
		&c.CaseID, &c.Key.Body, &c.Key.Level, &c.Key.Term, &c.Key.Session, &c.Key.Intersession, &c.Key.Number, &c.Subject,
		&c.LeadDeputy, &c.CoSigners, &c.Late, &c.Stage, &c.Lead, &c.LeadName.ZH, &c.LeadName.EN,
		&c.Handler, &c.HandlerName.ZH, &c.HandlerName.EN,
		&c.AssignedOn, &c.ReplyDue, &c.Due, &c.DueClock,
		instant{&c.Rung},
		instant{&c.LastAt},
		&c.ReturnedFrom, &c.Number,
		&taskID, &t.Stage, &t.Role, &t.Division, &t.Person, &t.ClaimedBy, &t.ClaimedName.ZH, &t.ClaimedName.EN,
		instant{&t.ClaimedAt},
		instant{&t.OpenedAt},
	}, more...)...)
	if taskID != nil {
		t.ID = *taskID
		c.Task = &t
	}
	return c, err
}

// pools are the heaps of unclaimed tasks that a person may take from: proposal.Task.MayClaim as pairs of role and division
// ("" for the whole bureau) that an index can look up.
func pools(p proposal.Person) (roles []proposal.Role, divisions []proposal.DivisionID) {
	add := func(r proposal.Role, d proposal.DivisionID) {
		roles, divisions = append(roles, r), append(divisions, d)
	}
	for _, r := range slices.Compact(slices.Sorted(slices.Values(p.Roles))) {
		switch r {
		case proposal.DivisionHead, proposal.Handler:
			add(r, p.Division)
		case proposal.DeputyHead:
			for _, d := range slices.Compact(slices.Sorted(slices.Values(p.Field))) {
				add(r, d)
			}
		default:
			add(r, "")
		}
	}
	return roles, divisions
}

// desk is the person as the statements of the boxes want it.
func (s *Store) desk(ctx context.Context, person proposal.PersonID) (pgx.NamedArgs, error) {
	p, err := s.Person(ctx, person)
	if err != nil {
		return nil, err
	}
	roles, divisions := pools(p.Person)
	return pgx.NamedArgs{"person": p.ID, "roles": notNil(roles), "pools": notNil(divisions)}, nil
}

// The todo box is two kinds of index range, each read in order of due date: what is mine, and one per pool.
const todoPage = `
	with todo as (
		(select * from tasks where closed_at is null and assignee = @person and (due, id) > (@major::date, @minor::bigint)
		order by due, id limit @limit)
		union all
		select f.* from unnest(@roles::text[], @pools::text[]) q (role, pool) cross join lateral (
			select * from tasks
			where closed_at is null and assignee is null and role = q.role and pool = q.pool
				and (due, id) > (@major::date, @minor::bigint)
			order by due, id limit @limit) f
	)
	select ` + caseRow + ` from todo t join cases c on c.id = t.case_id ` + caseNames + `
	order by t.due, t.id limit @limit`

// waitsForMe says that the open task of a case is in the person's todo box.
const waitsForMe = `coalesce(t.assignee = @person or t.assignee is null
	and (t.role, t.pool) in (select * from unnest(@roles::text[], @pools::text[])), false)`

const actedPage = `
	select ` + caseRow + `, a.acted_at
	from case_actors a join cases c on c.id = a.case_id left join tasks t on t.case_id = c.id and t.closed_at is null ` + caseNames + `
	where a.person = @person and a.closed = @closed
		and (a.acted_at, a.case_id) < (@major::timestamptz, @minor::uuid) and not ` + waitsForMe + `
	order by a.acted_at desc, a.case_id desc limit @limit`

// Tasks returns a page of one of the person's boxes: Todo by due date, the others by the person's own last act, newest
// first.
func (s *Store) Tasks(ctx context.Context, person proposal.PersonID, f TaskFilter) (Page[CaseRow], error) {
	args, err := s.desk(ctx, person)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	limit := pageLimit(f.Limit)
	args["limit"] = limit + 1
	switch f.Box {
	case Todo:
		return s.todo(ctx, args, f.After, limit)
	case Active, Done:
		args["closed"] = f.Box == Done
		return s.acted(ctx, args, f.After, limit)
	}
	return Page[CaseRow]{}, invalid("box", proposal.UnknownValue)
}

func (s *Store) todo(ctx context.Context, args pgx.NamedArgs, after string, limit int) (Page[CaseRow], error) {
	from, err := parsePlace(after, firstByDue, isDate, isSerial)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	args["major"], args["minor"] = from.major, from.minor
	rows, err := s.pool.Query(ctx, todoPage, args)
	if err != nil {
		return Page[CaseRow]{}, edge(err)
	}
	items, err := pgx.CollectRows(rows, scanCaseRow)
	return paged(items, limit, func(c CaseRow) string {
		return place{dueOf(c.Due), fmt.Sprint(c.Task.ID)}.String()
	}), edge(err)
}

func (s *Store) acted(ctx context.Context, args pgx.NamedArgs, after string, limit int) (Page[CaseRow], error) {
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

// TaskCounts are the sizes of the boxes.
func (s *Store) TaskCounts(ctx context.Context, person proposal.PersonID) (map[Box]int, error) {
	args, err := s.desk(ctx, person)
	if err != nil {
		return nil, err
	}
	var todo, active, done int
	err = s.pool.QueryRow(ctx, `
		select
			(select count(*) from tasks where closed_at is null and assignee = @person)
			+ (select count(*) from unnest(@roles::text[], @pools::text[]) q (role, pool)
				join tasks t on t.role = q.role and t.pool = q.pool
				where t.closed_at is null and t.assignee is null),
			(select count(*) from case_actors a left join tasks t on t.case_id = a.case_id and t.closed_at is null
				where a.person = @person and not a.closed and not `+waitsForMe+`),
			(select count(*) from case_actors where person = @person and closed)`, args).
		Scan(&todo, &active, &done)
	if err != nil {
		return nil, edge(err)
	}
	return map[Box]int{Todo: todo, Active: active, Done: done}, nil
}
