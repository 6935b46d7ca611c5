package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/proposal"
)

// editPage is where a reviewer puts other words in place of the reply's, sees what they changed, and passes exactly that.
type editPage struct {
	*casePage
	Version int
	Body    string
	Own     *CompareView // their own changes
	Found   []FindingView
	Kind    proposal.Kind // what passes the edited text: pass_review, or send_back to the openness review for a signer
	Post    string
	Do      string
	Says    string
	Reason  string
	Must    int
}

func (*editPage) template() string { return "review_edit.html" }

// editShow opens the reply in review for edits.
func (s *Server) editShow(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openReply(r)
	if err != nil {
		return err
	}
	p, err := s.newEditPage(r, f, url.Values{"body": {f.Draft.Draft.Body}})
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// editCompare shows the reviewer's own changes before they press.
func (s *Server) editCompare(w http.ResponseWriter, r *http.Request) error {
	f, err := s.openReply(r)
	if err != nil {
		return err
	}
	p, err := s.newEditPage(r, f, r.PostForm)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// newEditPage draws the page; it refuses who may not pass this reply now, and who is shown masked names: their text would not be
// the reply's.
func (s *Server) newEditPage(r *http.Request, f *caseFile, typed url.Values) (*editPage, error) {
	who, words := officerOf(r), s.words(r)
	kind := proposal.PassReview
	offers := f.offers(who)
	can := func(kind proposal.Kind) bool {
		return slices.ContainsFunc(offers, func(o proposal.Offer) bool { return o.Kind == kind })
	}
	if can(proposal.Sign) {
		kind = proposal.SendBack
	} else if !can(proposal.PassReview) {
		return nil, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.OfficeReviewer}
	}
	if f.Masked {
		return nil, &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.DivisionHead}
	}
	p := &editPage{casePage: s.newCasePage(words, f, who), Version: f.Draft.Version, Kind: kind, Reason: typed.Get("reason")}
	s.offerForm(words, p.casePage, f, who, wanted{kind: kind, ref: ""})
	if p.Form == nil || p.Form.Kind != kind {
		return nil, &proposal.Refusal{Code: proposal.NotInStage, Stage: f.State.Stage}
	}
	edited := *f.Draft
	edited.Draft = *editedDraft(typed, f)
	p.Body, p.Post = edited.Draft.Body, actPath(f.CaseID, kind)
	p.Own = f.compareDrafts(words, *f.Draft, edited)
	p.Own.Rows = slices.DeleteFunc(p.Own.Rows, func(row CompareRow) bool { return !row.Changed })
	p.Do, p.Says = words.T("edit.do."+string(kind), "Next", words.T("stage."+string(f.nextStage(proposal.Offer{Kind: proposal.PassReview})))), words.T("edit.says."+string(kind))
	if p.Reason == "" {
		p.Reason = words.T("edit.reason")
	}
	facts, err := s.Store.DraftFacts(r.Context(), f.CaseID)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(proposal.ExamineDraft(edited.Draft, f.State, *s.examineFacts(f, facts, f.days)), func(found proposal.Finding) bool {
		return found.Code == proposal.DraftNotAgreed || found.Mark != nil && found.Mark.Level == proposal.ReminderMark
	})
	p.Found = findings(words, f, found, url.Values{}, edited.Draft.Body)
	p.Must = len(p.Found)
	return p, nil
}

// editedDraft is the reply in review with the words that were typed; what answers which point moves with its paragraph.
func editedDraft(form url.Values, f *caseFile) *proposal.Draft {
	d := f.Draft.Draft
	d.Version = f.Draft.Version
	body := strings.ReplaceAll(form.Get("body"), "\r\n", "\n")
	if strings.TrimRight(body, "\n") == strings.TrimRight(strings.ReplaceAll(d.Body, "\r\n", "\n"), "\n") {
		return &d
	}
	old, now := proposal.Paragraphs(d.Body), proposal.Paragraphs(body)
	d.Body = body
	d.Answers = slices.Clone(d.Answers)
	moved := movedParagraphs(old, now)
	for i := range d.Answers {
		sections := []int{}
		for _, section := range d.Answers[i].Sections {
			if to, ok := moved[section]; ok && !slices.Contains(sections, to) {
				sections = append(sections, to)
			}
		}
		slices.Sort(sections)
		d.Answers[i].Sections = sections
	}
	return &d
}

// withEdits puts the edited reply into the action of a form that brings one.
func withEdits(input proposal.Input, form url.Values, f *caseFile) {
	edited := editedDraft(form, f)
	switch in := input.(type) {
	case *proposal.ReviewPass:
		in.Edited = edited
	case *proposal.SendingBack:
		in.Edited = edited
	}
}

// refuseEdit shows the editing page again with what is wrong.
func (s *Server) refuseEdit(w http.ResponseWriter, r *http.Request, f *caseFile, cause error) error {
	var refusal *proposal.Refusal
	if !errors.As(cause, &refusal) {
		return cause
	}
	who := officerOf(r)
	now, err := s.openCase(r.Context(), f.CaseID, who)
	if err != nil {
		return err
	}
	p, err := s.newEditPage(r, now, r.PostForm)
	if err != nil {
		return cause
	}
	p.Form.errors = fieldWords(s.words(r), refusal.Fields)
	if refusal.Code != proposal.InvalidInput {
		p.Form.errors = append(p.Form.errors, fieldMessage{"body", s.refusalText(r, now, refusal)})
	}
	return s.render(w, r, statusOf[refusal.Code], p)
}
