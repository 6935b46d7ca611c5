package web

import (
	"net/http"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// nextShow opens what is first in the officer's hands (办下一件). A link changes nothing, so it takes nothing free: for that there
// is nextTake.
func (s *Server) nextShow(w http.ResponseWriter, r *http.Request) error { return s.next(w, r, false) }

// nextTake opens the same, or else takes the first free case.
func (s *Server) nextTake(w http.ResponseWriter, r *http.Request) error { return s.next(w, r, true) }

func (s *Server) next(w http.ResponseWriter, r *http.Request, claim bool) error {
	who, words := officerOf(r), s.words(r)
	leave := readTaskKey(r.FormValue("from"))
	row, err := s.Store.NextTask(r.Context(), who.ID, leave, claim)
	if err != nil {
		return err
	}
	if row == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return nil
	}
	if row.Task.Holder() == "" {
		s.flash(r, words.T("flash.claimed", "Number", words.number(row.Key)))
	}
	http.Redirect(w, r, s.taskRow(r.Context(), words, *row, who, deskRow{}).Path, http.StatusSeeOther)
	return nil
}

// readTaskKey reads the key of a row: case~ask~ref.
func readTaskKey(key string) (t store.CaseTask) {
	parts := strings.SplitN(key, "~", 3)
	if len(parts) == 3 {
		t.CaseID, t.TaskKey = parts[0], proposal.TaskKey{Ask: proposal.Ask(parts[1]), Ref: parts[2]}
	}
	return t
}
