package supervision

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// homePage is where the day of a publisher, of the assembly, of an auditor and of an administrator begins: a part for each of these
// roles that the officer has.
type homePage struct {
	kit.Frame
	Parts []HomePart
	Looks []HomeLooks // of an auditor
	Admin bool
	Hand  []HomeLine // what needs an administrator's hand
	AsOf  string     // when engine and record were compared last; "" for never

	BackedUp string // when the record was backed up last; "" for never
}

func (*homePage) Template() string { return "home.html" }

// HomePart is the lists that concern one role, and the first cases of the one that waits for it, and of those that stay unpublished.
type HomePart struct {
	Lists  []HomeList
	Tables []HomeTable
}

// HomeTable is the beginning of a list.
type HomeTable struct {
	HomeList
	Rows []HomeRow
}

// HomeRow is a case, and why its reply is not published.
type HomeRow struct {
	CaseLine
	Withheld string
}

// HomeList is a list with its length.
type HomeList struct {
	Words string
	ListCount
}

// HomeLooks are the newest events of one sort.
type HomeLooks struct {
	Name  string
	Lines []HomeLine
}

// HomeLine is something that was done, or is to be done, and where.
type HomeLine struct{ When, Who, What, Path, Link string }

const (
	homeRows = 8
	homeLook = 8
)

// homeLists are the lists of each role; the first waits for it.
var homeLists = []struct {
	role  proposal.Role
	lists []store.TaskFilter
}{
	{proposal.Publisher, []store.TaskFilter{
		{Box: store.Every, Only: store.OnlyToPublish, Sort: store.ByDue},
		{Box: store.Every, Only: store.OnlyPublished, Sort: store.ByTouched},
		{Box: store.Every, Only: store.OnlyWithheld, Sort: store.ByTouched},
		{Box: store.Every, Only: store.OnlyTakenDown, Sort: store.ByTouched},
	}},
	{proposal.Assembly, []store.TaskFilter{
		{Box: store.Todo},
		{Box: store.Bureau, Only: store.OnlyNotReceived, Sort: store.ByDue},
		{Box: store.Bureau, Step: proposal.StepAssignment},
		{Box: store.Every, Only: store.OnlyToRate, Sort: store.ByDue},
		{Box: store.Every, Only: store.OnlyDissatisfied, Sort: store.ByTouched},
		{Box: store.Bureau},
		{Box: store.Every},
	}},
	{proposal.Auditor, []store.TaskFilter{
		{Box: store.Every, Only: store.OnlyDissatisfied, Sort: store.ByTouched}, {Box: store.Every},
	}},
}

// homeLooks are what an auditor looks over: who looked at personal data, what was changed after the fact, what went on without
// somebody's word.
var homeLooks = []struct {
	name  string
	kinds []string
}{
	{"contact", []string{proposal.EventViewContact}},
	{"sealed", []string{proposal.EventSeal}},
	{"corrected", []string{string(proposal.CorrectPublication), string(proposal.TakeDown)}},
	{"rated", []string{string(proposal.RecordFeedback), string(proposal.NoteSilence)}},
	{"overridden", []string{string(proposal.WaiveOpinion), string(proposal.Tighten), string(proposal.ChangeCommitment), string(proposal.Withdraw)}},
}

// HomeShow draws the home.
func (s *Room) HomeShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.HasHome(who) {
		return kit.ErrNotFound
	}
	p := &homePage{Frame: kit.Frame{Title: words.T("nav.home"), Section: "home"}, Admin: who.Has(proposal.Admin)}
	for _, of := range homeLists {
		if !who.Has(of.role) {
			continue
		}
		part, err := s.homePart(r, words, who, of.lists)
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, part)
	}
	if who.Has(proposal.Auditor) {
		for _, look := range homeLooks {
			events, err := s.store.RecentEvents(r.Context(), who.Person, look.kinds, homeLook)
			if err != nil {
				return err
			}
			looks := HomeLooks{Name: look.name}
			for _, e := range events {
				looks.Lines = append(looks.Lines, HomeLine{
					When: words.Moment(e.At), Who: words.Name(e.ByName), What: words.About(e.Key.Body).T(kinds.EventKey(e.Kind, "")), Path: "/cases/" + e.CaseID,
					Link: words.Number(e.Key),
				})
			}
			p.Looks = append(p.Looks, looks)
		}
	}
	if p.Admin {
		if err := s.needsHand(r, words, p); err != nil {
			return err
		}
	}
	s.RememberList(w, r)
	return s.Render(w, r, http.StatusOK, p)
}

// homePart counts the lists and shows the beginning of the first.
func (s *Room) homePart(r *http.Request, w *locale.Words, who *store.Person, lists []store.TaskFilter) (HomePart, error) {
	var part HomePart
	counts, err := s.store.CountTasks(r.Context(), who.ID, lists)
	if err != nil {
		return part, err
	}
	for i, f := range lists {
		said := w.T("box." + string(f.Box))
		switch {
		case f.Only != "":
			said = w.T("only." + string(f.Only))
		case f.Step != "":
			said = w.T("home.not_accepted")
		}
		list := HomeList{said, ListCount{counts[i], casefile.ListPath(f)}}
		part.Lists = append(part.Lists, list)
		if i == 0 || f.Only == store.OnlyWithheld {
			rows, err := s.homeRows(r, w, who, f)
			if err != nil {
				return part, err
			}
			part.Tables = append(part.Tables, HomeTable{list, rows})
		}
	}
	return part, nil
}

func (s *Room) homeRows(r *http.Request, w *locale.Words, who *store.Person, f store.TaskFilter) (rows []HomeRow, err error) {
	f.Limit = homeRows
	cases, err := s.store.Tasks(r.Context(), who.ID, f)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, c := range cases.Items {
		ids = append(ids, c.CaseID)
	}
	outcomes, err := s.store.Outcomes(r.Context(), ids)
	for _, c := range cases.Items {
		row := HomeRow{CaseLine: s.caseLine(r.Context(), w, c, who)}
		if f.Only == store.OnlyWithheld {
			row.Withheld = outcomes[c.CaseID].Ground
			if c.Secrecy {
				row.Withheld = w.About(c.Key.Body).T("field." + string(proposal.PublicationBlocked))
			}
		}
		rows = append(rows, row)
	}
	return rows, err
}

// needsHand is what no officer can mend.
func (s *Room) needsHand(r *http.Request, w *locale.Words, p *homePage) error {
	today := calendar.DateOf(s.Now())
	add := func(what, path, link string) {
		p.Hand = append(p.Hand, HomeLine{What: what, Path: path, Link: link})
	}
	drift, checked, err := s.store.LastDrift(r.Context())
	if err != nil {
		return err
	}
	if checked {
		p.AsOf = w.Moment(drift.At)
	}
	if apart := drift.Apart(); apart > 0 {
		add(w.T("home.apart", "N", apart, "When", w.Moment(drift.At)), "/operation", w.T("home.look"))
	}
	backup, any, err := s.store.LastBackup(r.Context())
	if err != nil {
		return err
	}
	if any {
		p.BackedUp = w.Ago(backup)
	}
	mails, err := s.store.Undelivered(r.Context(), "")
	if err != nil {
		return err
	}
	if len(mails) > 0 {
		add(w.T("home.mails", "N", len(mails)), "/settings", w.T("home.look"))
	}
	left, err := s.store.LeftBehind(r.Context())
	if err != nil {
		return err
	}
	for _, l := range left {
		add(w.T("home.left", "Name", w.Name(l.Name), "N", len(l.Cases)), homeCasesPath("left", string(l.Person)), w.T("home.look"))
	}
	lacking, err := s.store.Lacking(r.Context())
	if err != nil {
		return err
	}
	for _, role := range proposal.Roles {
		if n := len(lacking[role]); n > 0 {
			add(w.T("home.lacking", "N", n, "Role", w.T("role."+string(role))), homeCasesPath("lacking", string(role)), w.T("home.look"))
		}
	}
	if err := s.lacksStaff(r, w, add); err != nil {
		return err
	}
	if err := s.rulesEnd(r, w, add); err != nil {
		return err
	}
	for year := today.Year; year <= today.Year+1; year++ {
		if days := s.Days(r.Context()); !days.Published(year) && (year == today.Year || today.Month >= 11) {
			add(w.T("home.year", "Year", year), "/calendar", w.T("home.look"))
		}
	}
	return nil
}

// rulesEndWithin is how long before others take their place rules are said to end, in calendar days.
const rulesEndWithin = 45

// rulesEnd tells when the rules that today's cases get are about to be followed by others.
func (s *Room) rulesEnd(r *http.Request, w *locale.Words, add func(what, path, link string)) error {
	bureau, err := s.store.Bureau(r.Context(), calendar.Date{})
	if err != nil {
		return err
	}
	today := calendar.DateOf(s.Now())
	now, ok := s.store.PackFor(bureau.Profile, today)
	if next, _ := s.store.PackFor(bureau.Profile, today.AddDays(rulesEndWithin)); ok && next.ID != now.ID {
		add(w.T("home.rules", "Day", w.Day(next.ValidFrom), "Name", next.Name), "/rules/"+url.PathEscape(next.ID), w.T("home.look"))
	}
	return nil
}

// neededRoles are those without whom no case comes to its end.
var neededRoles = []proposal.Role{
	proposal.Liaison, proposal.DivisionHead, proposal.Handler, proposal.OfficeReviewer, proposal.LegalReviewer, proposal.OpennessReviewer,
	proposal.LeaderInCharge, proposal.BureauHead, proposal.Publisher,
}

// lacksStaff tells which divisions and people are still to be added, and whose accounts wait for their owners.
func (s *Room) lacksStaff(r *http.Request, w *locale.Words, add func(what, path, link string)) error {
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	for _, d := range divisions {
		if d.ClosedOn.IsZero() {
			continue
		}
		holds, err := s.store.DivisionHolds(r.Context(), d.Code)
		if err != nil {
			return err
		}
		if n := len(holds.Cases); n > 0 {
			add(w.T("home.closed_holds", "Name", w.Name(d.Name), "N", n), homeCasesPath("division", string(d.Code)), w.T("home.look"))
		}
	}
	divisions = store.AtWork(divisions)
	if len(divisions) == 0 {
		add(w.T("home.no_division"), "/divisions", w.T("home.add"))
	}
	people, err := s.store.People(r.Context())
	if err != nil {
		return err
	}
	anybody := func(role proposal.Role, of func(store.Person) bool) bool {
		return slices.ContainsFunc(people, func(p store.Person) bool { return p.Active && slices.Contains(p.Roles, role) && of(p) })
	}
	for _, role := range neededRoles {
		if !anybody(role, func(store.Person) bool { return true }) {
			add(w.T("home.no_role", "Role", w.T("role."+string(role))), "/people/new", w.T("home.add"))
		}
	}
	for _, d := range divisions {
		if !anybody(proposal.DivisionHead, func(p store.Person) bool { return p.Division == d.Code }) {
			add(w.T("home.no_head", "Name", w.Name(d.Name)), "/people/new", w.T("home.add"))
		}
		// An office that reviews and registers for all the others has no handlers, and needs none.
		if !slices.ContainsFunc(people, func(p store.Person) bool {
			return p.Active && p.Division == d.Code && slices.ContainsFunc(p.Roles, func(r proposal.Role) bool { return r != proposal.DivisionHead })
		}) {
			add(w.T("home.no_handler", "Name", w.Name(d.Name)), "/people/new", w.T("home.add"))
		}
	}
	waiting, err := s.store.WithoutPassword(r.Context())
	if len(waiting) > 0 {
		add(w.T("home.no_password", "N", len(waiting)), "/people?account=no_password", w.T("home.look"))
	}
	return err
}
