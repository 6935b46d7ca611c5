package web

import (
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// caseParagraphsPage lists the standard paragraphs beside the reply of a case.
type caseParagraphsPage struct {
	Frame
	ID, Number, Official string
	Rows                 []ParagraphRow
	Topics               []Choice
	Text, Topic          string
	Used                 []ParagraphRow
	Copy                 *ParagraphRow // the one that was just taken: its text to be copied
	Stopped              string        // why one was not taken
	Keeps                bool          // the officer may renew them
}

func (*caseParagraphsPage) template() string { return "case_paragraphs.html" }

// caseParagraphs shows what the reply may be written with, and what it was.
func (s *Server) caseParagraphs(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newCaseParagraphs(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

func (s *Server) newCaseParagraphs(r *http.Request) (*caseParagraphsPage, error) {
	who, words, query := officerOf(r), s.words(r), r.URL.Query()
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return nil, err
	}
	if !f.As(who.Person).MayComment(f.State) {
		return nil, &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	p := &caseParagraphsPage{
		Frame: Frame{Title: words.T("paragraph.title"), Section: "tasks"}, ID: f.CaseID, Number: words.number(f.Key),
		Official: f.Key.OfficialTitle(f.Subject), Text: query.Get("q"), Topic: query.Get("topic"), Keeps: keepsParagraphs(who),
	}
	all, err := s.Store.Paragraphs(r.Context(), store.ParagraphFilter{Division: f.State.Lead})
	if err != nil {
		return nil, err
	}
	found, err := s.Store.Paragraphs(r.Context(), store.ParagraphFilter{Text: p.Text, Topic: p.Topic, Division: f.State.Lead})
	if err != nil {
		return nil, err
	}
	used, err := s.Store.ParagraphsUsed(r.Context(), f.CaseID)
	if err != nil {
		return nil, err
	}
	p.Topics = topics(all)
	row := func(one store.StandardParagraph) ParagraphRow {
		row := s.paragraphRow(words, one, f.order)
		row.UsePath = "/cases/" + f.CaseID + "/paragraphs/" + one.ID
		return row
	}
	for _, one := range found {
		p.Rows = append(p.Rows, row(one))
	}
	for _, one := range used {
		p.Used = append(p.Used, row(one.StandardParagraph))
	}
	return p, nil
}

// paragraphUse notes that a paragraph goes into the reply, and gives its text to be put there.
func (s *Server) paragraphUse(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	me := f.As(who.Person)
	if !me.MayComment(f.State) {
		return &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	one, err := s.Store.Paragraph(r.Context(), r.PathValue("paragraph"))
	if err == nil && one.Division != "" && one.Division != f.State.Lead {
		err = errNotFound
	}
	if err == nil {
		one, err = s.Store.UseParagraph(r.Context(), me, f.CaseID, one.ID)
	}
	if err != nil {
		return err
	}
	p, err := s.newCaseParagraphs(r)
	if err != nil {
		return err
	}
	row := s.paragraphRow(words, one, f.order)
	status := http.StatusOK
	if row.Usable {
		p.Copy = &row
	} else {
		p.Stopped, status = words.T("paragraph.stopped", "Title", one.Title, "Why", row.Stop), http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, p)
}
