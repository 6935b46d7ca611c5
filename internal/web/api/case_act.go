package api

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
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/workflows"
)

// Action asks for something to be done to a case. The input is that of its kind.
type Action struct {
	ID      string            `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	Kind    proposal.Kind     `json:"kind"`
	For     proposal.PersonID `json:"for,omitempty"`      // whom the caller covers for (代理)
	BaseSeq int               `json:"base_seq,omitempty"` // state.seq that the caller saw; not said: only the stage is checked
	On      calendar.Date     `json:"on,omitzero"`        // the official date, for late registrations
	Input   json.RawMessage   `json:"input,omitempty"`
}

// NewCase registers a proposal. Its case is a function of the key: the same proposal cannot be registered twice.
type NewCase struct {
	ID    string                `json:"id"` // a UUID that the caller makes; the same id is done once, for ever
	On    calendar.Date         `json:"on,omitzero"`
	Input proposal.Registration `json:"input"`
}

func (s *Room) caseRegister(call *Call, in NewCase) (Position, error) {
	caseID, err := s.store.CaseIDFor(call.Context(), in.Input.RegisterKey, workflows.CaseIDs(in.Input.RegisterKey))
	if err != nil {
		return Position{}, err
	}
	action := proposal.Action{ID: in.ID, Kind: proposal.Register, By: call.who.ID, On: in.On, Input: &in.Input}
	position, err := s.act(call, caseID, action)
	if kit.Refused(err, proposal.AlreadyRegistered) {
		return position, &proposal.Refusal{Code: proposal.AlreadyRegistered, Case: caseID}
	}
	call.location = root + "/cases/" + caseID
	return position, err
}

func (s *Room) caseAct(call *Call, in Action) (Position, error) {
	if _, err := s.OpenCase(call.Context(), call.PathValue("id"), call.who); err != nil {
		return Position{}, err
	}
	if !kinds.Of(in.Kind).OnCase() {
		return Position{}, kit.InvalidFields([]proposal.FieldError{{Field: "kind", Code: proposal.UnknownValue}})
	}
	input := proposal.NewInput(in.Kind)
	if len(in.Input) == 0 {
		in.Input = json.RawMessage("{}")
	}
	if err := decodeStrictly(in.Input, input, "input"); err != nil {
		return Position{}, err
	}
	action := proposal.Action{ID: in.ID, Kind: in.Kind, By: call.who.ID, For: in.For, BaseSeq: in.BaseSeq, On: in.On, Input: input}
	return s.act(call, call.PathValue("id"), action)
}

func (s *Room) act(call *Call, caseID string, action proposal.Action) (Position, error) {
	if uuid.Validate(action.ID) != nil {
		return Position{}, kit.InvalidFields([]proposal.FieldError{{Field: "id", Code: proposal.FieldMalformed}})
	}
	p, err := s.cases.Act(call.Context(), caseID, action)
	if err != nil {
		return Position{}, named(err, "input", reflect.TypeOf(action.Input).Elem())
	}
	return Position{caseID, p.Stage, p.Seq, p.Clock, p.RingAt}, nil
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
		case f.Field == kit.FieldActionID:
			renamed.Fields[i].Field = "id"
		}
	}
	return &renamed
}
