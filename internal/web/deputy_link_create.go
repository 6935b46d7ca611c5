package web

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// deputyLinkPage shows the address of a new one-time link: once, to be printed on the feedback form.
type deputyLinkPage struct {
	Frame
	CaseID, Number, Official, Deputy string
	Address                          string
	Until                            string
}

func (*deputyLinkPage) template() string { return "deputy_link.html" }

// mayLinkDeputy: the liaison sends the feedback form, as long as the rating of this round can still come.
func mayLinkDeputy(s proposal.State, who *store.Person) bool {
	r := s.Strand(proposal.FeedbackStrand, strconv.Itoa(max(1, s.Round)))
	return who.Has(proposal.Liaison) && r != nil && awaitsRating(r)
}

func awaitsRating(r *proposal.Strand) bool {
	return r.Status == proposal.StrandAsked || r.Status == proposal.StrandSilent
}

// deputyLinkCreate makes a link. It is not kept: who loses it makes another.
func (s *Server) deputyLinkCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := officerOf(r), s.words(r)
	f, err := s.openCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	secret, link, err := s.Store.MakeDeputyLink(r.Context(), who.ID, f.CaseID, newActionID())
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, &deputyLinkPage{
		Frame: Frame{Title: words.T("link.title"), Section: "tasks"}, CaseID: f.CaseID, Number: words.number(f.Key),
		Official: f.Key.OfficialTitle(f.Subject), Deputy: f.LeadDeputy, Address: s.siteAddress(r) + "/deputy/" + secret,
		Until: words.FullDay(calendar.DateOf(link.ExpiresAt)),
	})
}

// siteAddress is the site as the reader's browser knows it.
func (s *Server) siteAddress(r *http.Request) string {
	if s.SecureCookies || r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
