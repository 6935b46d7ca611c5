package kit

import "net/http"

// LogoutSubmit ends the session.
func (s *Kit) LogoutSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}
