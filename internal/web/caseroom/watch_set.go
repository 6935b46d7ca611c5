package caseroom

import (
	"context"
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
)

// CaseWatch puts a case into the box 关注; CaseUnwatch takes it out.
func (s *Room) CaseWatch(w http.ResponseWriter, r *http.Request) error {
	return s.setWatch(w, r, s.store.Watch, "flash.watched")
}

// CaseUnwatch takes a case out of the box 关注.
func (s *Room) CaseUnwatch(w http.ResponseWriter, r *http.Request) error {
	return s.setWatch(w, r, s.store.Unwatch, "flash.unwatched")
}

func (s *Room) setWatch(w http.ResponseWriter, r *http.Request,
	set func(ctx context.Context, person proposal.PersonID, caseID string) error, done string,
) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if err := set(r.Context(), who.ID, f.CaseID); err != nil {
		return err
	}
	s.Flash(r, words.T(done, "Number", words.Number(f.Key)))
	back := "/cases/" + f.CaseID
	if r.PostForm.Has("back") {
		back = kit.LocalPath(r.PostForm.Get("back"))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}
