package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
)

// taskClaim takes the open task of a case (认领).
func (s *Server) taskClaim(w http.ResponseWriter, r *http.Request) error {
	return s.moveTask(w, r, s.Store.ClaimTask, "flash.claimed", "do.claim")
}

// taskRelease puts it back (放回).
func (s *Server) taskRelease(w http.ResponseWriter, r *http.Request) error {
	return s.moveTask(w, r, s.Store.ReleaseTask, "flash.released", "do.release")
}

// moveTask needs no action id from the page: claiming twice is claiming once.
func (s *Server) moveTask(w http.ResponseWriter, r *http.Request,
	move func(ctx context.Context, by proposal.PersonID, caseID, actionID string, key proposal.TaskKey) error, done, doing string,
) error {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	key := proposal.TaskKey{Ask: proposal.Ask(r.PostForm.Get("ask")), Ref: r.PostForm.Get(fieldRef)}
	if r.PostForm.Has("task") { // from a row of the desk
		key = readTaskKey(r.PostForm.Get("task")).TaskKey
	}
	if err := move(r.Context(), who.ID, f.CaseID, uuid.Must(uuid.NewV7()).String(), key); err != nil {
		return s.refuseTask(w, r, f, s.words(r).T(doing), err)
	}
	words := s.words(r)
	s.flash(r, words.T(done, "Number", words.number(f.Key)))
	back := "/cases/" + f.CaseID
	if r.PostForm.Has("back") {
		back = localPath(r.PostForm.Get("back"))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// refuseTask tells whoever came second who was first.
func (s *Server) refuseTask(w http.ResponseWriter, r *http.Request, f *caseFile, doing string, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != proposal.ClaimedByOther && refusal.Code != proposal.NotInStage {
		return err
	}
	if f, err = s.openCase(r.Context(), f.CaseID, officerOf(r)); err != nil { // as it is now
		return err
	}
	return s.showConflict(w, r, f, "", doing, refusal)
}
