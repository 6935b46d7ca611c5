package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// paragraphEditPage is one edition with the form for the next.
type paragraphEditPage struct {
	Frame
	Row  ParagraphRow
	Form *ParagraphForm // nil if it is not to be changed any more
}

func (*paragraphEditPage) template() string { return "paragraph.html" }

// paragraphEdit opens a paragraph for its next edition.
func (s *Server) paragraphEdit(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.newParagraphEditPage(r, nil)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// openParagraph reads an edition that the officer's division may write.
func (s *Server) openParagraph(r *http.Request) (store.StandardParagraph, error) {
	who := officerOf(r)
	if !keepsParagraphs(who) {
		return store.StandardParagraph{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	p, err := s.Store.Paragraph(r.Context(), r.PathValue("paragraph"))
	if err == nil && p.Division != "" && p.Division != who.Division {
		err = errNotFound
	}
	return p, err
}

func (s *Server) newParagraphEditPage(r *http.Request, typed url.Values) (*paragraphEditPage, store.StandardParagraph, error) {
	who, words := officerOf(r), s.words(r)
	paragraph, err := s.openParagraph(r)
	if err != nil {
		return nil, paragraph, err
	}
	divisions, err := s.Store.Divisions(r.Context())
	if err != nil {
		return nil, paragraph, err
	}
	p := &paragraphEditPage{Frame: Frame{Title: paragraph.Title, Section: "paragraphs"}, Row: s.paragraphRow(words, paragraph, divisions)}
	if paragraph.Retired != nil || paragraph.Newer > 0 && typed == nil {
		return p, paragraph, nil
	}
	if typed == nil {
		typed = url.Values{
			"topic": {paragraph.Topic}, "title": {paragraph.Title}, "text": {paragraph.Text}, "source": {paragraph.Source},
			"division": {string(paragraph.Division)}, "valid_until": {paragraph.ValidUntil.String()},
		}
	}
	p.Form = s.newParagraphForm(words, who, nil, typed)
	p.Form.Path, p.Form.Heading = "/paragraphs/"+paragraph.ID, words.T("paragraph.next", "N", paragraph.Edition+1)
	p.Form.Retire, p.Form.Edition = p.Form.Path+"/retire", paragraph.Edition
	return p, paragraph, nil
}

// paragraphSave writes a new paragraph, or the next edition of the one in the address.
func (s *Server) paragraphSave(w http.ResponseWriter, r *http.Request) error {
	who, form, words := officerOf(r), r.PostForm, s.words(r)
	if !keepsParagraphs(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	line := func(name string) string { return strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n")) }
	p := store.StandardParagraph{Topic: line("topic"), Title: line("title"), Text: line("text"), Source: line("source")}
	if form.Get("division") != "" {
		p.Division = who.Division
	}
	unread := []proposal.FieldError{}
	if err := p.ValidUntil.UnmarshalText([]byte(line("valid_until"))); err != nil && line("valid_until") != "" {
		unread = append(unread, proposal.FieldError{Field: "valid_until", Code: proposal.FieldMalformed})
	}
	if r.PathValue("paragraph") != "" {
		old, err := s.openParagraph(r)
		if err != nil {
			return err
		}
		p.Line = old.Line
		p.Edition, _ = strconv.Atoi(form.Get("edition")) // what is no number is an edition that is not the newest
	}
	_, err := s.Store.SaveParagraph(r.Context(), who.ID, form.Get(fieldActionID), p)
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.flash(r, words.T("flash.paragraph", "Title", p.Title))
		http.Redirect(w, r, "/paragraphs", http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput && refusal.Code != proposal.StaleForm:
		return err
	}
	return s.refuseParagraph(w, r, refusal, unread)
}

// refuseParagraph shows the form again with what was typed.
func (s *Server) refuseParagraph(w http.ResponseWriter, r *http.Request, refusal *proposal.Refusal, unread []proposal.FieldError) error {
	words := s.words(r)
	messages := plainWords(words, refusal.Fields)
	if len(unread) > 0 {
		messages = plainWords(words, unread)
	}
	if refusal.Code == proposal.StaleForm {
		messages = []fieldMessage{{"text", words.T("paragraph.stale", "Who", s.personName(r, refusal.By), "When", words.Moment(refusal.At))}}
	}
	if r.PathValue("paragraph") != "" {
		p, _, err := s.newParagraphEditPage(r, r.PostForm)
		if err != nil {
			return err
		}
		if p.Form == nil {
			return refusal
		}
		p.Form.errors = messages
		return s.render(w, r, statusOf[refusal.Code], p)
	}
	p, err := s.newParagraphsPage(r)
	if err != nil {
		return err
	}
	p.Form.values, p.Form.errors = r.PostForm, messages
	return s.render(w, r, statusOf[refusal.Code], p)
}

// paragraphRetire takes a paragraph out of use.
func (s *Server) paragraphRetire(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	paragraph, err := s.openParagraph(r)
	if err != nil {
		return err
	}
	err = s.Store.RetireParagraph(r.Context(), who.ID, paragraph.Line, r.PostForm.Get("reason"))
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.flash(r, words.T("flash.paragraph_retired", "Title", paragraph.Title))
		http.Redirect(w, r, "/paragraphs", http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput:
		return err
	}
	p, _, err := s.newParagraphEditPage(r, nil)
	if err != nil {
		return err
	}
	if p.Form != nil {
		p.Form.values.Set("reason", r.PostForm.Get("reason"))
		p.Form.errors = plainWords(words, refusal.Fields)
	}
	return s.render(w, r, http.StatusUnprocessableEntity, p)
}
