package store

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
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
	Limit int    // at most 500
}

// CaseRow is a case as lists show it.
type CaseRow struct {
	CaseID       string
	Key          proposal.Key
	Subject      string // the title's core, without the formula that all titles share
	LeadDeputy   string
	Late         bool // 补录
	Stage        proposal.Stage
	Lead         proposal.DivisionID // "" before assignment
	LeadName     Name
	Handler      proposal.PersonID // "" before acceptance
	HandlerName  Name
	Due          calendar.Date      // of the earliest clock that still runs; zero if none does
	DueClock     proposal.ClockKind // which clock that is
	Rung         time.Time          // when that clock ran out and was recorded; zero if it has not
	LastAt       time.Time          // when a person last acted
	ReturnedFrom proposal.Stage     // set while the case waits for what was sent back
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

// Tasks returns a page of one of the person's boxes: Todo by due date, the others by the person's own last act, newest
// first.
func (s *Store) Tasks(ctx context.Context, person proposal.PersonID, f TaskFilter) (Page[CaseRow], error) {
	return Page[CaseRow]{}, errNotYet
}

// TaskCounts are the sizes of the boxes.
func (s *Store) TaskCounts(ctx context.Context, person proposal.PersonID) (map[Box]int, error) {
	return nil, errNotYet
}
