package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// deputyThanksPage follows a rating.
type deputyThanksPage struct {
	Frame
	Number   string
	Official string
	Again    bool // the result did not satisfy, so the case is handled again
}

func (*deputyThanksPage) template() string { return "deputy_thanks.html" }

// deputyRate takes the deputy's rating. It goes to the engine like an officer's action, by the account that nobody can log in
// to: a session, if the browser has one, plays no part in it (R12).
func (s *Server) deputyRate(w http.ResponseWriter, r *http.Request) error {
	link, err := s.openLink(r)
	if err != nil {
		return s.refuseLink(w, r, err)
	}
	c, err := s.Store.Case(r.Context(), link.CaseID)
	if err != nil {
		return err
	}
	if s.linkState(link, c.State) != "" {
		return s.renderDeputy(w, r, link, http.StatusConflict, nil)
	}
	rating, err := readRating(r.PostForm, link)
	if err == nil {
		_, err = s.Cases.Act(r.Context(), link.CaseID, rating)
	}
	if err != nil {
		return s.refuseRating(w, r, link, err)
	}
	return s.render(w, r, http.StatusOK, &deputyThanksPage{
		Frame: Frame{Title: s.words(r).T("deputy_page.thanks")}, Number: s.words(r).number(c.Key), Official: c.Key.OfficialTitle(c.Subject),
		Again: rating.Input.(*proposal.Feedback).Result == proposal.NotSatisfied,
	})
}

// readRating makes the action of the form. Only the ratings and the words are the deputy's to say: whose they are and which
// round they are of, the link says.
func readRating(form url.Values, link store.DeputyLink) (proposal.Action, error) {
	in := &proposal.Feedback{}
	wrong := decodeForm(form, in)
	in.StrandTarget, in.Source, in.Scan = proposal.StrandTarget{Ref: linkRef(link)}, proposal.FeedbackFromDeputy, ""
	action := proposal.Action{ID: form.Get(fieldActionID), Kind: proposal.RecordFeedback, By: store.DeputyAccount, Input: in}
	if uuid.Validate(action.ID) != nil {
		wrong = append(wrong, proposal.FieldError{Field: fieldActionID, Code: proposal.FieldMalformed})
	}
	if len(wrong) > 0 {
		return action, everythingWrong(wrong, action)
	}
	return action, action.Check()
}

// linkRef names the rating that the link is for.
func linkRef(link store.DeputyLink) string { return strconv.Itoa(link.Round) }

// refuseRating shows the form again with everything typed, or says that the rating is in already.
func (s *Server) refuseRating(w http.ResponseWriter, r *http.Request, link store.DeputyLink, err error) error {
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	words := s.words(r)
	form := newRatingForm(words, r)
	switch refusal.Code {
	case proposal.InvalidInput:
		form.errors = fieldWords(words, refusal.Fields)
	case proposal.EngineUnavailable:
		// The same id: it may have been done, and is then done once.
		form.ActionID, form.errors = r.PostForm.Get(fieldActionID), []fieldMessage{{"attitude", words.T("deputy_page.unavailable")}}
	}
	return s.renderDeputy(w, r, link, statusOf[refusal.Code], form)
}

func newRatingForm(w *words, r *http.Request) *Form {
	return &Form{
		Kind: "deputy", Path: r.URL.Path, ActionID: newActionID(), Do: w.T("deputy_page.send"),
		words: w, values: r.PostForm, options: map[string][]Choice{
			"attitude": choices(w, "deputy_page.", proposal.Ratings), "result": choices(w, "deputy_page.", proposal.Ratings),
		},
	}
}
