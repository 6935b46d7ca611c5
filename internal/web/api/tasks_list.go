package api

import (
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// TasksQuery chooses a page of a box. What is not said does not filter.
type TasksQuery struct {
	Box        store.Box           `json:"box,omitempty"`   // todo if not said
	Query      string              `json:"query,omitempty"` // words: number, document number, title, a deputy's or officer's name
	Step       proposal.Step       `json:"step,omitempty"`  // where the case stands, or what the row asks for
	Division   proposal.DivisionID `json:"division,omitempty"`
	Body       assembly.Body       `json:"body,omitempty"`
	Level      assembly.Level      `json:"level,omitempty"`
	Year       int                 `json:"year,omitempty"` // in which the case was assigned
	Supervised bool                `json:"supervised,omitempty"`
	Holder     proposal.PersonID   `json:"holder,omitempty"`   // whose open task the case has, by name or by claim
	Topic      string              `json:"topic,omitempty"`    // the category, as it was written
	Owes       proposal.DivisionID `json:"owes,omitempty"`     // whose opinion is still owed
	Untouched  calendar.Date       `json:"untouched,omitzero"` // no person has acted on the case since that day
	Since      time.Time           `json:"since,omitzero"`     // from when on what only names happened; ever if not said
	Until      time.Time           `json:"until,omitzero"`     // before when it happened; up to now if not said
	Within     store.Within        `json:"within,omitempty"`   // by when it falls due
	DueBy      calendar.Date       `json:"due_by,omitzero"`    // it falls due from today to that day
	Only       store.Only          `json:"only,omitempty"`
	Rate       store.RateCases     `json:"rate,omitempty"`       // the cases of a figure of the statistics: rate.part.first day.last day
	AnsweredBy calendar.Date       `json:"answered_by,omitzero"` // its first reply was sent on that day or before
	HereSince  calendar.Date       `json:"here_since,omitzero"`  // it is open and came to its station on that day or later
	HereBy     calendar.Date       `json:"here_by,omitzero"`     // it is open and came to its station on that day or before
	Gate       store.GateCases     `json:"gate,omitempty"`       // what waits at a gate, or with a day behind a dot what went through it since
	Cut        store.CutCases      `json:"cut,omitempty"`        // the cases of one row of the statistics: cut.key
	Sort       store.Sort          `json:"sort,omitempty"`       // the order of the box if not said
	After      string              `json:"after,omitempty"`
	Limit      int                 `json:"limit,omitempty"` // at most 500
}

func (s *Room) tasksList(call *Call, q TasksQuery) (TaskList, error) {
	if q.Box == "" {
		q.Box = store.Todo
	}
	f := store.TaskFilter(q)
	counts, err := s.store.CountTasks(call.Context(), call.who.ID, []store.TaskFilter{f})
	if err != nil {
		return TaskList{}, err
	}
	page, err := s.store.Tasks(call.Context(), call.who.ID, f)
	return TaskList{Box: q.Box, Total: counts[0], Items: s.caseRows(call, page.Items), Next: page.Next}, err
}
