package api

import (
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Me is who a token belongs to and what waits for them.
type Me struct {
	Person
	Login    string                `json:"login"`
	Roles    []proposal.Role       `json:"roles"`
	Division *Division             `json:"division,omitempty"`
	Field    []proposal.DivisionID `json:"field"` // the divisions that a leader in charge answers for
	Boxes    map[store.Box]int     `json:"boxes"` // how many cases are in each
}

func (s *Room) meShow(call *Call, _ nothing) (Me, error) {
	counts, err := s.store.TaskCounts(call.Context(), call.who.ID)
	if err != nil {
		return Me{}, err
	}
	me := Me{
		Person: Person{call.who.ID, call.words.Name(call.who.Name)}, Login: call.who.Login, Roles: call.who.Roles,
		Field: append([]proposal.DivisionID{}, call.who.Field...), Boxes: counts,
	}
	if call.who.Division != "" {
		me.Division = &Division{call.who.Division, call.words.Name(call.who.DivisionName)}
	}
	return me, nil
}
