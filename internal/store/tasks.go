package store

import (
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Box is one of the lists on an officer's desk.
type Box string

const (
	Todo    Box = "todo"    // 待办: mine by name or claim, or free for me to claim
	Active  Box = "active"  // 在办: open, I acted on it, it now waits for others
	Done    Box = "done"    // 已办: closed, I acted on it
	Watched Box = "watched" // 关注: what I watch and may see
	Bureau  Box = "bureau"  // 在办案件: every open case that I may see, whoever has it
	Every   Box = "every"   // 全部案件: the same with those that ended
	Whole   Box = "whole"   // every case that I may see and that still asks for something, whoever has it: for saved views
)

// Boxes lists the boxes of the desk in their order. The bureau's cases have a page of their own.
var Boxes = []Box{Todo, Active, Done, Watched}

// bureaus are the boxes of cases that are nobody's in particular.
var bureaus = []Box{Bureau, Every, Whole}

// CaseRow is a case as lists show it.
type CaseRow struct {
	CaseID       string
	Key          assembly.RegisterKey
	Title        string // as assigned
	Subject      string // the title's core, without the formula that all titles share
	LeadDeputy   string // "" if Masked
	CoSigners    []string
	Secrecy      bool // the deputy asked for it
	Masked       bool // the reader may not know who the deputies are (R16)
	Late         bool // 补录
	Stage        proposal.Stage
	Round        int // from 1
	HandlingType proposal.HandlingType
	Supervised   bool                // 重点督办
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
	RowDue       calendar.Date      // of a row of the desk: when it is to be done there; zero if no clock runs
	Task         *Task              // of these: the reader's own, or that of the stage, or the first; nil if there is none

	cleared   []proposal.PersonID // who may read the name in spite of secrecy
	formerly  []string            // formerNames
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
	Due         calendar.Date       `json:"due"`          // zero if no clock runs
	CallBackAt  time.Time           `json:"call_back_at"` // when the deputy is to be called again; zero if no call is promised
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

// formerNames are those that the register once had for the deputies of case c, if theirs are kept: a name that was corrected may
// still say who it is, and stands in what was written before.
const formerNames = `case when c.secrecy then array(
	select unnest(string_to_array(m.was, E'\n')) from amendments m where m.case_id = c.id and m.fact in ('lead_deputy', 'co_signers'))
	else '{}' end`

// caseRow selects a CaseRow from cases c. Its open tasks come as one value, read through the unique index on them: a row of the
// list is a row of the answer, however many they are.
const (
	caseRow = `
		c.id::text, c.body, c.level, c.term, c.session, c.intersession, c.number, c.title, c.subject, c.lead_deputy, c.co_signers, c.secrecy,
		c.cleared, ` + formerNames + `, c.late, c.stage, c.round, c.handling_type, c.key_supervised,
		coalesce(c.lead_division, ''), coalesce(v.name, ''), coalesce(v.name_en, ''),
		coalesce(c.handler::text, ''), coalesce(h.name, ''), coalesce(h.name_en, ''),
		c.assigned_on, c.reply_due, nullif(c.due, 'infinity'), coalesce(c.due_clock, ''), c.rung_at, c.last_at,
		coalesce(c.returned_from, ''), c.document_number,
		(select json_agg(json_build_object('id', o.id, 'ask', o.ask, 'ref', o.ref, 'role', o.role, 'division', coalesce(o.division, ''),
				'person', coalesce(o.person::text, ''), 'claimed_by', coalesce(o.claimed_by::text, ''),
				'claimed_name', json_build_object('ZH', coalesce(k.name, ''), 'EN', coalesce(k.name_en, '')),
				'claimed_at', o.claimed_at, 'opened_at', o.opened_at, 'call_back_at', o.call_back_at, 'due', coalesce(nullif(o.due, 'infinity')::text, '')) order by o.id)
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
		&c.CaseID, &c.Key.Body, &c.Key.Level, &c.Key.Term, &c.Key.Session, &c.Key.Intersession, &c.Key.Number, &c.Title, &c.Subject,
		&c.LeadDeputy, &c.CoSigners, &c.Secrecy, &c.cleared, &c.formerly, &c.Late, &c.Stage, &c.Round, &c.HandlingType, &c.Supervised,
		&c.Lead, &c.LeadName.ZH, &c.LeadName.EN, &c.Handler, &c.HandlerName.ZH, &c.HandlerName.EN,
		&c.AssignedOn, &c.ReplyDue, &c.Due, &c.DueClock,
		instant{&c.Rung},
		instant{&c.LastAt},
		&c.ReturnedFrom, &c.Number, &c.Tasks,
	}, more...)...)
	for i := range c.Tasks {
		t := &c.Tasks[i]
		t.ClaimedAt, t.OpenedAt, t.CallBackAt = t.ClaimedAt.UTC(), t.OpenedAt.UTC(), t.CallBackAt.UTC()
	}
	c.Task = c.mainTask()
	return c, err
}

// Urged reports whether an urge waits for its answer.
func (c *CaseRow) Urged() bool {
	return slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Ask == proposal.AskToAnswerUrge })
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
			c.proposers = slices.Concat([]string{c.LeadDeputy}, c.CoSigners, c.formerly)
		}
		c.Masked, c.LeadDeputy, c.CoSigners = true, "", nil
		hide := masker(c.proposers)
		c.Title, c.Subject = hide(c.Title), hide(c.Subject)
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
		case proposal.LeaderInCharge:
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
