package site

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// deputyThanksPage follows a rating.
type deputyThanksPage struct {
	kit.Frame
	Number   string
	Official string
	Again    bool // the result did not satisfy, so the case is handled again
	CoSigner bool // what is kept beside the lead's rating
}

func (*deputyThanksPage) Template() string { return "deputy_thanks.html" }

// DeputyRate takes the deputy's rating. It goes to the engine like an officer's action, by the account that nobody can log in
// to: a session, if the browser has one, plays no part in it (R12).
func (s *Room) DeputyRate(w http.ResponseWriter, r *http.Request) error {
	link, err := s.openLink(r)
	if err != nil {
		return s.refuseLink(w, r, err)
	}
	c, err := s.store.Case(r.Context(), link.CaseID)
	if err != nil {
		return err
	}
	if s.linkState(link, c) != "" {
		return s.renderDeputy(w, r, link, http.StatusConflict, nil)
	}
	rating, err := readRating(r.PostForm, link)
	if err == nil {
		_, err = s.cases.Act(r.Context(), link.CaseID, rating)
	}
	if err != nil {
		return s.refuseRating(w, r, link, err)
	}
	return s.Render(w, r, http.StatusOK, &deputyThanksPage{
		Frame: kit.Frame{Title: s.Words(r).T("deputy_page.thanks")}, Number: s.Words(r).Number(c.Key), Official: c.Title,
		Again: link.CoSigner == "" && r.PostForm.Get("result") == string(proposal.NotSatisfied), CoSigner: link.CoSigner != "",
	})
}

// readRating makes the action of the form. Only the ratings and the words are the deputy's to say: whose they are and which
// round they are of, the link says.
func readRating(form url.Values, link store.DeputyLink) (proposal.Action, error) {
	in := &proposal.Feedback{}
	wrong := kit.DecodeForm(form, in)
	in.StrandTarget, in.Source, in.Scan = proposal.StrandTarget{Ref: linkRef(link)}, proposal.FeedbackFromDeputy, ""
	action := proposal.Action{ID: form.Get(kit.FieldActionID), Kind: proposal.RecordFeedback, By: store.DeputyAccount, Input: in}
	if link.CoSigner != "" {
		action.Kind, action.Input = proposal.RateAsCoSigner, &proposal.CoSignerRating{
			CoSigner: link.CoSigner, Round: link.Round, Source: in.Source, Attitude: in.Attitude, Result: in.Result, Words: in.Words,
		}
	}
	if uuid.Validate(action.ID) != nil {
		wrong = append(wrong, proposal.FieldError{Field: kit.FieldActionID, Code: proposal.FieldMalformed})
	}
	if len(wrong) > 0 {
		return action, casefile.EverythingWrong(wrong, action)
	}
	return action, action.Check()
}

// linkRef names the rating that the link is for.
func linkRef(link store.DeputyLink) string { return strconv.Itoa(link.Round) }

// refuseRating shows the form again with everything typed, or says that the rating is in already.
func (s *Room) refuseRating(w http.ResponseWriter, r *http.Request, link store.DeputyLink, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	words := s.Words(r)
	form := newRatingForm(words, r)
	switch refusal.Code {
	case proposal.InvalidInput:
		form.Wrong = kit.FieldWords(words, refusal.Fields)
	case proposal.EngineUnavailable:
		// The same id: it may have been done, and is then done once.
		why := words.T("deputy_page.unavailable")
		if refusal.Cause != "" {
			why = words.T("deputy_page.out_of_order")
		}
		form.ActionID, form.Wrong = r.PostForm.Get(kit.FieldActionID), []kit.FieldMessage{{Field: "act", Text: why}}
	}
	return s.renderDeputy(w, r, link, kit.StatusOf[refusal.Code], form)
}

func newRatingForm(w *locale.Words, r *http.Request) *kit.Form {
	return &kit.Form{
		Kind: "deputy", Path: r.URL.Path, ActionID: kit.NewActionID(), Do: w.T("deputy_page.send"),
		Words: w, Values: r.PostForm, Choices: map[string][]kit.Choice{
			"attitude": kit.Choices(w, "deputy_page.", proposal.Ratings), "result": kit.Choices(w, "deputy_page.", proposal.Ratings),
		},
	}
}
