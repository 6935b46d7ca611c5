package web

import (
	"errors"
	"net/http"

	"github.com/banli/banli/internal/proposal"
)

// figureCreate keeps where a figure of the reply comes from (补出处).
func (s *Server) figureCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	figure := figureOf(r.PostForm)
	err = s.Store.SaveFigure(r.Context(), who.ID, f.CaseID, r.PostForm.Get(fieldActionID), figure)
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.flash(r, words.T("flash.figure", "Words", figure.Words))
		http.Redirect(w, r, "/cases/"+f.CaseID+"#figures", http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput:
		return err
	}
	if f, err = s.openCase(r.Context(), f.CaseID, who); err != nil {
		return err
	}
	p, err := s.readPage(r, f)
	if err != nil {
		return err
	}
	if p.Figures != nil {
		p.Figures.refuse(r.PostForm, plainWords(words, refusal.Fields))
	}
	return s.render(w, r, http.StatusUnprocessableEntity, p)
}
