package web

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/workflows"
)

// apiAction asks for something to be done to a case. The input is that of its kind.
type apiAction struct {
	ID      string            `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	Kind    proposal.Kind     `json:"kind"`
	For     proposal.PersonID `json:"for,omitempty"`      // whom the caller covers for (代理)
	BaseSeq int               `json:"base_seq,omitempty"` // state.seq that the caller saw; not said: only the stage is checked
	On      calendar.Date     `json:"on,omitzero"`        // the official date, for late registrations
	Input   json.RawMessage   `json:"input,omitempty"`
}

// apiNewCase registers a proposal. Its case is a function of the key: the same proposal cannot be registered twice.
type apiNewCase struct {
	ID    string                `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	On    calendar.Date         `json:"on,omitzero"`
	Input proposal.Registration `json:"input"`
}

func (s *Server) apiCaseRegister(call *apiCall, in apiNewCase) (apiPosition, error) {
	caseID := workflows.CaseID(in.Input.RegisterKey)
	action := proposal.Action{ID: in.ID, Kind: proposal.Register, By: call.who.ID, On: in.On, Input: &in.Input}
	position, err := s.apiAct(call, caseID, action)
	if refused(err, proposal.AlreadyRegistered) {
		return position, &proposal.Refusal{Code: proposal.AlreadyRegistered, Case: caseID}
	}
	call.location = apiRoot + "/cases/" + caseID
	return position, err
}

func (s *Server) apiCaseAct(call *apiCall, in apiAction) (apiPosition, error) {
	if _, err := s.openCase(call.Context(), call.PathValue("id"), call.who); err != nil {
		return apiPosition{}, err
	}
	if !kinds.Of(in.Kind).OnCase() {
		return apiPosition{}, invalidFields([]proposal.FieldError{{Field: "kind", Code: proposal.UnknownValue}})
	}
	input := proposal.NewInput(in.Kind)
	if len(in.Input) == 0 {
		in.Input = json.RawMessage("{}")
	}
	if err := decodeStrictly(in.Input, input, "input"); err != nil {
		return apiPosition{}, err
	}
	action := proposal.Action{ID: in.ID, Kind: in.Kind, By: call.who.ID, For: in.For, BaseSeq: in.BaseSeq, On: in.On, Input: input}
	return s.apiAct(call, call.PathValue("id"), action)
}

func (s *Server) apiAct(call *apiCall, caseID string, action proposal.Action) (apiPosition, error) {
	if uuid.Validate(action.ID) != nil {
		return apiPosition{}, invalidFields([]proposal.FieldError{{Field: "id", Code: proposal.FieldMalformed}})
	}
	p, err := s.Cases.Act(call.Context(), caseID, action)
	if err != nil {
		return apiPosition{}, named(err, "input", reflect.TypeOf(action.Input).Elem())
	}
	return apiPosition{caseID, p.Stage, p.Seq, p.Clock, p.RingAt}, nil
}

// named gives the fields of a refusal the names that they have in the request: the rules name those of the input alone.
func named(err error, part string, input reflect.Type) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || len(refusal.Fields) == 0 {
		return err
	}
	inside := jsonFields(input)
	renamed := *refusal
	renamed.Fields = slices.Clone(refusal.Fields)
	for i, f := range renamed.Fields {
		root, _, _ := strings.Cut(f.Field, ".")
		switch _, ok := inside[root]; {
		case ok:
			renamed.Fields[i].Field = part + "." + f.Field
		case f.Field == fieldActionID:
			renamed.Fields[i].Field = "id"
		}
	}
	return &renamed
}
