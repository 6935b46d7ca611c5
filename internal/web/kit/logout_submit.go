package kit

import (
	"net/http"

	"github.com/banli/banli/internal/store"
)

// LogoutSubmit ends the session.
func (s *Kit) LogoutSubmit(w http.ResponseWriter, r *http.Request) error {
	if who := OfficerOf(r); who != nil {
		if err := s.store.TellLogin(r.Context(), who.ID, store.WentOut, From(r)); err != nil {
			return err
		}
	}
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}
