package web

import (
	"net/http"

	"github.com/banli/banli/internal/store"
)

// deskSettingsSave keeps which columns the officer's list has, and in which order it stands. A form without any column is a wish
// too: the due date and the title are always there.
func (s *Server) deskSettingsSave(w http.ResponseWriter, r *http.Request) error {
	settings := store.DeskSettings{Sort: store.Sort(r.PostForm.Get("sort"))}
	for _, c := range r.PostForm["columns"] {
		settings.Columns = append(settings.Columns, store.Column(c))
	}
	if err := s.Store.SaveDeskSettings(r.Context(), officerOf(r).ID, settings); err != nil {
		return err
	}
	http.Redirect(w, r, localPath(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}
