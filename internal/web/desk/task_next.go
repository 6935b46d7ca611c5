package desk

import (
	"net/http"

	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// NextShow opens what is first in the officer's hands (办下一件). A link changes nothing, so it takes nothing free: for that there
// is NextTake.
func (s *Room) NextShow(w http.ResponseWriter, r *http.Request) error { return s.next(w, r, false) }

// NextTake opens the same, or else takes the first free case.
func (s *Room) NextTake(w http.ResponseWriter, r *http.Request) error { return s.next(w, r, true) }

func (s *Room) next(w http.ResponseWriter, r *http.Request, claim bool) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	leave := casefile.ReadTaskKey(r.FormValue("from"))
	row, err := s.store.NextTask(r.Context(), who.ID, leave, claim)
	if err != nil {
		return err
	}
	if row == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	if row.Task.Holder() == "" {
		s.Flash(r, words.T("flash.claimed", "Number", words.Number(row.Key)))
	}
	http.Redirect(w, r, s.TaskRow(r.Context(), words, *row, who, casefile.RowDetail{}).Path, http.StatusSeeOther)
	return nil
}
