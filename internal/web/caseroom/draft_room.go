package caseroom

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
)

// openEditor notes that somebody who may write the reply has it open. What others have typed becomes a version first, so that the
// reader begins with it.
func (s *Room) openEditor(r *http.Request, f *casefile.File, who *store.Person) (*casefile.File, error) {
	want := wantedIn(r.URL.Query()).kind
	if f.State.Stage != proposal.Drafting || !f.MayDraft(who) || want != "" && want != proposal.Submit {
		return f, nil
	}
	cut, err := s.store.CutWorks(r.Context(), f.CaseID, who.ID)
	if err != nil {
		return nil, err
	}
	if cut > 0 {
		if f, err = s.OpenCase(r.Context(), f.CaseID, who); err != nil {
			return nil, err
		}
	}
	f.Others, err = s.store.Here(r.Context(), f.CaseID, who.ID)
	return f, err
}

// fillEditor adds to the form of a draft what came in between, and the outline if it was asked for and nothing is written yet.
func (s *Room) fillEditor(r *http.Request, p *casePage, f *casefile.File, who *store.Person) error {
	if p.Form == nil || p.Form.Draft == nil {
		return nil
	}
	d := p.Form.Draft
	if d.Body == "" && r.URL.Query().Has("outline") {
		d.Body = d.Outline.Body
	}
	if !f.Work.Loose {
		return nil
	}
	return s.showTheirs(r.Context(), s.Words(r), f, d, theirs(f, d.Version, who), who)
}

// refusedDraft is the page of a draft that somebody else has saved meanwhile: their words and those that were sent, told apart. ok
// is false if the reply is no longer this officer's to write.
func (s *Room) refusedDraft(r *http.Request, f *casefile.File, who *store.Person) (p *casePage, ok bool, err error) {
	if f.State.Stage != proposal.Drafting || !f.MayDraft(who) {
		return nil, false, nil
	}
	base, _ := strconv.Atoi(r.PostForm.Get("base_version"))
	p, ok = s.typedPage(r, f, proposal.Submit, r.PostForm)
	if !ok {
		return nil, false, nil
	}
	return p, true, s.showTheirs(r.Context(), s.Words(r), f, p.Form.Draft, theirs(f, base, who), who)
}
