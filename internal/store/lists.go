package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// CaseFilter chooses a page of a list of cases. Empty fields do not filter.
type CaseFilter struct {
	Query    string              // part of the number, the title or the lead deputy's name
	Stages   []proposal.Stage    // any of them
	Division proposal.DivisionID // the lead division; NoDivision: none yet
	Handler  proposal.PersonID
	Holder   proposal.PersonID // whose open task it is, by name or by claim
	Open     bool              // open cases only, by due date; else every case, newest assignment first
	DueBy    calendar.Date     // open cases due on or before that day; needs Open
	After    string            // Page.Next of the page before
	Limit    int               // at most 500; 0: 100
}

// NoDivision stands in a filter for the cases that have no lead division yet. Codes are words, so it is nobody's.
const NoDivision proposal.DivisionID = "-"

// SearchCases lists the cases that the viewer may see.
func (s *Store) SearchCases(ctx context.Context, viewer proposal.Person, f CaseFilter) (Page[CaseRow], error) {
	q := &caseQuery{args: pgx.NamedArgs{}}
	q.filter(f, viewer)
	q.visibleTo(viewer)
	limit := pageLimit(f.Limit)
	next, err := q.page(f, limit)
	if err != nil {
		return Page[CaseRow]{}, err
	}
	rows, err := s.pool.Query(ctx, `select `+caseRow+fromCases+` where `+q.all()+q.order, q.args)
	if err != nil {
		return Page[CaseRow]{}, edge(err)
	}
	items, err := pgx.CollectRows(rows, caseRowFor(viewer))
	return paged(items, limit, next), edge(err)
}

// caseQuery is put together from the conditions that were asked for, so that each combination finds its index.
type caseQuery struct {
	where []string
	order string
	args  pgx.NamedArgs
	box   box // where the rows of a list of a box come from
}

func (q *caseQuery) and(condition, name string, arg any) {
	q.where = append(q.where, condition)
	q.args[name] = arg
}

// all are the conditions, which must hold together.
func (q *caseQuery) all() string {
	if len(q.where) == 0 {
		return "true"
	}
	return strings.Join(q.where, " and ")
}

func (q *caseQuery) filter(f CaseFilter, viewer proposal.Person) {
	q.text(f.Query, viewer)
	if len(f.Stages) > 0 {
		q.and(`c.stage = any(@stages)`, "stages", f.Stages)
	}
	q.leadBy(f.Division)
	if f.Handler != "" {
		q.and(`c.handler::text = @handler`, "handler", f.Handler)
	}
	if f.Holder != "" {
		q.heldBy(f.Holder)
	}
	if !f.DueBy.IsZero() {
		q.and(`c.due <= @due_by`, "due_by", f.DueBy)
	}
}

// heldBy finds the cases in which a person has an open task, by name or by claim.
func (q *caseQuery) heldBy(person proposal.PersonID) {
	q.and(`c.id in (select case_id from tasks where closed_at is null and assignee::text = @holder)`, "holder", person)
}

// leadBy finds the cases of a lead division.
func (q *caseQuery) leadBy(division proposal.DivisionID) {
	switch division {
	case "":
	case NoDivision:
		q.where = append(q.where, `c.lead_division is null`)
	default:
		q.and(`c.lead_division = @division`, "division", division)
	}
}

// visibleTo is proposal.Person.Sees as a condition.
func (q *caseQuery) visibleTo(p proposal.Person) {
	ways := q.seesAll(p)
	if slices.Contains(ways, "true") {
		return
	}
	if p.Has(proposal.Publisher) || p.Has(proposal.Assembly) {
		ways = append(ways, `c.stage = any(@answered) or c.round > 1 or c.state ? 'corrects'`)
		q.args["answered"] = answered()
	}
	if p.Has(proposal.Assembly) { // what it is asked to decide, and what it waits to be signed for
		ways = append(ways, `c.stage = 'return_decision' or c.strands && '{extension.endorsed,receipt.asked}'`)
	}
	q.where = append(q.where, anyOf(ways))
}

// answered are the stages from Answered on.
func answered() []proposal.Stage {
	return proposal.Stages[slices.Index(proposal.Stages, proposal.Answered):]
}

// seesAll is proposal.Person.SeesAll as conditions of which one must hold; "true" where it always does.
func (q *caseQuery) seesAll(p proposal.Person) (ways []string) {
	for _, r := range p.Roles {
		switch r {
		case proposal.Liaison, proposal.OfficeReviewer, proposal.LegalReviewer, proposal.OpennessReviewer, proposal.BureauHead, proposal.Supervisor:
			return []string{"true"}
		case proposal.LeaderInCharge:
			ways = append(ways, `c.lead_division is null or c.stage = 'return_review' or c.lead_division = any(`+q.arg(notNil(p.Field))+`::text[])`)
		case proposal.DivisionHead, proposal.Handler:
			if p.Division != "" {
				theirs := q.arg(p.Theirs()) + `::text[]`
				ways = append(ways, `c.lead_division = any(`+theirs+`) or c.co_handling && `+theirs)
			}
		case proposal.Auditor:
			ways = append(ways, `not c.open`)
		}
	}
	// A strand names whom it is for: an added reviewer, whoever keeps a commitment, a division whose opinion is asked.
	theirs := []string{"person." + string(p.ID)}
	if p.Division != "" {
		theirs = append(theirs, "division."+string(p.Division))
	}
	ways = append(ways, `c.strands && `+q.arg(theirs)+`::text[]`)
	for _, principal := range p.Covers {
		ways = append(ways, q.seesAll(principal.Person())...)
	}
	return ways
}

// seesName is proposal.Person.SeesName as a condition.
func (q *caseQuery) seesName(p proposal.Person) string {
	if p.Has(proposal.Liaison) || p.Has(proposal.BureauHead) {
		return "true"
	}
	id := q.arg(p.ID) + `::text`
	ways := []string{`not c.secrecy`, `c.handler::text = ` + id, id + ` = any(c.cleared)`}
	if p.Has(proposal.DivisionHead) && p.Division != "" {
		ways = append(ways, `c.lead_division = any(`+q.arg(p.Theirs())+`::text[])`)
	}
	if p.Has(proposal.LeaderInCharge) {
		ways = append(ways, `c.lead_division = any(`+q.arg(notNil(p.Field))+`::text[])`)
	}
	for _, principal := range p.Covers {
		ways = append(ways, q.seesName(principal.Person()))
	}
	return anyOf(ways)
}

func anyOf(ways []string) string {
	if len(ways) == 0 {
		return "false"
	}
	return "(" + strings.Join(ways, " or ") + ")"
}

// arg names a value.
func (q *caseQuery) arg(value any) string {
	name := fmt.Sprintf("v%d", len(q.args))
	q.args[name] = value
	return "@" + name
}

// page orders the list and says how it is read on.
func (q *caseQuery) page(f CaseFilter, limit int) (next func(CaseRow) string, err error) {
	first, order := firstByDate, ` order by c.assigned_on desc, c.id desc limit @limit`
	condition := `(c.assigned_on, c.id) < (@major::date, @minor::uuid)`
	next = func(c CaseRow) string { return place{c.AssignedOn.String(), c.CaseID}.String() }
	if f.Open {
		q.where = append(q.where, `c.open`)
		first, order = firstOpen, ` order by c.due, c.id limit @limit`
		condition = `(c.due, c.id) > (@major::date, @minor::uuid)`
		next = func(c CaseRow) string { return place{dueOf(c.Due), c.CaseID}.String() }
	}
	from, err := parsePlace(f.After, first, isDate, isUUID)
	if err != nil {
		return nil, err
	}
	q.and(condition, "major", from.major)
	q.args["minor"], q.args["limit"], q.order = from.minor, limit+1, order
	return next, nil
}

// Overview is what the supervisor sees: open cases counted by where they wait.
type Overview struct {
	Open    int // open cases
	Overdue int // of them, with a running clock past its day
	Near    int // of them, due from today to the near day
	Closed  int // closed in the year of today
	Cells   []OverviewCell
	Owes    []OwedOpinions // by division, in the order of the office
	Load    []PersonLoad   // most overdue first, then most open
}

// OverviewCell counts the open cases of one division in one stage.
type OverviewCell struct {
	Division proposal.DivisionID // "" before assignment
	Name     Name
	Stage    proposal.Stage
	Open     int
	Overdue  int
	Near     int
	Still    int // OnlyStill
	Awaiting int // a co-opinion is still owed
}

// OwedOpinions counts the open cases in which a division still owes its opinion to whoever leads.
type OwedOpinions struct {
	Division proposal.DivisionID
	Name     Name
	Open     int
	Late     int // of them, the opinion is late
}

// PersonLoad counts the cases in which a person holds an open task, by name or by claim: each once, by what is due first in it.
type PersonLoad struct {
	Person   proposal.PersonID
	Name     Name
	Division proposal.DivisionID
	Open     int
	Overdue  int
	Near     int
}

// Overview counts the open cases; near is the last day that counts as near. The cases behind a number come from SearchCases.
func (s *Store) Overview(ctx context.Context, today, near calendar.Date) (Overview, error) {
	var o Overview
	days, err := s.watch(ctx, today)
	if err != nil {
		return o, err
	}
	args := pgx.NamedArgs{"today": today, "asks": opinionAsks}
	days.into(args)
	args["near"] = near
	var b pgx.Batch
	b.Queue(`
		select coalesce(n.lead_division, ''), coalesce(v.name, ''), coalesce(v.name_en, ''), n.stage, n.open, n.overdue, n.near, n.still, n.awaiting
		from (
			select c.lead_division, c.stage, count(*) as open, count(*) filter (where c.due < @today) as overdue,
				count(*) filter (where c.due between @today and @near) as near, count(*) filter (where `+isStill+`) as still,
				count(*) filter (where exists (select from tasks o where o.case_id = c.id and o.closed_at is null and o.ask = any (@asks::text[]))) as awaiting
			from cases c where c.open group by c.lead_division, c.stage) n
		left join divisions v on v.code = n.lead_division
		order by v.sort nulls first, v.code, n.stage`, args).
		Query(func(rows pgx.Rows) (err error) {
			o.Cells, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c OverviewCell, err error) {
				return c, row.Scan(&c.Division, &c.Name.ZH, &c.Name.EN, &c.Stage, &c.Open, &c.Overdue, &c.Near, &c.Still, &c.Awaiting)
			})
			return err
		})
	b.Queue(`
		select v.code, v.name, v.name_en, count(*), count(*) filter (where n.due < @today)
		from (
			select o.division, min(o.due) as due from tasks o join cases c on c.id = o.case_id and c.open
			where o.closed_at is null and o.ask = any (@asks::text[]) group by o.division, o.case_id) n
		join divisions v on v.code = n.division group by v.code order by v.sort, v.code`, args).
		Query(func(rows pgx.Rows) (err error) {
			o.Owes, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (w OwedOpinions, err error) {
				return w, row.Scan(&w.Division, &w.Name.ZH, &w.Name.EN, &w.Open, &w.Late)
			})
			return err
		})
	b.Queue(`
		select p.id::text, p.name, p.name_en, coalesce(p.division, ''), n.open, n.overdue, n.near
		from (
			select assignee, count(*) as open, count(*) filter (where due < $1) as overdue,
				count(*) filter (where due between $1 and $2) as near
			from (
				select t.assignee, min(t.due) as due from tasks t join cases c on c.id = t.case_id and c.open
				where t.closed_at is null and t.assignee is not null group by t.assignee, t.case_id) held
			group by assignee) n
		join people p on p.id = n.assignee
		order by n.overdue desc, n.open desc, p.name collate zh, p.login`, today, near).
		Query(func(rows pgx.Rows) (err error) {
			o.Load, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l PersonLoad, err error) {
				return l, row.Scan(&l.Person, &l.Name.ZH, &l.Name.EN, &l.Division, &l.Open, &l.Overdue, &l.Near)
			})
			return err
		})
	b.Queue(`select count(*) from cases where stage = 'closed' and closed_on >= $1`, calendar.NewDate(today.Year, 1, 1)).
		QueryRow(func(row pgx.Row) error { return row.Scan(&o.Closed) })
	if err := s.pool.SendBatch(ctx, &b).Close(); err != nil {
		return Overview{}, edge(err)
	}
	for _, c := range o.Cells {
		o.Open, o.Overdue, o.Near = o.Open+c.Open, o.Overdue+c.Overdue, o.Near+c.Near
	}
	return o, nil
}
