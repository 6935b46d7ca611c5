package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// LinkForm links the case with another. Several cases may bear one number, each in a sitting of its own: then they are offered.
type LinkForm struct {
	Path     string
	ActionID string
	Number   string // as typed
	Kind     string
	Kinds    []Choice
	Found    []Choice // cases that bear the number
	errors   []fieldMessage
}

// Error is what is wrong with the field, in words.
func (f *LinkForm) Error(name string) string { return errorOf(f.errors, name) }

// Open reports whether the form shows itself: something has to be mended or chosen in it.
func (f *LinkForm) Open() bool { return len(f.errors) > 0 || len(f.Found) > 0 }

func newLinkForm(w *words, f *caseFile) *LinkForm {
	if !f.whole || f.past != nil {
		return nil
	}
	return &LinkForm{
		Path: "/cases/" + f.CaseID + "/links", ActionID: newActionID(), Kind: string(store.Similar), Kinds: choices(w, "link_kind.", store.LinkKinds),
	}
}

// linkCreate links two cases, the other by its number.
func (s *Server) linkCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if !f.whole {
		return errNotFound
	}
	form := r.PostForm
	other, found, err := s.linkTarget(r.Context(), f, who, form.Get("linked"), form.Get("number"))
	if err != nil {
		return err
	}
	var wrong []fieldMessage
	if other != "" {
		err := s.Store.LinkCases(r.Context(), who.ID, f.CaseID, form.Get(fieldActionID), other, store.LinkKind(form.Get("link_kind")))
		var refusal *proposal.Refusal
		if err != nil && (!errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput) {
			return err
		}
		if refusal == nil {
			s.flash(r, words.T("linked.done"))
			http.Redirect(w, r, "/cases/"+f.CaseID+"#linked", http.StatusSeeOther)
			return nil
		}
		wrong = fieldWords(words, refusal.Fields)
	} else if len(found) == 0 {
		wrong = []fieldMessage{{"linked", words.T("linked.none")}}
	}
	p, err := s.readPage(r, f)
	if err != nil {
		return err
	}
	p.LinkForm.Number, p.LinkForm.Kind, p.LinkForm.errors = form.Get("number"), form.Get("link_kind"), wrong
	for _, l := range found {
		name := words.T("linked.choice", "Session", words.session(l.Key), "Number", words.number(l.Key), "Subject", l.Subject)
		p.LinkForm.Found = append(p.LinkForm.Found, Choice{Value: l.CaseID, Name: name})
	}
	return s.render(w, r, http.StatusUnprocessableEntity, p)
}

// linkTarget is the case that was chosen, or the only one with the number; found are several that bear it.
func (s *Server) linkTarget(ctx context.Context, f *caseFile, who *store.Person, chosen, number string) (other string, found []store.CaseLink, err error) {
	if uuid.Validate(chosen) == nil {
		return chosen, nil, nil
	}
	found, err = s.Store.CasesNumbered(ctx, who.Person, number)
	if len(found) == 1 {
		return found[0].CaseID, nil, err
	}
	return "", found, err
}

// linkEnd takes a link back (取消关联).
func (s *Server) linkEnd(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if err := s.Store.UnlinkCases(r.Context(), who.ID, f.CaseID, r.PostForm.Get(fieldActionID), r.PathValue("other")); err != nil {
		return err
	}
	s.flash(r, s.words(r).T("linked.ended"))
	http.Redirect(w, r, "/cases/"+f.CaseID+"#linked", http.StatusSeeOther)
	return nil
}
