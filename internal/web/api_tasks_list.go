package web

import (
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// apiTasksQuery chooses a page of a box.
type apiTasksQuery struct {
	Box   store.Box `json:"box,omitempty"` // todo if not said
	After string    `json:"after,omitempty"`
	Limit int       `json:"limit,omitempty"` // at most 500
}

func (s *Server) apiTasksList(call *apiCall, q apiTasksQuery) (apiTaskList, error) {
	if q.Box == "" {
		q.Box = store.Todo
	}
	if !slices.Contains(store.Boxes, q.Box) {
		return apiTaskList{}, invalidFields([]proposal.FieldError{{Field: "box", Code: proposal.UnknownValue}})
	}
	counts, err := s.Store.TaskCounts(call.Context(), call.who.ID)
	if err != nil {
		return apiTaskList{}, err
	}
	page, err := s.Store.Tasks(call.Context(), call.who.ID, store.TaskFilter(q))
	return apiTaskList{Box: q.Box, Total: counts[q.Box], Items: s.apiCaseRows(call, page.Items), Next: page.Next}, err
}
