package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// draftSave keeps what is on the draft form as a new version. It does not move the case.
func (s *Server) draftSave(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	saved, err := s.saveDraftForm(r.Context(), r.PostForm, f, who)
	if err != nil {
		return s.refuseForm(w, r, f, proposal.Submit, err)
	}
	words := s.words(r)
	s.flash(r, words.T("flash.draft_saved", "Version", saved.Version, "Time", words.Clock(saved.SavedAt)))
	http.Redirect(w, r, "/cases/"+f.CaseID, http.StatusSeeOther)
	return nil
}

func (s *Server) saveDraftForm(ctx context.Context, form url.Values, f *caseFile, who *store.Person) (store.SavedDraft, error) {
	base, err := s.baseDraft(ctx, form, f)
	if err != nil {
		return store.SavedDraft{}, err
	}
	d, wrong := draftFromForm(form, base, len(f.Points))
	if len(wrong) > 0 {
		return store.SavedDraft{}, &proposal.Refusal{Code: proposal.Invalid, Fields: wrong}
	}
	return s.Store.SaveDraft(ctx, f.CaseID, who.ID, form.Get(fieldActionID), base.Version, d)
}

// baseDraft is the version that the form was drawn from: links were ticked on its paragraphs.
func (s *Server) baseDraft(ctx context.Context, form url.Values, f *caseFile) (proposal.Draft, error) {
	version, _ := strconv.Atoi(form.Get("base_version"))
	if version == 0 {
		return proposal.Draft{}, nil
	}
	if f.Draft != nil && f.Draft.Version == version {
		d := f.Draft.Draft
		d.Version = version
		return d, nil
	}
	saved, err := s.Store.Draft(ctx, f.CaseID, version)
	saved.Draft.Version = version
	return saved.Draft, err
}
