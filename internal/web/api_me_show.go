package web

import (
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// apiMe is who a token belongs to and what waits for them.
type apiMe struct {
	apiPerson
	Login    string                `json:"login"`
	Roles    []proposal.Role       `json:"roles"`
	Division *apiDivision          `json:"division,omitempty"`
	Field    []proposal.DivisionID `json:"field"` // the divisions that a leader in charge answers for
	Boxes    map[store.Box]int     `json:"boxes"` // how many cases are in each
}

func (s *Server) apiMeShow(call *apiCall, _ nothing) (apiMe, error) {
	counts, err := s.Store.TaskCounts(call.Context(), call.who.ID)
	if err != nil {
		return apiMe{}, err
	}
	me := apiMe{
		apiPerson: apiPerson{call.who.ID, call.words.Name(call.who.Name)}, Login: call.who.Login, Roles: call.who.Roles,
		Field: append([]proposal.DivisionID{}, call.who.Field...), Boxes: counts,
	}
	if call.who.Division != "" {
		me.Division = &apiDivision{call.who.Division, call.words.Name(call.who.DivisionName)}
	}
	return me, nil
}
