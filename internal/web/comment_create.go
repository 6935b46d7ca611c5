package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// commentCreate keeps what somebody said about a passage of the reply (批注).
func (s *Server) commentCreate(w http.ResponseWriter, r *http.Request) error {
	who, form := officerOf(r), r.PostForm
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	number := func(name string) int {
		n, _ := strconv.Atoi(form.Get(name)) // what is no number names no paragraph
		return n
	}
	err = s.Store.SaveComment(r.Context(), who.ID, f.CaseID, form.Get(fieldActionID), store.Comment{
		Version: number("version"), Paragraph: number("paragraph"), From: number("from"), Quote: form.Get("quote"),
		Text: strings.TrimSpace(form.Get("text")),
	})
	if err != nil {
		return s.refuseComment(w, r, f, "", err)
	}
	s.flash(r, s.words(r).T("flash.commented"))
	http.Redirect(w, r, commentsOf(r, f), http.StatusSeeOther)
	return nil
}

// commentAnswer keeps an answer, or settles the comment with it.
func (s *Server) commentAnswer(w http.ResponseWriter, r *http.Request) error {
	who, form := officerOf(r), r.PostForm
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	settles := form.Has("settle")
	err = s.Store.AnswerComment(r.Context(), who.ID, f.CaseID, form.Get(fieldActionID), r.PathValue("comment"), strings.TrimSpace(form.Get("text")), settles)
	if err != nil {
		return s.refuseComment(w, r, f, r.PathValue("comment"), err)
	}
	done := "flash.answered_comment"
	if settles {
		done = "flash.settled_comment"
	}
	s.flash(r, s.words(r).T(done))
	http.Redirect(w, r, commentsOf(r, f), http.StatusSeeOther)
	return nil
}

func commentsOf(r *http.Request, f *caseFile) string {
	back := "/cases/" + f.CaseID
	if asked := r.PostForm.Get("back"); strings.HasPrefix(asked, back+"?") {
		back = localPath(asked)
	}
	return back + "#comments"
}

// refuseComment shows the case again with the words that were typed and what is wrong with them.
func (s *Server) refuseComment(w http.ResponseWriter, r *http.Request, f *caseFile, comment string, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput && refusal.Code != proposal.NotUnderWay {
		return err
	}
	who, words := officerOf(r), s.words(r)
	if f, err = s.openCase(r.Context(), f.CaseID, who); err != nil {
		return err
	}
	p, err := s.readPage(r, f)
	if err != nil {
		return err
	}
	messages := plainWords(words, refusal.Fields)
	if refusal.Code == proposal.NotUnderWay {
		messages = []fieldMessage{{"text", words.T("comment.settled_by", "Who", f.personName(words, refusal.By), "When", words.Moment(refusal.At))}}
	}
	if p.Comments != nil {
		p.Comments.refuse(comment, r.PostForm, messages)
	}
	return s.render(w, r, statusOf[refusal.Code], p)
}
