package casefile

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
)

// ReadTaskFilter reads what a task list was asked for; without a box it is 待办. What means nothing is left for the store to refuse.
func ReadTaskFilter(v url.Values) store.TaskFilter {
	f := store.TaskFilter{
		Box: store.Box(v.Get("box")), Query: strings.TrimSpace(v.Get("q")), Step: proposal.Step(v.Get("step")),
		Division: proposal.DivisionID(v.Get("division")), Body: proposal.Body(v.Get("body")), Level: proposal.Level(v.Get("level")),
		Supervised: v.Get("supervised") != "", Within: store.Within(v.Get("within")), Only: store.Only(v.Get("only")), Sort: store.Sort(v.Get("sort")),
	}
	if year := v.Get("year"); year != "" {
		f.Year = -1 // no year
		if n, err := strconv.Atoi(year); err == nil {
			f.Year = n
		}
	}
	if f.Box == "" {
		f.Box = store.Todo
	}
	return f
}

// listCookie remembers which list the browser showed last: a case is opened from there, and the way back leads there.
const listCookie = "list"

// RememberList notes that cases are opened from this page. A page that refreshes itself may stand in another tab.
func (s *Files) RememberList(w http.ResponseWriter, r *http.Request) {
	if kit.Refreshes(r) {
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: listCookie, Value: url.QueryEscape(r.URL.RequestURI()), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.SecureCookies,
	})
}

// LastList is the list that was shown last; the desk if there was none.
func LastList(r *http.Request) *url.URL {
	if cookie, err := r.Cookie(listCookie); err == nil {
		if path, err := url.QueryUnescape(cookie.Value); err == nil {
			if list, err := url.Parse(kit.LocalPath(path)); err == nil {
				return list
			}
		}
	}
	return &url.URL{Path: "/"}
}
