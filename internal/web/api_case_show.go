package web

import (
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

func (s *Server) apiCaseShow(call *apiCall, _ nothing) (apiCase, error) {
	f, err := s.openCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return apiCase{}, err
	}
	c := apiCase{
		apiCaseRow: s.apiCaseRow(call, f.CaseRow), State: f.State, Described: f.Described, CoSigners: append([]string{}, f.CoSigners...),
		Text: f.Text, HandlingType: f.HandlingType, KeySupervised: f.State.KeySupervised, Secrecy: f.State.Secrecy,
		Money: f.State.Money, Wish: f.Wish, RegisteredAt: f.RegisteredAt,
		Points: []apiPoint{}, Consultations: []apiAttempt{}, Versions: []apiVersion{}, Offers: []apiOffer{}, Published: f.Published,
	}
	for _, p := range f.Points {
		c.Points = append(c.Points, apiPoint(p))
	}
	for _, a := range f.Consultations {
		c.Consultations = append(c.Consultations, apiAttempt{a.Consultation, apiPerson{a.By, call.words.Name(f.People[a.By])}})
	}
	for _, d := range f.Drafts {
		c.Versions = append(c.Versions, apiVersionOf(call.words, d, f.People))
	}
	if f.Draft != nil {
		c.Draft = apiDraftOf(f.Draft.Draft)
	}
	for _, o := range f.offers(call.who) {
		o.To = append([]proposal.Stage{}, o.To...)
		c.Offers = append(c.Offers, apiOffer(o))
	}
	c.addBeside(call, f)
	return c, nil
}

// addBeside adds what ran beside the main way.
func (c *apiCase) addBeside(call *apiCall, f *caseFile) {
	c.Opinions, c.Feedback, c.Commitments, c.Editions, c.Group = []apiOpinion{}, []apiRating{}, []apiCommitment{}, []apiEdition{}, []apiGroupMember{}
	for _, o := range f.Opinions {
		c.Opinions = append(c.Opinions, apiOpinion{
			o.Ref, f.refName(call.words, proposal.OpinionStrand, o.Ref), o.Round, o.Question, append([]int{}, o.Points...), o.Text, o.Figures, o.Contact, o.Publish,
		})
	}
	for _, r := range f.Feedback {
		c.Feedback = append(c.Feedback, apiRating{r.Round, r.Source, r.Attitude, r.Result, r.Words, r.At})
	}
	for _, p := range f.Commitments {
		c.Commitments = append(c.Commitments, apiCommitment(p))
	}
	for _, p := range f.Publications {
		c.Editions = append(c.Editions, apiEdition{p.Edition, p.Round, p.Version, p.PublishedOn, p.Note, p.TakenDownAt, p.Reason})
	}
	for _, m := range f.Group {
		c.Group = append(c.Group, apiGroupMember{m.CaseID, m.Key.NumberName(), m.Subject, m.Stage, m.Leads})
	}
}

// apiDraftOf has a list, if an empty one, wherever the schema says so.
func apiDraftOf(d proposal.Draft) *proposal.Draft {
	d.Answers = append([]proposal.PointAnswer{}, d.Answers...)
	for i := range d.Answers {
		d.Answers[i].Sections = append([]int{}, d.Answers[i].Sections...)
	}
	return &d
}

func apiVersionOf(w *words, d store.DraftInfo, people map[proposal.PersonID]store.Name) apiVersion {
	return apiVersion{d.Version, d.SHA256, apiPerson{d.SavedBy, w.Name(people[d.SavedBy])}, d.SavedAt}
}
