package web

import (
	"net/http"
	"slices"

	"github.com/banli/banli/internal/proposal"
)

// conflictPage tells the loser of a race who won, what that changed, and that every word is still there.
type conflictPage struct {
	*casePage
	Headline  string
	NotDone   string
	Situation []Fact
	Recent    []PastEvent
	Kept      *Kept
	Continue  string // where the kept words go on; empty if this officer has no form for them now
}

func (*conflictPage) template() string { return "conflict.html" }

// recentEvents is how many of the last acts tell who was first.
const recentEvents = 4

func (s *Server) showConflict(w http.ResponseWriter, r *http.Request, f *caseFile, kind proposal.Kind, refusal *proposal.Refusal) error {
	words, who := s.words(r), officerOf(r)
	p := &conflictPage{casePage: s.newCasePage(words, f, who)}
	s.offerForm(words, p.casePage, f, who, wantedOf(kind, r.PostForm))
	act := words.T("action." + string(kind))
	p.NotDone = words.T("conflict.not_done", "Action", act)
	switch refusal.Code {
	case proposal.TextChanged:
		p.Headline = words.T("refusal.text_changed.title")
	case proposal.NotUnderWay, proposal.AlreadyUnderWay:
		p.Headline = words.T("refusal." + string(refusal.Code) + ".title")
	case proposal.ClaimedByOther:
		p.Headline = words.T("conflict.claimed", "Who", s.personName(r, refusal.By))
	default:
		p.Headline = words.T("conflict.first", "Who", s.personName(r, refusal.By), "Ago", words.Ago(refusal.At), "Time", words.Moment(refusal.At),
			"Did", words.T("action."+string(refusal.Did)))
		if refusal.By == who.ID {
			p.Headline = words.T("conflict.self", "Ago", words.Ago(refusal.At), "Time", words.Moment(refusal.At), "Did", words.T("action."+string(refusal.Did)))
		}
	}
	p.Situation = []Fact{{"stage", words.T("stage." + string(f.State.Stage))}, {"turn", p.Waiting}}
	if p.SentBack != nil {
		p.Situation = append(p.Situation, Fact{"reason", p.SentBack.Reason})
	}
	p.Recent = p.Past[:min(recentEvents, len(p.Past))]
	slices.Reverse(p.Recent)
	p.Kept = s.keep(r)
	if p.Form != nil && p.Form.Kind == kind {
		p.Continue = "/cases/" + f.CaseID + "/form/" + string(kind)
	}
	return s.render(w, r, http.StatusConflict, p)
}

// personName is what a person is called; words for the system if the id is empty.
func (s *Server) personName(r *http.Request, id proposal.PersonID) string {
	words := s.words(r)
	if id == "" {
		return words.T("event.system")
	}
	p, err := s.Store.Person(r.Context(), id)
	if err != nil {
		return words.T("conflict.somebody")
	}
	return words.Name(p.Name)
}
