package web

import (
	"context"
	"net/http"

	"github.com/banli/banli/internal/proposal"
)

// caseWatch puts a case into the box 关注; caseUnwatch takes it out.
func (s *Server) caseWatch(w http.ResponseWriter, r *http.Request) error {
	return s.setWatch(w, r, s.Store.Watch, "flash.watched")
}

func (s *Server) caseUnwatch(w http.ResponseWriter, r *http.Request) error {
	return s.setWatch(w, r, s.Store.Unwatch, "flash.unwatched")
}

func (s *Server) setWatch(w http.ResponseWriter, r *http.Request,
	set func(ctx context.Context, person proposal.PersonID, caseID string) error, done string,
) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if err := set(r.Context(), who.ID, f.CaseID); err != nil {
		return err
	}
	s.flash(r, words.T(done, "Number", words.number(f.Key)))
	back := "/cases/" + f.CaseID
	if r.PostForm.Has("back") {
		back = localPath(r.PostForm.Get("back"))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}
