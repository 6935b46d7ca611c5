package web

import (
	"context"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
)

// apiClaim takes or puts back a task.
type apiClaim struct {
	ID string `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	// Which of the tasks of the case; not said: that of the stage, or the only one that the caller may take.
	Ask proposal.Ask `json:"ask,omitempty"`
	Ref string       `json:"ref,omitempty"`
}

func (s *Server) apiTaskClaim(call *apiCall, in apiClaim) (apiCaseRow, error) {
	return s.apiMoveTask(call, in, s.Store.ClaimTask)
}

func (s *Server) apiTaskRelease(call *apiCall, in apiClaim) (apiCaseRow, error) {
	return s.apiMoveTask(call, in, s.Store.ReleaseTask)
}

func (s *Server) apiMoveTask(call *apiCall, in apiClaim,
	move func(ctx context.Context, by proposal.PersonID, caseID, actionID string, key proposal.TaskKey) error,
) (apiCaseRow, error) {
	f, err := s.openCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return apiCaseRow{}, err
	}
	if uuid.Validate(in.ID) != nil {
		return apiCaseRow{}, invalidFields([]proposal.FieldError{{Field: "id", Code: proposal.FieldMalformed}})
	}
	if err := move(call.Context(), call.who.ID, f.CaseID, in.ID, proposal.TaskKey{Ask: in.Ask, Ref: in.Ref}); err != nil {
		return apiCaseRow{}, err
	}
	f, err = s.openCase(call.Context(), f.CaseID, call.who)
	if err != nil {
		return apiCaseRow{}, err
	}
	return s.apiCaseRow(call, f.CaseRow), nil
}
