package web

import "net/http"

// logoutSubmit ends the session.
func (s *Server) logoutSubmit(w http.ResponseWriter, r *http.Request) error {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}
