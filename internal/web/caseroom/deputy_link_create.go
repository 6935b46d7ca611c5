package caseroom

import (
	"net/http"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// deputyLinkPage shows the address of a new one-time link: once, to be printed on the feedback form.
type deputyLinkPage struct {
	kit.Frame
	CaseID, Number, Official, Deputy string
	Address                          string
	Until                            string
}

func (*deputyLinkPage) Template() string { return "deputy_link.html" }

// mayLinkDeputy: the liaison sends the feedback form, as long as the rating of this round can still come.
func mayLinkDeputy(s proposal.State, who *store.Person) bool {
	r := s.Strand(proposal.FeedbackStrand, strconv.Itoa(max(1, s.Round)))
	return who.Has(proposal.Liaison) && r != nil && casefile.AwaitsRating(r)
}

// DeputyLinkCreate makes a link. It is not kept: who loses it makes another.
func (s *Room) DeputyLinkCreate(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	secret, link, err := s.store.MakeDeputyLink(r.Context(), who.ID, f.CaseID, kit.NewActionID())
	if err != nil {
		return err
	}
	return s.Render(w, r, http.StatusOK, &deputyLinkPage{
		Frame: kit.Frame{Title: words.T("link.title"), Section: "tasks"}, CaseID: f.CaseID, Number: words.Number(f.Key),
		Official: f.Title, Deputy: f.LeadDeputy, Address: s.siteAddress(r) + "/deputy/" + secret,
		Until: words.FullDay(calendar.DateOf(link.ExpiresAt)),
	})
}

// siteAddress is the site as the reader's browser knows it.
func (s *Room) siteAddress(r *http.Request) string {
	if s.SecureCookies || r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
