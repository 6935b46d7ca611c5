package web

import (
	"net/http"
	"strconv"
)

// caseShow draws one case with the form that the officer may act on now, or the one asked for by ?do=.
func (s *Server) caseShow(w http.ResponseWriter, r *http.Request) error {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
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
	if err := s.Store.ReadCaseNotices(r.Context(), who.ID, f.CaseID); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// readPage is the page as its address asks for it.
func (s *Server) readPage(r *http.Request, f *caseFile) (*casePage, error) {
	words, who := s.words(r), officerOf(r)
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
	return p, s.addCall(r, p, f)
}

// addReply shows the newest draft, or the version asked for by ?draft=, and what was said about it. Who is writing has it in the
// form already.
func (s *Server) addReply(r *http.Request, p *casePage, f *caseFile) error {
	if f.Draft == nil {
		return nil
	}
	if f.whole && f.State.Signer != "" {
		p.Print = "/cases/" + f.CaseID + "/preview"
	}
	words := s.words(r)
	version, err := strconv.Atoi(r.URL.Query().Get("draft"))
	if err != nil || version == f.Draft.Version || !f.whole {
		if p.Form == nil || p.Form.Draft == nil || err == nil {
			p.Reply = reply(words, s.paperWords(), f, *f.Draft)
		}
		return s.addReview(r, p, f)
	}
	older, err := s.version(r, f, version)
	if err != nil {
		return err
	}
	p.Reply = reply(words, s.paperWords(), f, older)
	return nil
}
