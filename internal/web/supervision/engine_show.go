package supervision

import (
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// EngineShow serves the Temporal Web UI, which asks nobody who they are.
func (s *Room) EngineShow(w http.ResponseWriter, r *http.Request) error {
	switch {
	case s.engineUI == nil:
		return kit.ErrNotFound
	case s.EngineFor(kit.OfficerOf(r)) == "":
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	}
	s.engineUI.ServeHTTP(w, r)
	return nil
}

// EngineDecode decodes what the engine keeps, for the Temporal Web UI of whoever may open it. It is ids, codes and times: nothing of it is a look at
// somebody's particulars, which the case would have to tell.
func (s *Room) EngineDecode(w http.ResponseWriter, r *http.Request) error {
	switch {
	case s.codec == nil:
		return kit.ErrNotFound
	case !kit.MayOperate(kit.OfficerOf(r)):
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Admin}
	}
	s.codec.ServeHTTP(w, r)
	return nil
}
