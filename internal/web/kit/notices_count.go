package kit

import "net/http"

// withNews counts the unread notices into the navigation. A page is worth more than the number: without it, it is drawn all the
// same.
func (s *Kit) withNews(r *http.Request, links []NavLink) []NavLink {
	for i := range links {
		if links[i].Name != "notices" {
			continue
		}
		unread, err := s.store.UnreadNotices(r.Context(), OfficerOf(r).ID)
		if err != nil {
			s.Log.WarnContext(r.Context(), "unread notices not counted", "err", err)
		}
		links[i].New = unread
	}
	return links
}
