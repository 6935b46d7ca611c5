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
		apiCaseRow: s.apiCaseRow(call, f.CaseRow), State: f.State, Category: f.Category, CoSigners: append([]string{}, f.CoSigners...),
		Delegation: f.Delegation, Text: f.Text, HandlingType: f.HandlingType, KeySupervised: f.KeySupervised, Secrecy: f.Secrecy,
		Wish: f.Wish, SourceID: f.SourceID, RegisteredAt: f.RegisteredAt,
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
	if claimant := f.claimedBy(); claimant == "" || claimant == call.who.ID {
		for _, t := range proposal.Offers(f.State, call.who.Person, f.Pack) {
			c.Offers = append(c.Offers, apiOffer{t.Kind, t.To})
		}
	}
	return c, nil
}

// apiDraftOf has a list, if an empty one, wherever the schema says so.
func apiDraftOf(d proposal.Draft) *proposal.Draft {
	d.Answers = append([]proposal.Answer{}, d.Answers...)
	for i := range d.Answers {
		d.Answers[i].Sections = append([]int{}, d.Answers[i].Sections...)
	}
	return &d
}

func apiVersionOf(w *words, d store.DraftInfo, people map[proposal.PersonID]store.Name) apiVersion {
	return apiVersion{d.Version, d.SHA256, apiPerson{d.SavedBy, w.Name(people[d.SavedBy])}, d.SavedAt}
}
