package caseroom

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// CaseShow draws one case with the form that the officer may act on now, or the one asked for by ?do=.
func (s *Room) CaseShow(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	if f, err = s.openEditor(r, f, who); err != nil {
		return err
	}
	p, err := s.readPage(r, f)
	if err != nil {
		return err
	}
	if err := s.fillEditor(r, p, f, who); err != nil {
		return err
	}
	if err := s.store.ReadCaseNotices(r.Context(), who.ID, f.CaseID); err != nil && !kit.TakesNothing(err) {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// readPage is the page as its address asks for it.
func (s *Room) readPage(r *http.Request, f *casefile.File) (*casePage, error) {
	words, who := s.Words(r), kit.OfficerOf(r)
	p := s.newCasePage(words, f, who)
	s.offerForm(words, p, f, who, wantedIn(r.URL.Query()))
	p.History = newHistory(words, f, p.Past, r.URL.Query())
	var err error
	if p.Walk, err = s.walk(r, f); err != nil {
		return nil, err
	}
	if err := s.addReply(r, p, f); err != nil {
		return nil, err
	}
	if err := s.addAmend(r, p, f); err != nil {
		return nil, err
	}
	s.addTalk(r, p, f)
	return p, s.addCall(r, p, f)
}

// addReply shows the newest draft, or the version asked for by ?draft=, and what was said about it. Who is writing has it in the
// form already.
func (s *Room) addReply(r *http.Request, p *casePage, f *casefile.File) error {
	if f.Draft == nil {
		return nil
	}
	if f.Whole && f.State.Signer != "" {
		p.Print, p.Files = "/cases/"+f.CaseID+"/preview", filesPath(f.CaseID, ".docx", f.Draft.Version, 0)
	}
	words := s.Words(r)
	version, err := strconv.Atoi(r.URL.Query().Get("draft"))
	if err != nil || version == f.Draft.Version || !f.Whole {
		if p.Form == nil || p.Form.Draft == nil || err == nil {
			p.Reply = reply.Draw(words, s.PaperWords(), f, *f.Draft)
		}
		return s.addReview(r, p, f)
	}
	older, err := s.version(r, f, version)
	if err != nil {
		return err
	}
	p.Reply = reply.Draw(words, s.PaperWords(), f, older)
	return nil
}
