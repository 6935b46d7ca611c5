package kit

import (
	"net/http"

	"github.com/banli/banli/internal/web/static"
)

// StaticShow serves the scripts.
func (s *Kit) StaticShow(w http.ResponseWriter, r *http.Request) error {
	if found, err := static.Serve(w, r); found {
		return err
	}
	return ErrNotFound
}
