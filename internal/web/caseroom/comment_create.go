package caseroom

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// CommentCreate keeps what somebody said about a passage of the reply (批注).
func (s *Room) CommentCreate(w http.ResponseWriter, r *http.Request) error {
	who, form := kit.OfficerOf(r), r.PostForm
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	number := func(name string) int {
		n, _ := strconv.Atoi(form.Get(name)) // what is no number names no paragraph
		return n
	}
	err = s.store.SaveComment(r.Context(), who.ID, f.CaseID, form.Get(kit.FieldActionID), store.Comment{
		Version: number("version"), Paragraph: number("paragraph"), From: number("from"), Quote: form.Get("quote"),
		Text: strings.TrimSpace(form.Get("text")),
	})
	if err != nil {
		return s.refuseComment(w, r, f, "", err)
	}
	s.Flash(r, s.Words(r).T("flash.commented"))
	http.Redirect(w, r, commentsOf(r, f), http.StatusSeeOther)
	return nil
}

// CommentAnswer keeps an answer, or settles the comment with it.
func (s *Room) CommentAnswer(w http.ResponseWriter, r *http.Request) error {
	who, form := kit.OfficerOf(r), r.PostForm
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	settles := form.Has("settle")
	err = s.store.AnswerComment(r.Context(), who.ID, f.CaseID, form.Get(kit.FieldActionID), r.PathValue("comment"), strings.TrimSpace(form.Get("text")), settles)
	if err != nil {
		return s.refuseComment(w, r, f, r.PathValue("comment"), err)
	}
	done := "flash.answered_comment"
	if settles {
		done = "flash.settled_comment"
	}
	s.Flash(r, s.Words(r).T(done))
	http.Redirect(w, r, commentsOf(r, f), http.StatusSeeOther)
	return nil
}

func commentsOf(r *http.Request, f *casefile.File) string {
	back := "/cases/" + f.CaseID
	if asked := r.PostForm.Get("back"); strings.HasPrefix(asked, back+"?") {
		back = kit.LocalPath(asked)
	}
	return back + "#comments"
}

// refuseComment shows the case again with the words that were typed and what is wrong with them.
func (s *Room) refuseComment(w http.ResponseWriter, r *http.Request, f *casefile.File, comment string, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput && refusal.Code != proposal.NotUnderWay {
		return err
	}
	who, words := kit.OfficerOf(r), s.Words(r)
	if f, err = s.OpenCase(r.Context(), f.CaseID, who); err != nil {
		return err
	}
	p, err := s.readPage(r, f)
	if err != nil {
		return err
	}
	messages := kit.PlainWords(words, refusal.Fields)
	if refusal.Code == proposal.NotUnderWay {
		messages = []kit.FieldMessage{{Field: "text", Text: words.T("comment.settled_by", "Who", f.PersonName(words, refusal.By), "When", words.Moment(refusal.At))}}
	}
	if p.Comments != nil {
		p.Comments.Refuse(comment, r.PostForm, messages)
	}
	return s.Render(w, r, kit.StatusOf[refusal.Code], p)
}
