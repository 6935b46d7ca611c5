package caseroom

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/web/kit"
)

// ReplyRead notes that the officer read a reply to its end, and opens the next of those that wait for them.
func (s *Room) ReplyRead(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.openReply(r)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm.Get("version"))
	if err != nil {
		return kit.ErrNotFound
	}
	if err := s.store.ReadDraft(r.Context(), who.ID, f.CaseID, version); err != nil {
		return err
	}
	queue, err := s.ReplyQueue(r.Context(), who)
	if err != nil {
		return err
	}
	next := "/signing"
	for _, t := range queue {
		if t.Batch && !t.Read {
			next = t.Path()
			break
		}
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}
