package web

import (
	"net/http"
	"strings"

	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// previewPage is the reply as it will stand on paper (GB/T 9704-2012, 信函格式). Printed, it gives exactly these pages.
type previewPage struct {
	Frame
	ID, Number, Official string
	Version              int    // 0: none was kept yet
	Note                 string // what will be filled in later, in words
	Agency               string
	Marks                []Line // class and openness, upper right of the first page
	Pages                []paper.Page
	Versions             []VersionView
}

func (*previewPage) template() string { return "preview.html" }

// previewShow lays out the version in review or the newest, or the one asked for by ?version=.
func (s *Server) previewShow(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openVersions(r)
	if err != nil {
		return err
	}
	words, paperWords := s.words(r), s.paperWords()
	p := &previewPage{
		Frame: Frame{Title: words.T("preview.title", "Number", words.number(f.Key)), Section: "tasks"},
		ID:    f.CaseID, Number: words.number(f.Key), Official: f.Key.OfficialTitle(f.Subject), Agency: f.Pack.Agency, Versions: versions(words, f),
	}
	if f.Draft == nil {
		return s.render(w, r, http.StatusOK, p)
	}
	d, err := s.version(r, f, asked(r.URL.Query(), "version", f.Draft.Version))
	if err != nil {
		return err
	}
	p.Version, p.Pages = d.Version, paper.Lay(paperReply(paperWords, f, d))
	if f.State.SignedOn.IsZero() || d.Version != f.State.Draft {
		p.Note = words.T("preview.unsigned")
	}
	if class, ok := f.Pack.Class(d.Draft.Class); ok {
		p.Marks = append(p.Marks, Line{paperWords.T("preview.class"), class.Code})
	}
	if d.Draft.Openness != "" {
		p.Marks = append(p.Marks, Line{paperWords.T("preview.openness"), paperWords.T("openness." + string(d.Draft.Openness))})
	}
	return s.render(w, r, http.StatusOK, p)
}

// paperReply is a version as it goes on paper: number and date stand on it once they are given, for the version that they were
// given to.
func paperReply(words *words, f *caseFile, d store.SavedDraft) paper.Reply {
	l := paper.Reply{
		Title: f.Key.ReplyTitle(f.Subject), Addressee: f.addressee(), Agency: f.Pack.Agency,
		Ask: []string{
			words.T("public.reply_division") + f.LeadName.ZH, words.T("public.reply_contact") + d.Draft.ContactName,
			words.T("public.reply_phone") + d.Draft.ContactPhone,
		},
	}
	if d.Version == f.State.Draft {
		l.Number, l.Date = f.State.Number.String(), words.FullDay(f.State.SignedOn)
	}
	if copies := f.Pack.Reply[f.State.Body].Copies; len(copies) > 0 {
		l.Copies = words.T("preview.copies", "List", strings.Join(copies, words.T("preview.copies_join")))
	}
	for _, p := range proposal.Paragraphs(d.Draft.Body) {
		l.Paragraphs = append(l.Paragraphs, paper.Paragraph{Rank: p.Rank, Lead: p.Lead, Text: p.Text})
	}
	return l
}
