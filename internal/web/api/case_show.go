package api

import (
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

func (s *Room) caseShow(call *Call, _ nothing) (Case, error) {
	f, err := s.OpenCase(call.Context(), call.PathValue("id"), call.who)
	if err != nil {
		return Case{}, err
	}
	c := Case{
		CaseRow: s.caseRow(call, f.CaseRow), State: f.State, Described: f.Described, CoSigners: append([]string{}, f.CoSigners...),
		Text: f.Text, HandlingType: f.HandlingType, KeySupervised: f.State.KeySupervised, Secrecy: f.State.Secrecy,
		Money: f.State.Money, Wish: f.Wish, RegisteredAt: f.RegisteredAt,
		Points: []Point{}, Consultations: []Attempt{}, Versions: []Version{}, Offers: []Offer{}, Published: f.Published,
	}
	for _, p := range f.Points {
		c.Points = append(c.Points, Point(p))
	}
	for _, a := range f.Consultations {
		c.Consultations = append(c.Consultations, Attempt{a.No, a.Consultation, Person{a.By, call.words.Name(f.People[a.By])}})
	}
	for _, d := range f.Drafts {
		c.Versions = append(c.Versions, versionOf(call.words, d, f.People))
	}
	if f.Draft != nil {
		c.Draft = draftOf(f.Draft.Draft)
	}
	for _, o := range f.Offers(call.who) {
		o.To = append([]proposal.Stage{}, o.To...)
		c.Offers = append(c.Offers, Offer(o))
	}
	c.addBeside(call, f)
	return c, nil
}

// addBeside adds what ran beside the main way.
func (c *Case) addBeside(call *Call, f *casefile.File) {
	c.Opinions, c.Feedback, c.Commitments, c.Editions, c.Group = []Opinion{}, []Rating{}, []Commitment{}, []Edition{}, []GroupMember{}
	c.RatedBeside = []RatingBeside{}
	for _, o := range f.Opinions {
		c.Opinions = append(c.Opinions, Opinion{
			o.Ref, f.RefName(call.words, proposal.OpinionStrand, o.Ref), o.Round, o.Question, append([]int{}, o.Points...), o.Text, o.Figures, o.Contact, o.Publish,
		})
	}
	for _, r := range f.Feedback {
		c.Feedback = append(c.Feedback, Rating{r.Round, r.Source, r.Attitude, r.Result, r.Words, r.At})
	}
	for round := 1; round <= max(1, f.State.Round); round++ {
		for _, r := range f.RatedBeside(round) {
			c.RatedBeside = append(c.RatedBeside, RatingBeside{r.CoSigner, Rating{r.Round, r.Source, r.Attitude, r.Result, r.Words, r.At}})
		}
	}
	for _, p := range f.Commitments {
		c.Commitments = append(c.Commitments, Commitment(p))
	}
	for _, p := range f.Publications {
		c.Editions = append(c.Editions, Edition{p.Edition, p.Round, p.Version, p.PublishedOn, p.Note, p.TakenDownAt, p.Reason})
	}
	for _, m := range f.Group {
		c.Group = append(c.Group, GroupMember{m.CaseID, m.Key.NumberName(), m.Subject, m.Stage, m.Leads})
	}
}

// draftOf has a list, if an empty one, wherever the schema says so.
func draftOf(d proposal.Draft) *proposal.Draft {
	d.Answers = append([]proposal.PointAnswer{}, d.Answers...)
	for i := range d.Answers {
		d.Answers[i].Sections = append([]int{}, d.Answers[i].Sections...)
	}
	return &d
}

func versionOf(w *locale.Words, d store.DraftInfo, people map[proposal.PersonID]store.Name) Version {
	return Version{d.Version, d.SHA256, Person{d.SavedBy, w.Name(people[d.SavedBy])}, d.SavedAt}
}
