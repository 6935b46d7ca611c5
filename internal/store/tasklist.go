package store

import (
	"context"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// desk is the person as the statements of the boxes want it: with those whom they cover for, and the days that the filters count by.
func (s *Store) desk(ctx context.Context, person proposal.PersonID, filters ...TaskFilter) (proposal.Person, pgx.NamedArgs, error) {
	p, err := s.Person(ctx, person)
	if err != nil {
		return proposal.Person{}, nil, err
	}
	args := s.deskArgs(p.Person)
	if slices.ContainsFunc(filters, TaskFilter.byWatch) {
		days, err := s.watch(ctx, args["today"].(calendar.Date))
		if err != nil {
			return proposal.Person{}, nil, err
		}
		days.into(args)
	}
	if slices.ContainsFunc(filters, func(f TaskFilter) bool { return f.Only == OnlyStuck }) {
		if args["stuck"], err = s.StuckCases(ctx); err != nil {
			return proposal.Person{}, nil, err
		}
	}
	return p.Person, args, nil
}

func (s *Store) deskArgs(p proposal.Person) pgx.NamedArgs {
	roles, divisions := pools(p)
	hands := []proposal.PersonID{p.ID}
	for _, principal := range p.Covers {
		hands = append(hands, principal.ID)
	}
	return pgx.NamedArgs{
		"person": p.ID, "hands": hands, "roles": notNil(roles), "pools": notNil(divisions),
		"takes": notNil(p.TakesOver()), "today": calendar.DateOf(s.Now()),
	}
}

// coveredHere are the open tasks of those whom the person covers for in one case alone, theirs by name or theirs to take
// (Task.MayClaim). They are few: each proxy names its case.
const coveredHere = `
	select t.id
	from proxies x join people m on m.id = x.principal join tasks t on t.case_id = x.case_id and t.closed_at is null
	where x.proxy = @person and x.confirmed_at is not null and x.revoked_at is null and @today::date between x.from_date and x.to_date
		and m.roles && @takes::text[] and (m.roles <@ '{assembly,deputy}') = (select p.roles <@ '{assembly,deputy}' from people p where p.id = @person)
		and (t.assignee = m.id or t.assignee is null and t.role = any (m.roles) and t.role = any (@takes::text[]) and case
			when t.role = 'leader_in_charge' then t.pool = '' or t.pool = any (m.field)
			when t.role in ('division_head', 'handler') then t.pool = coalesce(m.division, '')
			else true end)`

// standsAlone says that task t is a row of its own. An urge is about what its reader has to do anyway: it is said in the row of the
// stage, if the stage waits for somebody.
const standsAlone = `(t.ask <> 'urge' or not exists (
	select from tasks m where m.case_id = t.case_id and m.ref = '' and m.closed_at is null))`

// waitsForMe says that an open task of case a.case_id is in the person's todo box.
const waitsForMe = `exists (
	select from tasks t where t.case_id = a.case_id and t.closed_at is null and (t.assignee = any (@hands::uuid[]) or t.assignee is null
		and (t.role, t.pool) in (select * from unnest(@roles::text[], @pools::text[]))) and ` + standsAlone + `)
	or exists (select from tasks t where t.case_id = a.case_id and t.id in (` + coveredHere + `))`

// box is where the rows of a box come from, each with its case c. since is when the person acted last, or began to watch.
type box struct{ from, where, task, due, since string }

// The todo box lists tasks, each with its case, so that a case that asks a person for two pieces of work stands there twice; the others
// list cases.
var boxes = map[Box]box{
	// What is mine or theirs for whom I cover, one index range per person; what is free, one per pool; what I cover for in single cases.
	Todo: {`tasks t join cases c on c.id = t.case_id`, `t.id in (
			select id from tasks where closed_at is null and assignee = any (@hands::uuid[])
			union all
			select f.id from unnest(@roles::text[], @pools::text[]) q (role, pool) join tasks f on f.role = q.role and f.pool = q.pool
			where f.closed_at is null and f.assignee is null
			union all ` + coveredHere + `) and ` + standsAlone, `t.id`, `t.due`, `null::timestamptz`},
	Active:  {actedOn, actedByMe + ` and not a.closed`, noTask, `c.due`, `a.acted_at`},
	Done:    {actedOn, actedByMe + ` and a.closed`, noTask, `c.due`, `a.acted_at`},
	Watched: {`watches w join cases c on c.id = w.case_id`, `w.person = @person`, noTask, `c.due`, `w.since`},
	Bureau:  {`cases c`, `c.open`, noTask, `c.due`, `null::timestamptz`},
	Every:   {`cases c`, ``, noTask, `c.due`, `null::timestamptz`},
	Whole:   {`cases c`, `not c.finished`, noTask, `c.due`, `null::timestamptz`},
}

const (
	noTask    = `0::bigint`
	actedOn   = `case_actors a join cases c on c.id = a.case_id`
	actedByMe = `a.person = @person and not (` + waitsForMe + `)`
)

// ordering is one order of a list. Rows that are equal in it follow their ids, so that no two are equal.
type ordering struct {
	major   string // what is sorted by; "": it is of the box
	cast    string // its type
	shown   string // how Page.Next writes it, of l.major
	down    bool
	readsAs func(string) bool
	first   string // before every value
}

var orderings = map[Sort]ordering{
	ByDue:      {``, `date`, `l.major::text`, false, isDate, "-infinity"},
	ByAssigned: {`c.assigned_on`, `date`, `l.major::text`, true, isDate, "infinity"},
	ByTouched:  {`c.last_at`, `timestamptz`, instantText, true, isInstant, "infinity"},
	ByMine:     {``, `timestamptz`, instantText, true, isInstant, "infinity"},
	// 27 comes before 0392, 台9 before 台40, and what was handed in between two sessions after all of them.
	ByNumber: {
		`(c.intersession::int || ' ' || c.number) collate zh`,
		`text collate zh`, `l.major`, false, func(string) bool { return true }, "",
	},
}

const instantText = `to_char(l.major at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

// taskQuery is the rows of a filter: l with case_id, task, due, major and minor.
type taskQuery struct {
	caseQuery
	reader proposal.Person
	sql    string
	by     ordering
	minor  string // the type of the ids
}

// list is the rows of a filter as the person sees them.
func (s *Store) list(ctx context.Context, person proposal.PersonID, f TaskFilter) (*taskQuery, error) {
	reader, args, err := s.desk(ctx, person, f)
	if err != nil {
		return nil, err
	}
	return s.taskQuery(reader, args, f)
}

func (s *Store) taskQuery(reader proposal.Person, args pgx.NamedArgs, f TaskFilter) (*taskQuery, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	q := &taskQuery{caseQuery: caseQuery{args: args, box: boxes[f.Box]}, reader: reader, by: orderings[f.order()]}
	if q.box.where != "" {
		q.where = append(q.where, q.box.where)
	}
	if f.Box != Todo { // what is theirs to do they see; what they did or watched may have left their eyes
		q.visibleTo(reader)
	}
	q.narrow(f, reader, args["today"].(calendar.Date))
	if f.Rate != "" {
		s.rateCases(&q.caseQuery, f.Rate)
	}
	major, id := q.by.major, `c.id`
	switch f.order() {
	case ByDue:
		major = q.box.due
	case ByMine:
		major = q.box.since
	}
	q.minor = "uuid"
	if f.Box == Todo {
		id, q.minor = q.box.task, "bigint"
	}
	q.sql = `select c.id as case_id, ` + q.box.task + ` as task, ` + q.box.due + ` as due, ` + major + ` as major, ` + id + ` as minor from ` + q.box.from + ` where ` + q.all()
	return q, nil
}

// inOrder sorts rows named l.
func (q *taskQuery) inOrder() string {
	if q.by.down {
		return ` order by l.major desc, l.minor desc`
	}
	return ` order by l.major, l.minor`
}

// beyond says that a row l comes after a place.
func (q *taskQuery) beyond(after string) (condition string, err error) {
	minors, first, than := isUUID, firstOpen.minor, `>`
	if q.minor == "bigint" {
		minors, first = isSerial, firstByDue.minor
	}
	if q.by.down {
		than = `<`
		first = firstByDate.minor
		if q.minor == "bigint" {
			first = strconv.FormatInt(1<<62, 10)
		}
	}
	from, err := parsePlace(after, place{q.by.first, first}, q.by.readsAs, minors)
	if err != nil {
		return "", err
	}
	return `(l.major, l.minor) ` + than + ` (` + q.arg(from.major) + `::` + q.by.cast + `, ` + q.arg(from.minor) + `::` + q.minor + `)`, nil
}

// Tasks returns a page of one of the person's boxes. A query must be found, word by word, in number, title, document number, the names
// of deputies or those of whoever handles the case or has it now. Task of a row is what it is about, with the day by which it is due here.
func (s *Store) Tasks(ctx context.Context, person proposal.PersonID, f TaskFilter) (Page[CaseRow], error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	beyond, err := q.beyond(f.After)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	limit := pageLimit(f.Limit)
	q.args["limit"] = limit + 1
	rows, err := s.pool.Query(ctx, `
		with l as (select * from (`+q.sql+`) l where `+beyond+q.inOrder()+` limit @limit)
		select `+caseRow+`, l.task, nullif(l.due, 'infinity'), `+q.by.shown+`, l.minor::text from l join cases c on c.id = l.case_id `+caseNames+q.inOrder(), q.args)
	if err != nil {
		return Page[CaseRow]{}, edge(err)
	}
	type placed struct {
		CaseRow
		place
	}
	items, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p placed, err error) {
		var task int64
		var due calendar.Date
		p.CaseRow, err = scanCaseRowAnd(row, &task, &due, &p.major, &p.minor)
		p.showTo(q.reader)
		p.RowDue = due
		if i := slices.IndexFunc(p.Tasks, func(t Task) bool { return t.ID == task }); i >= 0 {
			p.Task = &p.Tasks[i]
		}
		return p, err
	})
	page := paged(items, limit, func(p placed) string { return p.place.String() })
	plain := Page[CaseRow]{Next: page.Next}
	for _, p := range page.Items {
		plain.Items = append(plain.Items, p.CaseRow)
	}
	return plain, edge(err)
}

// TaskKeysMatching are the rows of a whole list, however many pages it has, at most max: for what is done to all of them.
func (s *Store) TaskKeysMatching(ctx context.Context, person proposal.PersonID, f TaskFilter, max int) ([]CaseTask, error) {
	q, err := s.list(ctx, person, f)
	if err != nil {
		return nil, err
	}
	q.args["limit"] = max
	rows, err := s.pool.Query(ctx, `
		select l.case_id::text, coalesce(t.ask, ''), coalesce(t.ref, '') from (`+q.sql+`) l left join tasks t on t.id = l.task `+q.inOrder()+` limit @limit`, q.args)
	if err != nil {
		return nil, edge(err)
	}
	keys, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k CaseTask, err error) {
		return k, row.Scan(&k.CaseID, &k.Ask, &k.Ref)
	})
	return keys, edge(err)
}

// CaseTask names a task among those of every case; without an ask it names the case.
type CaseTask struct {
	CaseID string
	proposal.TaskKey
}
