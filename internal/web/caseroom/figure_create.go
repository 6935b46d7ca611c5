package caseroom

import (
	"errors"
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// FigureCreate keeps where a figure of the reply comes from (补出处).
func (s *Room) FigureCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	figure := reply.FigureOf(r.PostForm)
	err = s.store.SaveFigure(r.Context(), who.ID, f.CaseID, r.PostForm.Get(kit.FieldActionID), figure)
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.Flash(r, words.T("flash.figure", "Words", figure.Words))
		http.Redirect(w, r, "/cases/"+f.CaseID+"#figures", http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput:
		return err
	}
	if f, err = s.OpenCase(r.Context(), f.CaseID, who); err != nil {
		return err
	}
	p, err := s.readPage(r, f)
	if err != nil {
		return err
	}
	if p.Figures != nil {
		p.Figures.Refuse(r.PostForm, kit.PlainWords(words, refusal.Fields))
	}
	return s.Render(w, r, http.StatusUnprocessableEntity, p)
}
