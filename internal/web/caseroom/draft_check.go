package caseroom

import (
	"errors"
	"net/http"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// draftLive is what an open editor is told while somebody types: parts of the page, each under the id by which the page has it.
type draftLive struct {
	kit.Frame
	ID     string
	Form   *CaseForm // nil when nothing was typed
	State  *reply.DraftState
	Alert  string // why the words were not kept, or what happened to the case meanwhile
	Base   int    // the version that the words go on from now
	Rev    int    // the working copy that holds them
	Latest int    // the newest version
	Kept   bool
}

func (*draftLive) Template() string { return "draft_live.html" }

// DraftCheck keeps what is being typed and says what is found in it (R18).
func (s *Room) DraftCheck(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	p := &draftLive{ID: f.CaseID, Rev: f.Work.Rev}
	kept, err := s.keepTyped(r, f, who)
	if err != nil {
		return s.refuseTyping(w, r, f, p, err)
	}
	if f, err = s.OpenCase(r.Context(), f.CaseID, who); err != nil { // as it is now, with a version that was just cut
		return err
	}
	f.Work = kept.Work
	if f.Others, err = s.store.Here(r.Context(), f.CaseID, who.ID); err != nil {
		return err
	}
	p.Base, p.Rev, p.Kept = kept.Work.Base, kept.Work.Rev, !kept.Behind
	p.Latest, p.State = kept.Latest.Version, reply.DraftStateOf(words, f)
	switch {
	case kept.Moved != nil:
		p.Alert = words.T("draft.moved", "Who", s.PersonName(r, kept.Moved.By), "Stage", words.T("stage."+string(f.State.Stage)))
	case kept.Behind:
		p.Alert = words.T("draft.behind")
	}
	offers := f.Offers(who)
	if i := slices.IndexFunc(offers, func(o proposal.Offer) bool { return o.Kind == proposal.Submit }); i >= 0 {
		p.Form = s.newCaseForm(words, f, offers[i], who, r.PostForm)
		if err := s.showTheirs(r.Context(), words, f, p.Form.Draft, kept.Theirs, who); err != nil {
			return err
		}
	}
	return s.Render(w, r, http.StatusOK, p)
}

func (s *Room) keepTyped(r *http.Request, f *casefile.File, who *store.Person) (store.KeptWork, error) {
	if !f.MayDraft(who) {
		return store.KeptWork{}, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler}
	}
	typed, err := s.typedDraft(r.Context(), r.PostForm, f)
	if err != nil {
		return store.KeptWork{}, err
	}
	return s.store.KeepWork(r.Context(), f.CaseID, who.ID, typed, r.PostForm.Has("cut"))
}

// refuseTyping says why words were not kept; the editor holds them until they are.
func (s *Room) refuseTyping(w http.ResponseWriter, r *http.Request, f *casefile.File, p *draftLive, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code == proposal.NotFound || refusal.Code == proposal.EngineUnavailable {
		return err
	}
	p.Alert = s.RefusalText(r, f, refusal)
	for _, m := range kit.FieldWords(s.Words(r), refusal.Fields) {
		p.Alert += m.Text
	}
	return s.Render(w, r, kit.StatusOf[refusal.Code], p)
}

// DraftHere is the sign of life of an open editor: it is told who else is writing, and of a version that came in between.
func (s *Room) DraftHere(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	p := &draftLive{ID: f.CaseID, Rev: f.Work.Rev, Base: f.Work.Base}
	if !f.MayDraft(who) {
		return s.refuseTyping(w, r, f, p, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Handler})
	}
	if f.Others, err = s.store.Here(r.Context(), f.CaseID, who.ID); err != nil {
		return err
	}
	p.Latest, p.State = newest(f), reply.DraftStateOf(words, f)
	return s.Render(w, r, http.StatusOK, p)
}
