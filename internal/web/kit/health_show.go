package kit

import "net/http"

// HealthShow answers 200 if people can work: the database answers and is not read-only, and the engine takes actions. It is for whoever watches over the program.
func (s *Kit) HealthShow(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.Takes(r.Context()); err != nil {
		return err
	}
	if err := s.Ready(r.Context()); err != nil {
		return err
	}
	return ok(w)
}

// ReadableShow answers 200 if the database does. It is for a load balancer: pages can be read while the engine is away, and to take them away
// would make things worse.
func (s *Kit) ReadableShow(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.Ping(r.Context()); err != nil {
		return err
	}
	return ok(w)
}

func ok(w http.ResponseWriter) error {
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte("ok\n"))
	return err
}
