package caseroom

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// LinkForm links the case with another. Several cases may bear one number, each in a sitting of its own: then they are offered.
type LinkForm struct {
	Path     string
	ActionID string
	Number   string // as typed
	Kind     string
	Kinds    []kit.Choice
	Found    []kit.Choice // cases that bear the number
	errors   []kit.FieldMessage
}

// Error is what is wrong with the field, in words.
func (f *LinkForm) Error(name string) string { return kit.ErrorOf(f.errors, name) }

// Open reports whether the form shows itself: something has to be mended or chosen in it.
func (f *LinkForm) Open() bool { return len(f.errors) > 0 || len(f.Found) > 0 }

func newLinkForm(w *locale.Words, f *casefile.File) *LinkForm {
	if !f.Whole || f.Past != nil {
		return nil
	}
	return &LinkForm{
		Path: "/cases/" + f.CaseID + "/links", ActionID: kit.NewActionID(), Kind: string(store.Similar), Kinds: kit.Choices(w, "link_kind.", store.LinkKinds),
	}
}

// LinkCreate links two cases, the other by its number.
func (s *Room) LinkCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if !f.Whole {
		return kit.ErrNotFound
	}
	form := r.PostForm
	other, found, err := s.linkTarget(r.Context(), f, who, form.Get("linked"), form.Get("number"))
	if err != nil {
		return err
	}
	var wrong []kit.FieldMessage
	if other != "" {
		err := s.store.LinkCases(r.Context(), who.ID, f.CaseID, form.Get(kit.FieldActionID), other, store.LinkKind(form.Get("link_kind")))
		var refusal *proposal.Refusal
		if err != nil && (!errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput) {
			return err
		}
		if refusal == nil {
			s.Flash(r, words.T("linked.done"))
			http.Redirect(w, r, "/cases/"+f.CaseID+"#linked", http.StatusSeeOther)
			return nil
		}
		wrong = kit.FieldWords(words, refusal.Fields)
	} else if len(found) == 0 {
		wrong = []kit.FieldMessage{{Field: "linked", Text: words.T("linked.none")}}
	}
	p, err := s.readPage(r, f)
	if err != nil {
		return err
	}
	p.LinkForm.Number, p.LinkForm.Kind, p.LinkForm.errors = form.Get("number"), form.Get("link_kind"), wrong
	for _, l := range found {
		name := words.T("linked.choice", "Session", words.Session(l.Key), "Number", words.Number(l.Key), "Subject", l.Subject)
		p.LinkForm.Found = append(p.LinkForm.Found, kit.Choice{Value: l.CaseID, Name: name})
	}
	return s.Render(w, r, http.StatusUnprocessableEntity, p)
}

// linkTarget is the case that was chosen, or the only one with the number; found are several that bear it.
func (s *Room) linkTarget(ctx context.Context, f *casefile.File, who *store.Person, chosen, number string) (other string, found []store.CaseLink, err error) {
	if uuid.Validate(chosen) == nil {
		return chosen, nil, nil
	}
	found, err = s.store.CasesNumbered(ctx, who.Person, number)
	if len(found) == 1 {
		return found[0].CaseID, nil, err
	}
	return "", found, err
}

// LinkEnd takes a link back (取消关联).
func (s *Room) LinkEnd(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if err := s.store.UnlinkCases(r.Context(), who.ID, f.CaseID, r.PostForm.Get(kit.FieldActionID), r.PathValue("other")); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("linked.ended"))
	http.Redirect(w, r, "/cases/"+f.CaseID+"#linked", http.StatusSeeOther)
	return nil
}
