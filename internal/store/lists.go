package store

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// CaseFilter chooses a page of a list of cases. Empty fields do not filter.
type CaseFilter struct {
	Query    string // part of the number, the title or the lead deputy's name
	Stage    proposal.Stage
	Division proposal.DivisionID // the lead division
	Open     bool                // open cases only, by due date; else every case, newest assignment first
	DueBy    calendar.Date       // open cases due on or before that day; needs Open
	After    string              // Page.Next of the page before
	Limit    int                 // at most 500
}

// SearchCases lists the cases that the viewer may see.
func (s *Store) SearchCases(ctx context.Context, viewer proposal.Person, f CaseFilter) (Page[CaseRow], error) {
	return Page[CaseRow]{}, errNotYet
}

// Overview is what the supervisor sees: open cases counted by where they wait.
type Overview struct {
	Open    int // open cases
	Overdue int // of them, with a running clock past its day
	Near    int // of them, due from today to the near day
	Closed  int // closed in the year of today
	Cells   []OverviewCell
	Load    []PersonLoad // most overdue first, then most open
}

// OverviewCell counts the open cases of one division in one stage.
type OverviewCell struct {
	Division proposal.DivisionID // "" before assignment
	Name     Name
	Stage    proposal.Stage
	Open     int
	Overdue  int
	Near     int
}

// PersonLoad counts the open tasks that a person holds, by name or by claim.
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
	return Overview{}, errNotYet
}
