package caseroom

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// TaskClaim takes the open task of a case (认领).
func (s *Room) TaskClaim(w http.ResponseWriter, r *http.Request) error {
	return s.moveTask(w, r, s.store.ClaimTask, "flash.claimed", "do.claim")
}

// TaskRelease puts a claimed task back (放回).
func (s *Room) TaskRelease(w http.ResponseWriter, r *http.Request) error {
	return s.moveTask(w, r, s.store.ReleaseTask, "flash.released", "do.release")
}

// moveTask needs no action id from the page: claiming twice is claiming once.
func (s *Room) moveTask(w http.ResponseWriter, r *http.Request,
	move func(ctx context.Context, by proposal.PersonID, caseID, actionID string, key proposal.TaskKey) error, done, doing string,
) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	key := proposal.TaskKey{Ask: proposal.Ask(r.PostForm.Get("ask")), Ref: r.PostForm.Get(kit.FieldRef)}
	if r.PostForm.Has("task") { // from a row of the desk
		key = casefile.ReadTaskKey(r.PostForm.Get("task")).TaskKey
	}
	if err := move(r.Context(), who.ID, f.CaseID, uuid.Must(uuid.NewV7()).String(), key); err != nil {
		return s.refuseTask(w, r, f, s.Words(r).T(doing), err)
	}
	words := s.Words(r)
	s.Flash(r, words.T(done, "Number", words.Number(f.Key)))
	back := "/cases/" + f.CaseID
	if r.PostForm.Has("back") {
		back = kit.LocalPath(r.PostForm.Get("back"))
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
	return nil
}

// refuseTask tells whoever came second who was first.
func (s *Room) refuseTask(w http.ResponseWriter, r *http.Request, f *casefile.File, doing string, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != proposal.ClaimedByOther && refusal.Code != proposal.NotInStage {
		return err
	}
	if f, err = s.OpenCase(r.Context(), f.CaseID, kit.OfficerOf(r)); err != nil { // as it is now
		return err
	}
	return s.showConflict(w, r, f, "", doing, refusal)
}
