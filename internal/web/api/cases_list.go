package api

import (
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// CasesQuery chooses a page of the cases. Nothing said does not filter.
type CasesQuery struct {
	Text     string              `json:"q,omitempty"` // part of the number, the title or the lead deputy's name
	Stage    proposal.Stage      `json:"stage,omitempty"`
	Division proposal.DivisionID `json:"division,omitempty"` // the lead division; "-" for none yet
	Handler  proposal.PersonID   `json:"handler,omitempty"`
	Open     bool                `json:"open,omitempty"`  // open cases only, by due date; else all, newest assignment first
	DueBy    calendar.Date       `json:"due_by,omitzero"` // open cases due on or before that day
	After    string              `json:"after,omitempty"`
	Limit    int                 `json:"limit,omitempty"` // at most 500
}

func (s *Room) casesList(call *Call, q CasesQuery) (CaseList, error) {
	filter := store.CaseFilter{
		Query: q.Text, Division: q.Division, Handler: q.Handler, Open: q.Open || !q.DueBy.IsZero(), DueBy: q.DueBy,
		After: q.After, Limit: q.Limit,
	}
	if q.Stage != "" {
		if !slices.Contains(proposal.Stages, q.Stage) {
			return CaseList{}, kit.InvalidFields([]proposal.FieldError{{Field: "stage", Code: proposal.UnknownValue}})
		}
		filter.Stages = []proposal.Stage{q.Stage}
	}
	page, err := s.store.SearchCases(call.Context(), call.who.Person, filter)
	return CaseList{Items: s.caseRows(call, page.Items), Next: page.Next}, err
}
