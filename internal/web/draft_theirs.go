package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/compare"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// TheirsView is a version that came in between, told apart from the words on the form. Neither is lost whatever is pressed.
type TheirsView struct {
	Words   string // who saved it and when
	Version int
	Top     int // the newest version: the words on the form would be written on top of it
	Rows    []DiffLine
}

// DiffLine is a paragraph that differs.
type DiffLine struct{ Runs []compare.Run }

// theirs is the newest version above the one that the words go on from, if somebody else saved it.
func (f *caseFile) theirs(base int, who *store.Person) store.DraftInfo {
	for _, d := range f.Drafts {
		if d.Version > base && d.SavedBy != who.ID {
			return d
		}
	}
	return store.DraftInfo{}
}

// showTheirs tells the words on the form apart from a version that came in between.
func (s *Server) showTheirs(ctx context.Context, w *words, f *caseFile, form *DraftForm, d store.DraftInfo, who *store.Person) error {
	if d.Version == 0 {
		return nil
	}
	saved, err := s.Store.Draft(ctx, f.CaseID, d.Version)
	if err != nil {
		return err
	}
	v := &TheirsView{Version: d.Version, Top: max(d.Version, f.newest())}
	v.Words = w.T("draft.theirs", "Who", f.personName(w, d.SavedBy), "Time", w.Moment(d.SavedAt), "Version", d.Version)
	if d.SavedBy == who.ID {
		v.Words = w.T("draft.other_window", "Time", w.Moment(d.SavedAt), "Version", d.Version)
	}
	for _, row := range compare.Texts(saved.Draft.Body, unindented(form.Body)) {
		if row.Changed() {
			v.Rows = append(v.Rows, DiffLine{row.Runs})
		}
	}
	form.Theirs = v
	return nil
}

// newest is the number of the newest version; 0 before the first.
func (f *caseFile) newest() int {
	if f.Draft == nil {
		return 0
	}
	return f.Draft.Version
}

// draftTake goes on from the version that came in between. The words on the form become a version first.
func (s *Server) draftTake(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if err := s.takeTheirs(r, f, who); err != nil {
		return s.refuseForm(w, r, f, proposal.Submit, err)
	}
	http.Redirect(w, r, "/cases/"+f.CaseID, http.StatusSeeOther)
	return nil
}

func (s *Server) takeTheirs(r *http.Request, f *caseFile, who *store.Person) error {
	if !f.mayDraft(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	typed, err := s.typedDraft(r.Context(), r.PostForm, f)
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(r.PostForm.Get("take"))
	if err != nil {
		return errNotFound
	}
	theirs, err := s.Store.Draft(r.Context(), f.CaseID, version)
	if err != nil {
		return err
	}
	actionID := r.PostForm.Get(fieldActionID)
	typed.Base = f.newest()
	mine, err := s.Store.SaveTyped(r.Context(), f.CaseID, who.ID, actionID, typed)
	if err != nil {
		return err
	}
	typed.Base, typed.Draft = mine.Version, theirs.Draft
	typed.Draft.Version = 0
	next := uuid.NewSHA1(uuid.MustParse(actionID), []byte("take")).String()
	saved, err := s.Store.SaveTyped(r.Context(), f.CaseID, who.ID, next, typed)
	if err != nil {
		return err
	}
	s.flash(r, s.words(r).T("draft.taken", "Version", saved.Version, "From", version, "Mine", mine.Version))
	return nil
}
