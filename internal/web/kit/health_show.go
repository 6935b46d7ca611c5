package kit

import "net/http"

// HealthShow answers 200 if the database does. The engine is not asked: pages can be read while it is away, and a load
// balancer that took them away would make things worse.
func (s *Kit) HealthShow(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.Ping(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte("ok\n"))
	return err
}
