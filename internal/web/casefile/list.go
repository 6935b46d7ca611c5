package casefile

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// ReadTaskFilter reads what a task list was asked for; without a box it is 待办. What means nothing is left for the store to refuse.
func ReadTaskFilter(v url.Values) store.TaskFilter {
	f := store.TaskFilter{
		Box: store.Box(v.Get("box")), Query: strings.TrimSpace(v.Get("q")), Step: proposal.Step(v.Get("step")),
		Division: proposal.DivisionID(v.Get("division")), Body: assembly.Body(v.Get("body")), Level: assembly.Level(v.Get("level")),
		Holder: proposal.PersonID(v.Get("holder")), Topic: v.Get("topic"), Owes: proposal.DivisionID(v.Get("owes")),
		Rate: store.RateCases(v.Get("rate")), Gate: store.GateCases(v.Get("gate")), Cut: store.CutCases(v.Get("cut")), Supervised: v.Get("supervised") != "", Within: store.Within(v.Get("within")), Only: store.Only(v.Get("only")), Sort: store.Sort(v.Get("sort")),
	}
	if year := v.Get("year"); year != "" {
		f.Year = -1 // no year
		if n, err := strconv.Atoi(year); err == nil {
			f.Year = n
		}
	}
	for name, day := range map[string]*calendar.Date{"untouched": &f.Untouched, "due_by": &f.DueBy, "answered_by": &f.AnsweredBy, "here_since": &f.HereSince, "here_by": &f.HereBy} {
		if text := v.Get(name); text != "" && day.UnmarshalText([]byte(text)) != nil {
			f.Box = "unknown" // no list is so
		}
	}
	for name, at := range map[string]*time.Time{"since": &f.Since, "until": &f.Until} {
		if text := v.Get(name); text != "" {
			var err error
			if *at, err = time.Parse(time.RFC3339, text); err != nil {
				f.Box = "unknown"
			}
		}
	}
	if f.Box == "" {
		f.Box = store.Todo
	}
	return f
}

// ReadCasesFilter reads what the list of the bureau's cases was asked for: the open ones, or with ?all= those that ended too.
func ReadCasesFilter(v url.Values) store.TaskFilter {
	f := ReadTaskFilter(v)
	f.Box = store.Bureau
	if v.Get("overdue") != "" { // as the address was said before, and may be kept by somebody
		f.Within = store.Overdue
	}
	if v.Get("all") != "" {
		f.Box = store.Every
	}
	return f
}

// OfBureau reports whether a filter is of the list of the bureau's cases, which has a page of its own.
func OfBureau(f store.TaskFilter) bool { return f.Box == store.Bureau || f.Box == store.Every }

// ListQuery is a filter as a query; what does not filter is left out.
func ListQuery(f store.TaskFilter) url.Values {
	v := url.Values{}
	for name, value := range map[string]string{
		"q": f.Query, "step": string(f.Step), "division": string(f.Division), "body": string(f.Body), "level": string(f.Level),
		"holder": string(f.Holder), "topic": f.Topic, "owes": string(f.Owes), "within": string(f.Within), "only": string(f.Only), "sort": string(f.Sort), "rate": string(f.Rate), "gate": string(f.Gate), "cut": string(f.Cut),
	} {
		if value != "" {
			v.Set(name, value)
		}
	}
	switch f.Box {
	case store.Todo, store.Bureau:
	case store.Every:
		v.Set("all", "1")
	default:
		v.Set("box", string(f.Box))
	}
	if f.Year != 0 {
		v.Set("year", strconv.Itoa(f.Year))
	}
	for name, day := range map[string]calendar.Date{"untouched": f.Untouched, "due_by": f.DueBy, "answered_by": f.AnsweredBy, "here_since": f.HereSince, "here_by": f.HereBy} {
		if !day.IsZero() {
			v.Set(name, day.String())
		}
	}
	for name, at := range map[string]time.Time{"since": f.Since, "until": f.Until} {
		if !at.IsZero() {
			v.Set(name, at.UTC().Format(time.RFC3339))
		}
	}
	if f.Supervised {
		v.Set("supervised", "1")
	}
	return v
}

// AnyListQuery is a filter as a query that ReadTaskFilter reads, whichever page its list stands on.
func AnyListQuery(f store.TaskFilter) url.Values {
	v := ListQuery(f)
	if OfBureau(f) {
		v.Del("all")
		v.Set("box", string(f.Box))
	}
	return v
}

// ListPage is the address of the page on which a filter's list stands, without its query.
func ListPage(f store.TaskFilter) string {
	if OfBureau(f) {
		return "/cases"
	}
	return "/"
}

// ListPath is the address of a list.
func ListPath(f store.TaskFilter) string { return WithQuery(ListPage(f), ListQuery(f)) }

// WithQuery puts a query after a path.
func WithQuery(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
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

// ListName is what such a list is called where it is shown.
func ListName(w *locale.Words, list *url.URL) string {
	switch list.Path {
	case "/":
		return w.T("box." + string(ReadTaskFilter(list.Query()).Box))
	case "/what-if":
		return w.T("what_if.title")
	case "/digest":
		return w.T("nav.overview")
	}
	page, _, _ := strings.Cut(list.Path[1:], "/")
	return w.T("nav." + page)
}
