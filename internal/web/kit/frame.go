package kit

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Frame is what the layout draws around a page. A handler sets Title and Section; fillFrame the rest.
type Frame struct {
	Title   string // of the window, in words
	Section string // the entry of the top navigation that this page belongs to

	Lang    string        // zh or en
	Bureau  store.Name    // its full name
	Phone   string        // of the bureau, whom the public may ask
	Site    proposal.Site // what the bureau's public pages say at their foot
	Demo    bool          // nothing here is in earnest
	Here    string        // this page's address, so that a change of language comes back to it
	Officer *store.Person // nil before login
	Nav     []NavLink
	Display Display
	Flash   string
	Live    Live
	Within  bool // it comes into a page that is open, which has styles and scripts already
}

// Live is what an open page needs to hear of what others do.
type Live struct {
	Mark string // up to which news the page has seen
	AsOf string // when it was drawn
}

func (f *Frame) frame() *Frame { return f }

// NavLink is one entry of the top navigation.
type NavLink struct {
	Name string // its key is nav.<name>
	Path string
	Here bool
	New  int // how many things there have not been seen
}

// Display is how a reader wants pages drawn; empty fields follow the system.
type Display struct {
	Text     string // "", small, large, larger
	Contrast string // "", high
	Theme    string // "", light, dark
	Keys     string // "", off: single letters do nothing
}

func (s *Kit) fillFrame(f *Frame, r *http.Request) {
	f.Lang = readersLanguage(r)
	bureau := s.bureauNow(r.Context())
	f.Bureau, f.Demo = store.Name{ZH: bureau.Name, EN: bureau.NameEN}, bureau.Demonstration
	f.Phone, f.Site = bureau.Phone, bureau.Site
	f.Here = r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		f.Here = "/" // a posted page has no address to come back to
	}
	f.Within = r.Header.Get("HX-Request") != "" || Refreshes(r)
	f.Display = ReadersDisplay(r)
	f.Officer = OfficerOf(r)
	if f.Officer != nil {
		f.Nav = s.withNews(r, s.navigation(f.Officer, f.Section))
		f.Live.AsOf = s.Words(r).Clock(s.Now())
		f.Live.Mark, _ = r.Context().Value(markKey{}).(string)
		if f.Flash == "" && !Refreshes(r) {
			f.Flash = s.takeFlash(r)
		}
	}
}

// bureauNow is what the bureau says of itself; without the database, what it said last: a page that tells of the failure says whose it is.
func (s *Kit) bureauNow(ctx context.Context) proposal.Bureau {
	bureau, err := s.store.Bureau(ctx, calendar.Date{})
	if err == nil {
		s.bureau.Store(&bureau)
	} else if last := s.bureau.Load(); last != nil {
		bureau = *last
	}
	return bureau
}

// BureauChanged has what the bureau says of itself read anew before it decides anything.
func (s *Kit) BureauChanged() { s.bureau.Store(nil) }

// Refreshes reports whether a page that somebody has open asks for what is new on it: a word for the next page stays for that.
func Refreshes(r *http.Request) bool { return r.Header.Get("X-Banli-Live") != "" }

// ByItself serves what pages that are not ours ask for by themselves: like our own that refresh, they keep no session alive and are not sent to
// the login page.
func ByItself(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Banli-Live", "1")
		next.ServeHTTP(w, r)
	})
}

// navigation lists the entries this officer has a use for; what a role may never do is not shown.
func (s *Kit) navigation(who *store.Person, section string) []NavLink {
	links := []NavLink{{Name: "tasks", Path: "/"}, {Name: "cases", Path: "/cases"}}
	if HasHome(who) {
		links = slices.Insert(links, 0, NavLink{Name: "home", Path: HomePath})
	}
	if who.Has(proposal.Liaison) {
		links = append(links, NavLink{Name: "register", Path: "/cases/new"})
	}
	if MayOverview(who) {
		links = append(links, NavLink{Name: "overview", Path: OverviewPath}, NavLink{Name: "statistics", Path: "/statistics"})
	}
	if slices.ContainsFunc(decidesReplies, who.Has) {
		links = append(links, NavLink{Name: "signing", Path: "/signing"})
	}
	if KeepsParagraphs(who) {
		links = append(links, NavLink{Name: "paragraphs", Path: "/paragraphs"})
	}
	links = append(links, NavLink{Name: "notices", Path: "/notices"}, NavLink{Name: "proxies", Path: "/proxies"})
	if MayOverview(who) || who.Has(proposal.Admin) {
		links = append(links, NavLink{Name: "calendar", Path: "/calendar"})
	}
	if who.Has(proposal.Admin) {
		links = append(links, NavLink{Name: "people", Path: "/people"}, NavLink{Name: "divisions", Path: "/divisions"}, NavLink{Name: "bureau", Path: "/bureau"}, NavLink{Name: "rules", Path: "/rules"})
	}
	if KeepsDirectory(who) {
		links = append(links, NavLink{Name: "directory", Path: "/directory/deputies"})
	}
	if SeesChanges(who) {
		links = append(links, NavLink{Name: "changes", Path: "/changes"})
	}
	if MayOperate(who) {
		links = append(links, NavLink{Name: "operation", Path: "/operation"})
	}
	if s.EngineFor(who) != "" {
		links = append(links, NavLink{Name: "engine", Path: s.EngineFor(who) + "/"})
	}
	links = append(links, NavLink{Name: "public", Path: "/public/"})
	for i := range links {
		links[i].Here = links[i].Name == section
	}
	return links
}

// decidesReplies are the roles whose work is to review, countersign and sign replies.
var decidesReplies = []proposal.Role{proposal.DivisionHead, proposal.OfficeReviewer, proposal.LegalReviewer, proposal.LeaderInCharge, proposal.BureauHead}

// HomePath is the page of who looks over the work of others, or keeps the program, and has few tasks.
const HomePath = "/home"

// homeRoles are the roles that have a home of their own; everybody else's is the desk.
var homeRoles = []proposal.Role{proposal.Publisher, proposal.Assembly, proposal.Auditor, proposal.Admin}

// HasHome reports whether the officer has one.
func HasHome(who *store.Person) bool { return slices.ContainsFunc(homeRoles, who.Has) }

// OverviewPath is the page of those who answer for others' cases.
const OverviewPath = "/overview"

// supervisors begin their day with what is to be decided, not with what they have to do themselves.
var supervisors = []proposal.Role{proposal.Supervisor, proposal.Liaison, proposal.LeaderInCharge, proposal.BureauHead}

// startOf is where the day of an officer begins.
func startOf(who *store.Person) string {
	if slices.ContainsFunc(supervisors, who.Has) {
		return OverviewPath
	}
	if slices.ContainsFunc(who.Roles, func(r proposal.Role) bool { return !slices.Contains(homeRoles, r) }) || !HasHome(who) {
		return "/"
	}
	return HomePath
}

// MayOverview reports whether the officer may open the overview: it is for those who answer for others' cases, the bureau's or those of
// their divisions.
func MayOverview(who *store.Person) bool { return who.Oversees() }

// EngineFor is the address of the Temporal Web UI for this officer; "" if it is not for them. It shows the workflows of all cases, of those under
// secrecy too.
func (s *Kit) EngineFor(who *store.Person) string {
	if MayOperate(who) {
		return s.Engine
	}
	return ""
}

// WorkflowPath is a workflow in the engine's Web UI; "" if there is none for this officer. Without a run it is the newest.
func (s *Kit) WorkflowPath(who *store.Person, id, run string) string {
	at := s.EngineFor(who)
	if at == "" {
		return ""
	}
	path := at + "/namespaces/" + url.PathEscape(s.Namespace) + "/workflows/" + url.PathEscape(id)
	if run != "" {
		path += "/" + url.PathEscape(run)
	}
	return path
}

// MayOperate reports whether the officer looks after the engine: those who see every case, and those who keep the machine.
func MayOperate(who *store.Person) bool {
	return who.Has(proposal.Supervisor) || who.Has(proposal.Admin)
}

// ReadsRules reports whether the officer may read by what rules the bureau works: everybody of the bureau may. Its internal limits are not for those
// who send it cases.
func ReadsRules(who *store.Person) bool { return !who.Has(proposal.Assembly) }

// KeepsParagraphs reports whether the officer writes standard paragraphs, as handlers and heads of divisions do.
func KeepsParagraphs(who *store.Person) bool {
	return who.Has(proposal.Handler) || who.Has(proposal.DivisionHead)
}

// SeesChanges reports whether the officer may read what was changed of the bureau itself: those who change it may, and those who look
// over them.
func SeesChanges(who *store.Person) bool { return who.Has(proposal.Admin) || who.Has(proposal.Auditor) }

// KeepsDirectory reports whether the officer keeps the directories: the liaison, who registers from them, and the administrator.
func KeepsDirectory(who *store.Person) bool {
	return who.Has(proposal.Liaison) || who.Has(proposal.Admin)
}

// KeepsProxies reports whether the officer keeps proxies for whoever cannot, as the liaison and the administrator do.
func KeepsProxies(who *store.Person) bool {
	return who.Has(proposal.Liaison) || who.Has(proposal.Admin)
}

// PersonName is what a person is called; words for the system if the id is empty.
func (s *Kit) PersonName(r *http.Request, id proposal.PersonID) string {
	words := s.Words(r)
	if id == "" {
		return words.T("event.system")
	}
	p, err := s.store.Person(r.Context(), id)
	if err != nil {
		return words.T("conflict.somebody")
	}
	return words.Name(p.Name)
}

// OfBureau reports whether the person works in the bureau: people of the assembly and deputies have accounts, but no work here.
func OfBureau(p store.Person) bool {
	return slices.ContainsFunc(p.Roles, func(r proposal.Role) bool { return r != proposal.Assembly && r != proposal.Deputy })
}
