package admin

import (
	"net/http"
	"net/url"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// SessionRow is a session that stands, in words, and where it is ended.
type SessionRow struct {
	Says string
	Path string // "" for the one of whoever looks
}

// sessionRows are the sessions of a person; under is the address below which one is ended.
func (s *Room) sessionRows(r *http.Request, who store.Person, under string) (rows []SessionRow, err error) {
	words := s.Words(r)
	all, err := s.SessionsOf(r, who)
	for _, one := range all {
		row := SessionRow{Says: words.T("sessions.one", "Since", words.Moment(one.Since), "From", one.From, "Seen", words.Moment(one.Seen))}
		if one.Here {
			row.Says = words.T("sessions.here", "Since", words.Moment(one.Since), "From", one.From)
		} else {
			row.Path = under + "/sessions/" + url.PathEscape(one.ID) + "/end"
		}
		rows = append(rows, row)
	}
	return rows, err
}

// SessionEnd ends somebody's session.
func (s *Room) SessionEnd(w http.ResponseWriter, r *http.Request) error {
	who, err := keeper(r)
	if err != nil {
		return err
	}
	of, err := s.store.Person(r.Context(), proposal.PersonID(r.PathValue("person")))
	if err != nil {
		return err
	}
	if err := s.EndSession(r, who.ID, of, r.PathValue("session")); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.session_ended"))
	http.Redirect(w, r, "/people/"+url.PathEscape(string(of.ID)), http.StatusSeeOther)
	return nil
}

// OwnSessionEnd ends a session of one's own, opened elsewhere.
func (s *Room) OwnSessionEnd(w http.ResponseWriter, r *http.Request) error {
	who := kit.OfficerOf(r)
	if err := s.EndSession(r, who.ID, *who, r.PathValue("session")); err != nil {
		return err
	}
	s.Flash(r, s.Words(r).T("flash.session_ended"))
	http.Redirect(w, r, "/password", http.StatusSeeOther)
	return nil
}
