package office

import (
	"net/http"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// caseParagraphsPage lists the standard paragraphs beside the reply of a case.
type caseParagraphsPage struct {
	kit.Frame
	ID, Number, Official string
	Rows                 []ParagraphRow
	Topics               []kit.Choice
	Text, Topic          string
	Used                 []ParagraphRow
	Copy                 *ParagraphRow // the one that was just taken: its text to be copied
	Stopped              string        // why one was not taken
}

func (*caseParagraphsPage) Template() string { return "case_paragraphs.html" }

// CaseParagraphs shows what the reply may be written with, and what it was.
func (s *Room) CaseParagraphs(w http.ResponseWriter, r *http.Request) error {
	p, err := s.newCaseParagraphs(r)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

func (s *Room) newCaseParagraphs(r *http.Request) (*caseParagraphsPage, error) {
	who, words, query := kit.OfficerOf(r), s.Words(r), r.URL.Query()
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return nil, err
	}
	if !f.As(who.Person).MayComment(f.State) {
		return nil, &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	p := &caseParagraphsPage{
		Frame: kit.Frame{Title: words.T("paragraph.title"), Section: "tasks"}, ID: f.CaseID, Number: words.Number(f.Key),
		Official: f.Title, Text: query.Get("q"), Topic: query.Get("topic"),
	}
	all, err := s.store.Paragraphs(r.Context(), store.ParagraphFilter{Division: f.State.Lead})
	if err != nil {
		return nil, err
	}
	found, err := s.store.Paragraphs(r.Context(), store.ParagraphFilter{Text: p.Text, Topic: p.Topic, Division: f.State.Lead})
	if err != nil {
		return nil, err
	}
	used, err := s.store.ParagraphsUsed(r.Context(), f.CaseID)
	if err != nil {
		return nil, err
	}
	p.Topics = topics(all)
	row := func(one store.StandardParagraph) ParagraphRow {
		row := s.paragraphRow(words, one, f.Units)
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

// ParagraphUse notes that a paragraph goes into the reply, and gives its text to be put there.
func (s *Room) ParagraphUse(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	me := f.As(who.Person)
	if !me.MayComment(f.State) {
		return &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	one, err := s.store.Paragraph(r.Context(), r.PathValue("paragraph"))
	if err == nil && one.Division != "" && one.Division != f.State.Lead {
		err = kit.ErrNotFound
	}
	if err == nil {
		one, err = s.store.UseParagraph(r.Context(), me, f.CaseID, one.ID)
	}
	if err != nil {
		return err
	}
	p, err := s.newCaseParagraphs(r)
	if err != nil {
		return err
	}
	row := s.paragraphRow(words, one, f.Units)
	status := http.StatusOK
	if row.Usable {
		p.Copy = &row
	} else {
		p.Stopped, status = words.T("paragraph.stopped", "Title", one.Title, "Why", row.Stop), http.StatusUnprocessableEntity
	}
	return s.Render(w, r, status, p)
}
