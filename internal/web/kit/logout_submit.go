package kit

import (
	"net/http"

	"github.com/banli/banli/internal/store"
)

// LogoutSubmit ends the session. Who came in by the provider is told that they are still logged in there.
func (s *Kit) LogoutSubmit(w http.ResponseWriter, r *http.Request) error {
	if who := OfficerOf(r); who != nil {
		if err := s.store.TellLogin(r.Context(), who.ID, store.WentOut, From(r)); err != nil {
			return err
		}
	}
	there := s.sessions.GetString(r.Context(), sessionThere)
	if err := s.sessions.Destroy(r.Context()); err != nil {
		return err
	}
	if s.Provider != nil && there != "" {
		if address := s.Provider.Logout(s.Site(r) + "/login"); address != "" {
			r = r.WithContext(WithOfficer(r.Context(), nil))
			return s.Render(w, r, http.StatusOK, &LoggedOutPage{Frame: Frame{Title: s.Words(r).T("logout.title")}, Address: address, Provider: s.ProviderName(r)})
		}
	}
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}
