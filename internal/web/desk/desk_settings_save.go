package desk

import (
	"net/http"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// DeskSettingsSave keeps which columns the officer's list has, and in which order it stands. A form without any column is a wish
// too: the due date and the title are always there.
func (s *Room) DeskSettingsSave(w http.ResponseWriter, r *http.Request) error {
	settings := store.DeskSettings{Sort: store.Sort(r.PostForm.Get("sort"))}
	for _, c := range r.PostForm["columns"] {
		settings.Columns = append(settings.Columns, store.Column(c))
	}
	if err := s.store.SaveDeskSettings(r.Context(), kit.OfficerOf(r).ID, settings); err != nil {
		return err
	}
	http.Redirect(w, r, kit.LocalPath(r.PostForm.Get("back")), http.StatusSeeOther)
	return nil
}
