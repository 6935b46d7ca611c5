package office

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// paragraphEditPage is one edition with the form for the next.
type paragraphEditPage struct {
	kit.Frame
	Row  ParagraphRow
	Form *ParagraphForm // nil if it is not to be changed any more
}

func (*paragraphEditPage) Template() string { return "paragraph.html" }

// ParagraphEdit opens a paragraph for its next edition.
func (s *Room) ParagraphEdit(w http.ResponseWriter, r *http.Request) error {
	p, _, err := s.newParagraphEditPage(r, nil)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// openParagraph reads an edition that the officer's division may write.
func (s *Room) openParagraph(r *http.Request) (store.StandardParagraph, error) {
	who := kit.OfficerOf(r)
	if !kit.KeepsParagraphs(who) {
		return store.StandardParagraph{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	p, err := s.store.Paragraph(r.Context(), r.PathValue("paragraph"))
	if err == nil && p.Division != "" && p.Division != who.Division {
		err = kit.ErrNotFound
	}
	return p, err
}

func (s *Room) newParagraphEditPage(r *http.Request, typed url.Values) (*paragraphEditPage, store.StandardParagraph, error) {
	who, words := kit.OfficerOf(r), s.Words(r)
	paragraph, err := s.openParagraph(r)
	if err != nil {
		return nil, paragraph, err
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return nil, paragraph, err
	}
	p := &paragraphEditPage{Frame: kit.Frame{Title: paragraph.Title, Section: "paragraphs"}, Row: s.paragraphRow(words, paragraph, divisions)}
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

// ParagraphSave writes a new paragraph, or the next edition of the one in the address.
func (s *Room) ParagraphSave(w http.ResponseWriter, r *http.Request) error {
	who, form, words := kit.OfficerOf(r), r.PostForm, s.Words(r)
	if !kit.KeepsParagraphs(who) {
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
	_, err := s.store.SaveParagraph(r.Context(), who.ID, form.Get(kit.FieldActionID), p)
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.Flash(r, words.T("flash.paragraph", "Title", p.Title))
		http.Redirect(w, r, "/paragraphs", http.StatusSeeOther)
		return nil
	case !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput && refusal.Code != proposal.StaleForm:
		return err
	}
	return s.refuseParagraph(w, r, refusal, unread)
}

// refuseParagraph shows the form again with what was typed.
func (s *Room) refuseParagraph(w http.ResponseWriter, r *http.Request, refusal *proposal.Refusal, unread []proposal.FieldError) error {
	words := s.Words(r)
	messages := kit.PlainWords(words, refusal.Fields)
	if len(unread) > 0 {
		messages = kit.PlainWords(words, unread)
	}
	if refusal.Code == proposal.StaleForm {
		messages = []kit.FieldMessage{{Field: "text", Text: words.T("paragraph.stale", "Who", s.PersonName(r, refusal.By), "When", words.Moment(refusal.At))}}
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
		return s.Render(w, r, kit.StatusOf[refusal.Code], p)
	}
	p, err := s.newParagraphsPage(r)
	if err != nil {
		return err
	}
	p.Form.values, p.Form.errors = r.PostForm, messages
	return s.Render(w, r, kit.StatusOf[refusal.Code], p)
}

// ParagraphRetire takes a paragraph out of use.
func (s *Room) ParagraphRetire(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	paragraph, err := s.openParagraph(r)
	if err != nil {
		return err
	}
	err = s.store.RetireParagraph(r.Context(), who.ID, paragraph.Line, r.PostForm.Get("reason"))
	var refusal *proposal.Refusal
	switch {
	case err == nil:
		s.Flash(r, words.T("flash.paragraph_retired", "Title", paragraph.Title))
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
		p.Form.errors = kit.PlainWords(words, refusal.Fields)
	}
	return s.Render(w, r, http.StatusUnprocessableEntity, p)
}
