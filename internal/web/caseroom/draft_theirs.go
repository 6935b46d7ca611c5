package caseroom

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/compare"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
)

// theirs is the newest version above the one that the words go on from, if somebody else saved it.
func theirs(f *casefile.File, base int, who *store.Person) store.DraftInfo {
	for _, d := range f.Drafts {
		if d.Version > base && d.SavedBy != who.ID {
			return d
		}
	}
	return store.DraftInfo{}
}

// showTheirs tells the words on the form apart from a version that came in between.
func (s *Room) showTheirs(ctx context.Context, w *locale.Words, f *casefile.File, form *reply.DraftForm, d store.DraftInfo, who *store.Person) error {
	if d.Version == 0 {
		return nil
	}
	saved, err := s.store.Draft(ctx, f.CaseID, d.Version)
	if err != nil {
		return err
	}
	v := &reply.TheirsView{Version: d.Version, Top: max(d.Version, newest(f))}
	v.Words = w.T("draft.theirs", "Who", f.PersonName(w, d.SavedBy), "Time", w.Moment(d.SavedAt), "Version", d.Version)
	if d.SavedBy == who.ID {
		v.Words = w.T("draft.other_window", "Time", w.Moment(d.SavedAt), "Version", d.Version)
	}
	for _, row := range compare.Texts(saved.Draft.Body, reply.Unindented(form.Body)) {
		if row.Changed() {
			v.Rows = append(v.Rows, reply.DiffLine{Runs: row.Runs})
		}
	}
	form.Theirs = v
	return nil
}

// newest is the number of the newest version; 0 before the first.
func newest(f *casefile.File) int {
	if f.Draft == nil {
		return 0
	}
	return f.Draft.Version
}

// DraftTake goes on from the version that came in between. The words on the form become a version first.
func (s *Room) DraftTake(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if err := s.takeTheirs(r, f, who); err != nil {
		return s.refuseForm(w, r, f, proposal.Submit, err)
	}
	http.Redirect(w, r, "/cases/"+f.CaseID, http.StatusSeeOther)
	return nil
}

func (s *Room) takeTheirs(r *http.Request, f *casefile.File, who *store.Person) error {
	if !f.MayDraft(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	typed, err := s.typedDraft(r.Context(), r.PostForm, f)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm.Get("take"))
	if err != nil {
		return kit.ErrNotFound
	}
	theirs, err := s.store.Draft(r.Context(), f.CaseID, version)
	if err != nil {
		return err
	}
	actionID := r.PostForm.Get(kit.FieldActionID)
	typed.Base = newest(f)
	mine, err := s.store.SaveTyped(r.Context(), f.CaseID, who.ID, actionID, typed)
	if err != nil {
		return err
	}
	typed.Base, typed.Draft = mine.Version, theirs.Draft
	typed.Draft.Version = 0
	next := uuid.NewSHA1(uuid.MustParse(actionID), []byte("take")).String()
	saved, err := s.store.SaveTyped(r.Context(), f.CaseID, who.ID, next, typed)
	if err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("draft.taken", "Version", saved.Version, "From", version, "Mine", mine.Version))
	return nil
}
