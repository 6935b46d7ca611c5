package caseroom

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// DraftSave keeps what is on the draft form as a new version. It does not move the case.
func (s *Room) DraftSave(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	saved, err := s.saveDraftForm(r.Context(), r.PostForm, f, who)
	if err != nil {
		return s.refuseForm(w, r, f, proposal.Submit, err)
	}
	words := s.Words(r)
	s.Flash(r, words.T("flash.draft_saved", "Version", saved.Version, "Time", words.Clock(saved.SavedAt)))
	http.Redirect(w, r, "/cases/"+f.CaseID, http.StatusSeeOther)
	return nil
}

func (s *Room) saveDraftForm(ctx context.Context, form url.Values, f *casefile.File, who *store.Person) (store.SavedDraft, error) {
	typed, err := s.typedDraft(ctx, form, f)
	if err != nil {
		return store.SavedDraft{}, err
	}
	return s.store.SaveTyped(ctx, f.CaseID, who.ID, form.Get(kit.FieldActionID), typed)
}

// typedDraft reads what an editor sends, from a form with or without scripts.
func (s *Room) typedDraft(ctx context.Context, form url.Values, f *casefile.File) (store.TypedDraft, error) {
	base, err := s.baseDraft(ctx, form, f)
	if err != nil {
		return store.TypedDraft{}, err
	}
	d, wrong := reply.DraftFromForm(form, base, len(f.Points))
	t := store.TypedDraft{Base: base.Version, Tab: form.Get("tab"), Draft: d, Acks: map[string]string{}}
	number := func(name string, into *int) {
		if text := form.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				wrong = append(wrong, proposal.FieldError{Field: name, Code: proposal.FieldMalformed})
			}
			*into = n
		}
	}
	number("rev", &t.Rev)
	number("seq", &t.Seq)
	number("on_top", &t.Base) // of words that the writer was shown
	for _, ack := range reply.AcksOf(form) {
		t.Acks[ack.Finding] = ack.Reason
	}
	if len(wrong) > 0 {
		return t, &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	return t, nil
}

// baseDraft is what the form was drawn from: links were ticked on its paragraphs, and its version is the one that the words go on
// from. That is a saved version, or what the writer had typed since.
func (s *Room) baseDraft(ctx context.Context, form url.Values, f *casefile.File) (proposal.Draft, error) {
	version, _ := strconv.Atoi(form.Get("base_version"))
	if f.Work.Rev > 0 && form.Get("rev") == strconv.Itoa(f.Work.Rev) {
		d := f.Work.Draft
		d.Version = version
		return d, nil
	}
	if version == 0 {
		return proposal.Draft{}, nil
	}
	if f.Draft != nil && f.Draft.Version == version {
		d := f.Draft.Draft
		d.Version = version
		return d, nil
	}
	saved, err := s.store.Draft(ctx, f.CaseID, version)
	saved.Draft.Version = version
	return saved.Draft, err
}
