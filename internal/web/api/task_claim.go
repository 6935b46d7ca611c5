package api

import (
	"context"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// Claim takes or puts back a task.
type Claim struct {
	ID string `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	// Which of the tasks of the case; not said: that of the stage, or the only one that the caller may take.
	Ask proposal.Ask `json:"ask,omitempty"`
	Ref string       `json:"ref,omitempty"`
}

func (s *Room) taskClaim(call *Call, in Claim) (CaseRow, error) {
	return s.moveTask(call, in, s.store.ClaimTask)
}

func (s *Room) taskRelease(call *Call, in Claim) (CaseRow, error) {
	return s.moveTask(call, in, s.store.ReleaseTask)
}

func (s *Room) moveTask(call *Call, in Claim,
	move func(ctx context.Context, by proposal.PersonID, caseID, actionID string, key proposal.TaskKey) error,
) (CaseRow, error) {
	f, err := s.OpenCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return CaseRow{}, err
	}
	if uuid.Validate(in.ID) != nil {
		return CaseRow{}, kit.InvalidFields([]proposal.FieldError{{Field: "id", Code: proposal.FieldMalformed}})
	}
	if err := move(call.Context(), call.who.ID, f.CaseID, in.ID, proposal.TaskKey{Ask: in.Ask, Ref: in.Ref}); err != nil {
		return CaseRow{}, err
	}
	f, err = s.OpenCase(call.Context(), f.CaseID, call.who)
	if err != nil {
		return CaseRow{}, err
	}
	return s.caseRow(call, f.CaseRow), nil
}
