package caseroom

import (
	"net/http"

	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// briefPage is what a case is, beside a list in which it has the focus: a wide screen has room for it.
type briefPage struct {
	casePage
	Path   string               // of the case, with what its row is about
	Recent []casefile.PastEvent // newest first
}

func (*briefPage) Template() string { return "brief.html" }

// recentShown is how much of the past a brief tells.
const recentShown = 8

// BriefShow draws the brief. It is no look at the case: notices stay unread.
func (s *Room) BriefShow(w http.ResponseWriter, r *http.Request) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	f, err := s.OpenCase(r.Context(), r.PathValue("id"), who)
	if err != nil {
		return err
	}
	page := s.newCasePage(words, f, who)
	s.offerForm(words, page, f, who, wantedIn(r.URL.Query()))
	p := &briefPage{casePage: *page, Path: "/cases/" + f.CaseID, Recent: page.Past[:min(recentShown, len(page.Past))]}
	if r.URL.RawQuery != "" {
		p.Path += "?" + r.URL.Query().Encode()
	}
	return s.Render(w, r, http.StatusOK, p)
}
