package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// draftLive is what an open editor is told while somebody types: parts of the page, each under the id by which the page has it.
type draftLive struct {
	Frame
	ID     string
	Form   *CaseForm // nil when nothing was typed
	State  *DraftState
	Alert  string // why the words were not kept, or what happened to the case meanwhile
	Base   int    // the version that the words go on from now
	Rev    int    // the working copy that holds them
	Latest int    // the newest version
	Kept   bool
}

func (*draftLive) template() string { return "draft_live.html" }

// draftCheck keeps what is being typed and says what is found in it (R18).
func (s *Server) draftCheck(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	p := &draftLive{ID: f.CaseID, Rev: f.work.Rev}
	kept, err := s.keepTyped(r, f, who)
	if err != nil {
		return s.refuseTyping(w, r, f, p, err)
	}
	if f, err = s.openCase(r.Context(), f.CaseID, who); err != nil { // as it is now, with a version that was just cut
		return err
	}
	f.work = kept.Work
	if f.others, err = s.Store.Here(r.Context(), f.CaseID, who.ID); err != nil {
		return err
	}
	p.Base, p.Rev, p.Kept = kept.Work.Base, kept.Work.Rev, !kept.Behind
	p.Latest, p.State = kept.Latest.Version, draftState(words, f)
	switch {
	case kept.Moved != nil:
		p.Alert = words.T("draft.moved", "Who", s.personName(r, kept.Moved.By), "Stage", words.T("stage."+string(f.State.Stage)))
	case kept.Behind:
		p.Alert = words.T("draft.behind")
	}
	offers := f.offers(who)
	if i := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == proposal.Submit }); i >= 0 {
		p.Form = s.newCaseForm(words, f, offers[i], who, r.PostForm)
		if err := s.showTheirs(r.Context(), words, f, p.Form.Draft, kept.Theirs, who); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, p)
}

func (s *Server) keepTyped(r *http.Request, f *caseFile, who *store.Person) (store.KeptWork, error) {
	if !f.mayDraft(who) {
		return store.KeptWork{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	typed, err := s.typedDraft(r.Context(), r.PostForm, f)
	if err != nil {
		return store.KeptWork{}, err
	}
	return s.Store.KeepWork(r.Context(), f.CaseID, who.ID, typed, r.PostForm.Has("cut"))
}

// refuseTyping says why words were not kept; the editor holds them until they are.
func (s *Server) refuseTyping(w http.ResponseWriter, r *http.Request, f *caseFile, p *draftLive, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code == proposal.NotFound || refusal.Code == proposal.EngineUnavailable {
		return err
	}
	p.Alert = s.refusalText(r, f, refusal)
	for _, m := range fieldWords(s.words(r), refusal.Fields) {
		p.Alert += m.text
	}
	return s.render(w, r, statusOf[refusal.Code], p)
}

// draftHere is the sign of life of an open editor: it is told who else is writing, and of a version that came in between.
func (s *Server) draftHere(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	p := &draftLive{ID: f.CaseID, Rev: f.work.Rev, Base: f.work.Base}
	if !f.mayDraft(who) {
		return s.refuseTyping(w, r, f, p, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler})
	}
	if f.others, err = s.Store.Here(r.Context(), f.CaseID, who.ID); err != nil {
		return err
	}
	p.Latest, p.State = f.newest(), draftState(words, f)
	return s.render(w, r, http.StatusOK, p)
}
