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
