package caseroom

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// editPage is where a reviewer puts other words in place of the reply's, sees what they changed, and passes exactly that.
type editPage struct {
	*casePage
	Version int
	SHA256  string // of the version that is edited
	Body    string
	Own     *reply.CompareView // their own changes
	Found   []reply.FindingView
	Kind    proposal.Kind // what passes the edited text: pass_review, or send_back to the openness review for a signer
	Post    string
	Do      string
	Says    string
	Reason  string
	Must    int
}

func (*editPage) Template() string { return "review_edit.html" }

// EditShow opens the reply in review for edits.
func (s *Room) EditShow(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openReply(r)
	if err != nil {
		return err
	}
	p, err := s.newEditPage(r, f, url.Values{"body": {f.Draft.Draft.Body}})
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// EditCompare shows the reviewer's own changes before they press.
func (s *Room) EditCompare(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openReply(r)
	if err != nil {
		return err
	}
	p, err := s.newEditPage(r, f, r.PostForm)
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, p)
}

// mayEdit refuses who decides on the reply by the kind and may not put other words in its place: no decision takes words, somebody
// else could not sign what they wrote, or they are shown masked names and their text would not be the reply's.
func (s *Room) mayEdit(ctx context.Context, kind proposal.Kind, f *casefile.File, who *store.Person) (*proposal.Refusal, error) {
	switch {
	case kind != proposal.PassReview && kind != proposal.Sign:
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.OfficeReviewer}, nil
	case f.Masked:
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.DivisionHead}, nil
	case kind == proposal.PassReview:
		return nil, nil
	}
	staff, err := s.store.Staff(ctx)
	if err != nil {
		return nil, err
	}
	return staff.LeftBy(f.State, who.ID, f.Pack), nil
}

// newEditPage draws the page; it refuses who may not pass this reply now.
func (s *Room) newEditPage(r *http.Request, f *casefile.File, typed url.Values) (*editPage, error) {
	who, words := kit.OfficerOf(r), s.Words(r)
	kind := proposal.PassReview
	offers := f.Offers(who)
	can := func(kind proposal.Kind) bool {
		return slices.ContainsFunc(offers, func(o proposal.Offer) bool { return o.Kind == kind })
	}
	if can(proposal.Sign) {
		kind = proposal.Sign
	}
	refusal, err := s.mayEdit(r.Context(), kind, f, who)
	switch {
	case err != nil:
		return nil, err
	case !can(kind):
		return nil, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.OfficeReviewer}
	case refusal != nil:
		return nil, refusal
	case kind == proposal.Sign:
		kind = proposal.SendBack
	}
	p := &editPage{casePage: s.newCasePage(words, f, who), Version: f.Draft.Version, SHA256: cmp.Or(typed.Get("sha256"), f.State.DraftSHA256), Kind: kind, Reason: typed.Get("reason")}
	s.offerForm(words, p.casePage, f, who, wanted{kind: kind, ref: ""})
	if p.Form == nil || p.Form.Kind != kind {
		return nil, &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	edited := *f.Draft
	edited.Draft = *reply.EditedDraft(typed, *f.Draft)
	p.Body, p.Post = edited.Draft.Body, actPath(f.CaseID, kind)
	p.Own = reply.CompareDrafts(f, words, *f.Draft, edited)
	p.Own.Rows = slices.DeleteFunc(p.Own.Rows, func(row reply.CompareRow) bool { return !row.Changed })
	p.Do, p.Says = words.T("edit.do."+string(kind), "Next", words.T("stage."+string(nextStage(f, proposal.Offer{Kind: proposal.PassReview})))), words.T("edit.says."+string(kind))
	if p.Reason == "" {
		p.Reason = words.T("edit.reason")
	}
	facts, err := s.store.DraftFacts(r.Context(), f.CaseID)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(proposal.ExamineDraft(edited.Draft, f.State, *s.ExamineFacts(f, facts, f.Days)), func(found proposal.Finding) bool {
		return found.Code == proposal.DraftNotAgreed || found.Mark != nil && found.Mark.Level == replytext.ReminderMark
	})
	p.Found = reply.Findings(words, f, found, url.Values{}, edited.Draft.Body)
	p.Must = len(p.Found)
	return p, nil
}

// editedFrom is the version whose words the form has changed. Pressed a second time, it is no longer the newest, and the form still says the same.
func (s *Room) editedFrom(r *http.Request, f *casefile.File) (*store.SavedDraft, error) {
	for _, d := range f.Drafts {
		if d.SHA256 == r.PostForm.Get("sha256") {
			from, err := s.version(r, f, d.Version)
			return &from, err
		}
	}
	return f.Draft, nil
}

// withEdits puts the edited reply into the action of a form that brings one.
func withEdits(input proposal.Input, form url.Values, from store.SavedDraft) {
	edited := reply.EditedDraft(form, from)
	switch in := input.(type) {
	case *proposal.ReviewPass:
		in.Edited = edited
	case *proposal.SendingBack:
		in.Edited = edited
	}
}

// refuseEdit shows the editing page again with what is wrong.
func (s *Room) refuseEdit(w http.ResponseWriter, r *http.Request, f *casefile.File, cause error) error {
	var refusal *proposal.Refusal
	if !errors.As(cause, &refusal) {
		return cause
	}
	who := kit.OfficerOf(r)
	now, err := s.OpenCase(r.Context(), f.CaseID, who)
	if err != nil {
		return err
	}
	p, err := s.newEditPage(r, now, r.PostForm)
	if err != nil {
		return cause
	}
	p.Form.Wrong = kit.FieldWords(s.Words(r), refusal.Fields)
	if refusal.Code != proposal.InvalidInput {
		p.Form.Wrong = append(p.Form.Wrong, kit.FieldMessage{Field: "body", Text: s.RefusalText(r, now, refusal)})
	}
	return s.Render(w, r, kit.StatusOf[refusal.Code], p)
}
