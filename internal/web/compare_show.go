package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/banli/banli/internal/store"
)

// comparePage shows two versions of a reply side by side; on a phone, one within the other.
type comparePage struct {
	Frame
	ID, Number, Official string
	Note                 string       // how they differ, or why there is nothing to compare
	Compare              *CompareView // nil: there are no two
	Versions             []VersionView
}

func (*comparePage) template() string { return "compare.html" }

// compareShow compares any two versions, ?a= and ?b=. Without them it begins with the version that the reader saw last, else with
// the one before the newest.
func (s *Server) compareShow(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openVersions(r)
	if err != nil {
		return err
	}
	words := s.words(r)
	p := &comparePage{
		Frame: Frame{Title: words.T("compare.title", "Number", words.number(f.Key)), Section: "tasks"},
		ID:    f.CaseID, Number: words.number(f.Key), Official: f.Key.OfficialTitle(f.Subject), Versions: versions(words, f),
	}
	switch len(p.Versions) {
	case 0:
		p.Note = words.T("draft.none")
		return s.render(w, r, http.StatusOK, p)
	case 1:
		p.Note = words.T("compare.alone")
		return s.render(w, r, http.StatusOK, p)
	}
	before, err := s.Store.SeeDraft(r.Context(), officerOf(r).ID, f.CaseID, f.Draft.Version)
	if err != nil {
		return err
	}
	from, to, err := s.twoVersions(r, f, before)
	if err != nil {
		return err
	}
	p.Compare = f.compareDrafts(words, from, to)
	p.Note = p.Compare.Summary
	if p.Compare.Same {
		p.Note = words.T("compare.same")
	}
	if err := s.nameChanges(r.Context(), words, f, p.Compare); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// openVersions opens a case whose reply the officer may read in all its versions; there may be none yet.
func (s *Server) openVersions(r *http.Request) (*caseFile, error) {
	who := officerOf(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return nil, err
	}
	if !f.As(who.Person).SeesAll(f.State) {
		return nil, errNotFound
	}
	return f, nil
}

// openReply opens a case for somebody who may read its reply in all its versions.
func (s *Server) openReply(r *http.Request) (*caseFile, error) {
	f, err := s.openVersions(r)
	if err != nil {
		return nil, err
	}
	if f.Draft == nil {
		return nil, errNotFound
	}
	return f, nil
}

// twoVersions are those asked for, the older first.
func (s *Server) twoVersions(r *http.Request, f *caseFile, seen store.Seen) (from, to store.SavedDraft, err error) {
	a, b := seen.Version, f.Draft.Version
	if a == 0 {
		a = max(1, b-1)
	}
	a, b = asked(r.URL.Query(), "a", a), asked(r.URL.Query(), "b", b)
	if from, err = s.version(r, f, min(a, b)); err == nil {
		to, err = s.version(r, f, max(a, b))
	}
	return from, to, err
}

func asked(v url.Values, name string, otherwise int) int {
	if n, err := strconv.Atoi(v.Get(name)); err == nil {
		return n
	}
	return otherwise
}

// version reads a version of the reply as the officer may see it.
func (s *Server) version(r *http.Request, f *caseFile, version int) (store.SavedDraft, error) {
	if version == f.Draft.Version {
		return *f.Draft, nil
	}
	d, err := s.Store.Draft(r.Context(), f.CaseID, version)
	return f.Shown(d), err
}
