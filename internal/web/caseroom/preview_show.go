package caseroom

import (
	"net/http"

	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// previewPage is the reply as it will stand on paper (GB/T 9704-2012). Printed, it gives exactly these pages.
type previewPage struct {
	kit.Frame
	ID, Number, Official string
	Version              int    // 0: none was kept yet
	Note                 string // what will be filled in later, in words
	Replies              []reply.Sheets
	Pages                int // of all replies
	Addressees           []AddresseeChoice
	Versions             []reply.VersionView
	Files                string // path of the replies shown as .docx; empty if there are none
	PDF                  string // the same as PDF; empty where nobody prints
	Seal                 *SealView
}

// AddresseeChoice is one of several addressees, counted from 1.
type AddresseeChoice struct {
	No   int
	Name string
	Here bool // the one asked for
}

func (*previewPage) Template() string { return "preview.html" }

// PreviewShow lays out the version in review or the newest, or the one asked for by ?version=, once for each addressee, or for the one
// asked for by ?to=.
func (s *Room) PreviewShow(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openVersions(r)
	if err != nil {
		return err
	}
	words := s.Words(r)
	p := &previewPage{
		Frame: kit.Frame{Title: words.T("preview.title", "Number", words.Number(f.Key)), Section: "tasks"},
		ID:    f.CaseID, Number: words.Number(f.Key), Official: f.Title, Versions: reply.Versions(words, f),
	}
	if f.Draft == nil {
		return s.Render(w, r, http.StatusOK, p)
	}
	d, err := s.version(r, f, asked(r.URL.Query(), "version", f.Draft.Version))
	if err != nil {
		return err
	}
	p.Version = d.Version
	to := asked(r.URL.Query(), "to", 0)
	for i, addressee := range f.Addressees() {
		p.Addressees = append(p.Addressees, AddresseeChoice{i + 1, addressee, to == i+1})
	}
	p.Files = filesPath(f.CaseID, ".docx", d.Version, to)
	if s.cases.Prints(r.Context()) {
		p.PDF = filesPath(f.CaseID, ".pdf", d.Version, to)
		if p.Seal, err = s.sealView(r, f, d.Version); err != nil {
			return err
		}
	}
	p.Replies, p.Pages = reply.Lay(replies(s.PaperWords(), f, d, to))
	if f.State.SignedOn.IsZero() || d.Version != f.State.Draft {
		p.Note = words.T("preview.unsigned")
	}
	return s.Render(w, r, http.StatusOK, p)
}
