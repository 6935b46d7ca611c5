package supervision

import (
	"net/http"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
)

// briefPage is the digest that whoever supervises is mailed, as things stand now. It fits a phone.
type briefPage struct {
	kit.Frame
	Brief  casefile.Brief
	Weekly bool
}

func (*briefPage) Template() string { return "digest.html" }

// BriefShow draws today's digest: the daily one, or with ?weekly= the weekly.
func (s *Room) BriefShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	weekly := r.URL.Query().Get("weekly") != ""
	of, err := s.store.BriefOf(r.Context(), who.ID, calendar.DateOf(s.Now()), weekly)
	if err != nil {
		return err
	}
	p := &briefPage{Weekly: weekly}
	if p.Brief, err = s.Brief(r.Context(), words, who, of); err != nil {
		return err
	}
	p.Frame = kit.Frame{Title: p.Brief.Title, Section: "overview"}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}
