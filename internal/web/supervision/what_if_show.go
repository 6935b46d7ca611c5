package supervision

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// whatIfPage tries out who is away, who would be there besides, and days that are other days (试算): what it would mean for the open cases. Its address
// holds what is tried out; nothing is changed.
type whatIfPage struct {
	kit.Frame
	Form    *kit.Form
	People  []WhatIfDivision
	Asked   bool // something is tried out
	Verdict string
	Says    string // what is tried out, in words
	Lists   []WhatIfList
	Loads   []WhatIfLoad
	Gates   []WhatIfGate
	Days    int // working days over which the pace is taken
	Peak    string // the day on which most falls due
	Before  *WhatIfOutlook
	After   *WhatIfOutlook
}

func (*whatIfPage) Template() string { return "what_if.html" }

// WhatIfDivision is whom a division has.
type WhatIfDivision struct {
	Name    string
	Choices []kit.Choice
}

// WhatIfList are the cases for which the same sort of thing would be different: nobody, later, helped or moved. Its words are what_if.<Key>.
type WhatIfList struct {
	Key    string
	N      int
	Counts []string // of moved: how many deadlines of each kind
	Cases  []WhatIfCase
	Hidden int // the ones that are too many to list
}

// WhatIfCase is a case, and what would be different about it.
type WhatIfCase struct {
	Number, Path, Subject string
	Effects               []string
}

// WhatIfLoad is somebody of whom something would be different: who is away, or gets more.
type WhatIfLoad struct {
	Name, Division string
	Held           ListCount
	Away           bool
	Then           int    // in hand; of who is not away
	Why            string // in words
	Cover          string // where somebody is named who covers for them; "" if that is not the viewer's to do
}

// WhatIfGate is a gate as it is and as it would be. Numbers of days are "" where nothing can be said.
type WhatIfGate struct {
	Name           string
	Waits          ListCount
	Before, After  string // working days to clear it
	Differs, Worse bool
}

// WhatIfOutlook is how things would stand on the day on which most falls due today.
type WhatIfOutlook struct {
	Need          string
	Left, Missing int
	Likely, Sure  string // still missing then; "" where nothing is foreseen
}

// supposition is what was asked for.
type supposition struct {
	store.Supposition
	people      map[proposal.PersonID]store.Person // of those who may be chosen
	off, worked calendar.Date
	handlers    proposal.DivisionID // the division that would have one more
	roles       []proposal.Role
}

// moreRoles are those of whom there may be one more, with the gates that they open.
var moreRoles = []struct {
	role  proposal.Role
	gates []store.Gate
}{
	{proposal.OfficeReviewer, []store.Gate{store.Gate(proposal.OfficeReview)}},
	{proposal.LegalReviewer, []store.Gate{store.Gate(proposal.LegalReview)}},
	{proposal.OpennessReviewer, []store.Gate{store.Gate(proposal.OpennessReview)}},
	{proposal.LeaderInCharge, []store.Gate{store.Gate(proposal.SignOff)}},
	{proposal.Liaison, []store.Gate{store.Gate(proposal.Numbering), store.Gate(proposal.Dispatching)}},
	{proposal.Publisher, []store.Gate{store.PublicationGate}},
}

const (
	longestAbsence = 366 // days
	whatIfCases    = 100 // listed of each sort
)

// WhatIfShow draws the page.
func (s *Room) WhatIfShow(w http.ResponseWriter, r *http.Request) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !kit.MayOverview(who) {
		return &proposal.Refusal{Code: proposal.Forbidden, Role: proposal.Supervisor}
	}
	divisions, err := s.store.Divisions(r.Context())
	if err != nil {
		return err
	}
	p := &whatIfPage{Frame: kit.Frame{Title: words.T("what_if.title"), Section: "overview"}, Days: paceDays}
	asked, err := s.readWhatIf(r, p, divisions)
	if err != nil {
		return err
	}
	status := http.StatusOK
	switch {
	case len(p.Form.Wrong) > 0:
		status = http.StatusUnprocessableEntity
	case p.Asked:
		if err := s.suppose(r.Context(), words, p, who, asked, divisions); err != nil {
			return err
		}
	}
	s.RememberList(w, r)
	return s.Render(w, r, status, p)
}

// readWhatIf reads what is tried out into the form.
func (s *Room) readWhatIf(r *http.Request, p *whatIfPage, divisions []store.Division) (asked supposition, err error) {
	who, words, typed := kit.OfficerOf(r), s.Words(r), r.URL.Query()
	days, today := s.Days(r.Context()), calendar.DateOf(s.Now())
	f := &kit.Form{Kind: "what_if", Words: words, Values: typed, Choices: map[string][]kit.Choice{}}
	p.Form = f
	if len(typed) == 0 { // a fortnight, from the next working day on
		next := days.AddWorkdays(today, 1).End
		f.Values = url.Values{"from": {next.String()}, "to": {next.AddDays(11).String()}}
	}
	people, err := s.store.People(r.Context())
	if err != nil {
		return asked, err
	}
	asked.people = map[proposal.PersonID]store.Person{}
	for _, person := range people {
		if !person.Active || !kit.OfBureau(person) || !seesWhole(who) && !slices.Contains(who.AnswersFor(), person.Division) {
			continue
		}
		asked.people[person.ID] = person
		name := words.Name(person.DivisionName)
		if len(p.People) == 0 || p.People[len(p.People)-1].Name != name {
			p.People = append(p.People, WhatIfDivision{Name: name})
		}
		list := &p.People[len(p.People)-1].Choices
		*list = append(*list, kit.Choice{Value: string(person.ID), Name: words.Name(person.Name), Ticked: f.Has("away", string(person.ID))})
	}
	if seesWhole(who) {
		for _, more := range moreRoles {
			f.Choices["more"] = append(f.Choices["more"], kit.Choice{Value: string(more.role), Name: locale.Capital(words.T("role." + string(more.role)))})
			if f.Has("more", string(more.role)) {
				asked.roles = append(asked.roles, more.role)
			}
		}
	}
	for _, d := range store.AtWork(divisions) {
		if seesWhole(who) || slices.Contains(who.AnswersFor(), d.Code) {
			f.Choices["handlers"] = append(f.Choices["handlers"], kit.Choice{Value: string(d.Code), Name: words.Name(d.Name)})
		}
	}
	asked.read(f, days, today)
	p.Asked = len(asked.Away)+len(asked.More) > 0 || asked.Days != nil
	return asked, nil
}

// read reads the fields, and says what is wrong with them beside each.
func (asked *supposition) read(f *kit.Form, days *calendar.Calendar, today calendar.Date) {
	wrong := func(e proposal.FieldError) {
		f.Wrong = append(f.Wrong, kit.FieldWords(f.Words, []proposal.FieldError{e})...)
	}
	day := func(name string) (d calendar.Date) {
		if text := f.Value(name); text != "" && d.UnmarshalText([]byte(text)) != nil {
			wrong(proposal.FieldError{Field: name, Code: proposal.FieldMalformed})
		}
		return d
	}
	for _, id := range f.Values["away"] {
		if _, known := asked.people[proposal.PersonID(id)]; !known {
			wrong(proposal.FieldError{Field: "away", Code: proposal.NotInBureau})
		} else if !slices.Contains(asked.Away, proposal.PersonID(id)) {
			asked.Away = append(asked.Away, proposal.PersonID(id))
		}
	}
	if from, to := day("from"), day("to"); len(asked.Away) > 0 && f.Error("from") == "" && f.Error("to") == "" {
		switch latest := from.AddDays(longestAbsence - 1); {
		case from.IsZero():
			wrong(proposal.FieldError{Field: "from", Code: proposal.FieldRequired})
		case from.Before(today):
			wrong(proposal.FieldError{Field: "from", Code: proposal.DayInPast})
		case to.IsZero():
			wrong(proposal.FieldError{Field: "to", Code: proposal.FieldRequired})
		case to.Before(from):
			wrong(proposal.FieldError{Field: "to", Code: proposal.DayBeforeStart, Date: from})
		case to.After(latest):
			wrong(proposal.FieldError{Field: "to", Code: proposal.DayAfterCap, Date: latest})
		}
		asked.From, asked.To = from, to
	}
	if code := f.Value("handlers"); slices.ContainsFunc(f.Choices["handlers"], func(c kit.Choice) bool { return c.Value == code }) {
		asked.handlers = proposal.DivisionID(code)
		asked.More = append(asked.More, proposal.Person{ID: "more handler", Roles: []proposal.Role{proposal.Handler}, Division: asked.handlers})
	} else if code != "" {
		wrong(proposal.FieldError{Field: "handlers", Code: proposal.NotInBureau})
	}
	var field []proposal.DivisionID
	for _, c := range f.Choices["handlers"] {
		field = append(field, proposal.DivisionID(c.Value))
	}
	for _, role := range asked.roles {
		asked.More = append(asked.More, proposal.Person{ID: proposal.PersonID("more " + role), Roles: []proposal.Role{role}, Field: field})
	}
	asked.off, asked.worked = day("off"), day("worked")
	for name, d := range map[string]calendar.Date{"off": asked.off, "worked": asked.worked} {
		switch {
		case d.IsZero():
		case !d.After(today):
			f.Wrong = append(f.Wrong, kit.FieldMessage{Field: name, Text: f.Words.T("what_if.not_ahead")})
		case days.IsWorkday(d) != (name == "off"):
			f.Wrong = append(f.Wrong, kit.FieldMessage{Field: name, Text: f.Words.T("what_if.as_it_is." + name)})
		}
	}
	var off, worked []calendar.Date
	if !asked.off.IsZero() {
		off = append(off, asked.off)
	}
	if !asked.worked.IsZero() {
		worked = append(worked, asked.worked)
	}
	if len(off)+len(worked) > 0 {
		asked.Days = days.Supposing(off, worked)
	}
}

// away reports whether those who are away are away on the day.
func (asked supposition) away(day calendar.Date) bool {
	return len(asked.Away) > 0 && !day.Before(asked.From) && !day.After(asked.To)
}

// said is what is tried out, in words.
func (asked supposition) said(w *locale.Words, divisions []store.Division) (says []string) {
	if len(asked.Away) > 0 {
		var names []string
		for _, id := range asked.Away {
			names = append(names, w.Name(asked.people[id].Name))
		}
		says = append(says, w.T("what_if.says.away", "Names", w.List(names), "From", w.Date(asked.From), "To", w.Date(asked.To)))
	}
	for _, role := range asked.roles {
		says = append(says, w.T("what_if.says.more", "Role", w.T("role."+string(role))))
	}
	if asked.handlers != "" {
		says = append(says, w.T("what_if.says.handler", "Division", divisionName(w, divisions, asked.handlers)))
	}
	if !asked.off.IsZero() {
		says = append(says, w.T("what_if.says.off", "Date", w.Date(asked.off)))
	}
	if !asked.worked.IsZero() {
		says = append(says, w.T("what_if.says.worked", "Date", w.Date(asked.worked)))
	}
	return says
}

// suppose goes through the open cases that the viewer looks after.
func (s *Room) suppose(ctx context.Context, w *locale.Words, p *whatIfPage, who *store.Person, asked supposition, divisions []store.Division) error {
	asked.Of = func(state proposal.State) bool {
		return seesWhole(who) || slices.Contains(who.AnswersFor(), state.Lead)
	}
	found, err := s.store.Suppose(ctx, asked.Supposition)
	if err != nil {
		return err
	}
	p.Says = w.T("what_if.says", "What", w.List(asked.said(w, divisions)), "N", found.Open)
	if err := s.supposedCases(ctx, w, p, who, found, asked); err != nil {
		return err
	}
	p.loads(w, found.Loads, asked, who)
	return s.supposedPace(ctx, w, p, who, found, asked, divisions)
}

// supposedCases puts the cases into words, by what would be different.
func (s *Room) supposedCases(ctx context.Context, w *locale.Words, p *whatIfPage, who *store.Person, found store.Supposed, asked supposition) error {
	var ids []string
	for _, c := range found.Cases {
		ids = append(ids, c.CaseID)
	}
	heads, err := s.store.CaseHeads(ctx, ids)
	if err != nil {
		return err
	}
	nobody, later, helped, moved := WhatIfList{Key: "nobody"}, WhatIfList{Key: "later"}, WhatIfList{Key: "helped"}, WhatIfList{Key: "moved"}
	counts := map[string]int{}
	for _, c := range found.Cases {
		head := heads[c.CaseID]
		words := w.About(head.Key.Body)
		task := func(t proposal.Task) string { return words.T("task." + string(t.Ask)) }
		row := WhatIfCase{Number: words.Number(head.Key)}
		if who.Sees(c.State) {
			row.Path, row.Subject = "/cases/"+c.CaseID, head.Subject
		}
		nobody.add(row, told(c.Nobody, func(t store.SupposedTask) string {
			return words.T("what_if.nobody_does", "Task", task(t.Task), "From", words.Date(t.From), "Name", words.Name(asked.people[t.Of].Name))
		}))
		later.add(row, told(c.Later, func(role proposal.Role) string {
			return words.T("what_if.later_lacks", "Role", words.T("role."+string(role)), "Stage", words.T("stage."+string(c.State.Stage)))
		}))
		helped.add(row, told(c.Helped, task))
		moved.add(row, told(c.Moved, func(m proposal.MovedClock) string {
			way := ".later"
			if m.To.Before(m.From) {
				way = ".earlier"
			}
			counts[string(m.Kind)+way]++
			clock := words.T("rules.effect.clock", "Clock", words.T("clock."+string(m.Kind)))
			return words.T("rules.effect", "What", clock, "From", words.Date(m.From), "To", words.Date(m.To))
		}))
	}
	for _, kind := range proposal.ClockKinds {
		for _, way := range []string{"earlier", "later"} {
			if n := counts[string(kind)+"."+way]; n > 0 {
				moved.Counts = append(moved.Counts, w.T("rules.counted."+way, "Clock", w.T("clock."+string(kind)), "N", n))
			}
		}
	}
	p.Lists = []WhatIfList{nobody, later, helped, moved}
	switch {
	case nobody.N > 0:
		p.Verdict = w.T("what_if.nobody", "N", nobody.N)
	case later.N > 0:
		p.Verdict = w.T("what_if.later", "N", later.N)
	default:
		p.Verdict = w.T("what_if.all_done")
	}
	return nil
}

// told puts each into words.
func told[T any](things []T, words func(T) string) (said []string) {
	for _, one := range things {
		said = append(said, words(one))
	}
	return said
}

// add counts the case if something would be different about it, and lists the first ones.
func (l *WhatIfList) add(row WhatIfCase, effects []string) {
	if len(effects) == 0 {
		return
	}
	if l.N++; len(l.Cases) == whatIfCases {
		l.Hidden++
		return
	}
	row.Effects = effects
	l.Cases = append(l.Cases, row)
}

// loads lists who is away and who gets more, in the order of the office.
func (p *whatIfPage) loads(w *locale.Words, loads map[proposal.PersonID]*store.SupposedLoad, asked supposition, who *store.Person) {
	name := func(id proposal.PersonID) string { return w.Name(asked.people[id].Name) }
	covered := map[proposal.PersonID][]string{}
	for id, l := range loads {
		for away := range l.From {
			covered[away] = append(covered[away], name(id))
		}
	}
	for _, division := range p.People {
		for _, c := range division.Choices {
			id := proposal.PersonID(c.Value)
			l := loads[id]
			if l == nil {
				l = &store.SupposedLoad{}
			}
			line := WhatIfLoad{
				Name: c.Name, Division: division.Name, Away: slices.Contains(asked.Away, id),
				Held: ListCount{l.Held, casefile.ListPath(store.TaskFilter{Box: store.Bureau, Holder: id, Division: openFor(who).Division})},
			}
			var why []string
			switch {
			case line.Away && len(covered[id]) > 0:
				slices.Sort(covered[id])
				why = append(why, w.T("what_if.covered", "Names", w.List(covered[id])))
			case line.Away && l.Held > 0:
				why = append(why, w.T("what_if.uncovered"))
				if kit.KeepsProxies(who) {
					line.Cover = coverPath(id)
				}
			case line.Away:
				why = append(why, w.T("what_if.holds_none"))
			default:
				line.Then = l.Held
				for _, away := range slices.Sorted(maps.Keys(l.From)) {
					line.Then += l.From[away]
					why = append(why, w.T("what_if.takes_over", "Name", name(away), "N", l.From[away]))
				}
				if l.Alone > 0 {
					why = append(why, w.T("what_if.alone", "N", l.Alone))
				}
			}
			if line.Why = w.List(why); line.Why != "" {
				p.Loads = append(p.Loads, line)
			}
		}
	}
}

// supposedPace tells what would become of the gates and of the day on which most falls due. Whoever is away lets nothing through on those days, and
// who covers for them lets through no more than before; one more lets through as much as one of those did who opened the gate.
func (s *Room) supposedPace(
	ctx context.Context, w *locale.Words, p *whatIfPage, who *store.Person, found store.Supposed, asked supposition, divisions []store.Division,
) error {
	all, today, days := openFor(who), calendar.DateOf(s.Now()), s.Days(ctx)
	from := paceFrom(days, today)
	every := all
	every.Box = store.Every
	hands, err := s.store.Hands(ctx, who.ID, every, from)
	if err != nil {
		return err
	}
	then := days
	if asked.Days != nil {
		then = asked.Days
	}
	table, err := s.gates(ctx, w, nil, who, all)
	if err != nil {
		return err
	}
	var gates []supposedGate
	for i, at := range store.Gates {
		gates = append(gates, supposedGate{at: at, name: table.Gates[i].Name, waits: table.Gates[i].Waits, through: table.Gates[i].Through.N, hands: hands[at]})
	}
	drafting, err := s.draftingGates(ctx, w, who, all, asked, divisions, hands[store.DraftingGate])
	if err != nil {
		return err
	}
	counts, err := s.store.AnswerDays(ctx, who.ID, owedOf(all, store.PartOf, outlookYears(today)))
	if err != nil {
		return err
	}
	peak := answers(counts).busiest(today)
	after := outlookOf(movedAnswers(counts, found.Cases), then, today, peak)
	besides := map[proposal.Role]int{}
	for _, g := range append(drafting, gates...) {
		line, one := g.supposed(asked, days, then, today)
		p.Gates = append(p.Gates, line)
		if role := g.opener(asked); role != "" && g.at != store.PublicationGate {
			besides[role] = max(besides[role], min(g.waits.N, int(one*float64(len(after.left)))))
		}
	}
	if peak.IsZero() {
		return nil
	}
	before := outlookOf(counts, days, today, peak)
	touched, err := s.store.AnswersThrough(ctx, who.ID, owedOf(all, store.PartOf, after.period), asked.Away, from)
	if err != nil {
		return err
	}
	p.Peak = w.Day(peak)
	p.Before = outlookSaid(w, before, 0, before.daysLeft(nil, asked))
	p.After = outlookSaid(w, after, sum(slices.Collect(maps.Values(besides))), after.daysLeft(answers(touched).pace(days, today), asked))
	return nil
}

// movedAnswers are the days on which cases are to be answered first, with those that would move where they would be.
func movedAnswers(counts []store.AnswerDays, cases []store.SupposedCase) []store.AnswerDays {
	counts = slices.Clone(counts)
	for _, c := range cases {
		if c.State.Handling == proposal.CoHandling {
			continue
		}
		for _, m := range c.Moved {
			at := slices.IndexFunc(counts, func(d store.AnswerDays) bool { return d.Due == m.From && d.On.IsZero() && d.N > 0 })
			if m.Kind == proposal.ReplyClock && at >= 0 {
				counts[at].N--
				counts = append(counts, store.AnswerDays{Due: m.To, N: 1})
			}
		}
	}
	return counts
}

// daysLeft are, for each day that is left, the days of the past that it may be like: while somebody is away, without the replies in which they had a
// part.
func (o outlook) daysLeft(touched []int, asked supposition) (left [][]int) {
	without := slices.Clone(o.past)
	for i, n := range touched {
		without[i] = max(0, without[i]-n)
	}
	for _, day := range o.left {
		if asked.away(day) && touched != nil {
			left = append(left, without)
		} else {
			left = append(left, o.past)
		}
	}
	return left
}

// outlookSaid foresees what will be missing, with so many replies besides.
func outlookSaid(w *locale.Words, o outlook, besides int, left [][]int) *WhatIfOutlook {
	said := &WhatIfOutlook{Left: len(o.left), Missing: o.missing, Need: o.need()}
	if sum(o.past) >= enough {
		likely, sure := foresee(left, o.missing)
		said.Likely, said.Sure = strconv.Itoa(max(0, o.missing-likely-besides)), strconv.Itoa(max(0, o.missing-sure-besides))
	}
	return said
}

// supposedGate is a gate, and how many each let through.
type supposedGate struct {
	at       store.Gate
	name     string
	division proposal.DivisionID // of drafts
	waits    ListCount
	through  int
	hands    map[proposal.PersonID]int
}

// draftingGates are the divisions of whom a handler is away or would be there besides: drafts pass to review there.
func (s *Room) draftingGates(
	ctx context.Context, w *locale.Words, who *store.Person, all store.TaskFilter, asked supposition, divisions []store.Division, hands map[proposal.PersonID]int,
) (gates []supposedGate, err error) {
	var filters []store.TaskFilter
	for _, d := range divisions {
		handles := func(id proposal.PersonID) bool {
			return asked.people[id].Division == d.Code && asked.people[id].Has(proposal.Handler)
		}
		if d.Code != asked.handlers && !slices.ContainsFunc(asked.Away, handles) {
			continue
		}
		g := supposedGate{at: store.DraftingGate, division: d.Code, name: w.T("what_if.drafts_of", "Division", w.Name(d.Name)), hands: map[proposal.PersonID]int{}}
		for id, n := range hands {
			if asked.people[id].Division == d.Code {
				g.hands[id], g.through = n, g.through+n
			}
		}
		f := all
		f.Division, f.Step = d.Code, proposal.StepDrafting
		filters, gates = append(filters, f), append(gates, g)
	}
	counts, err := s.store.CountTasks(ctx, who.ID, filters)
	for i, n := range counts {
		gates[i].waits = ListCount{n, casefile.ListPath(filters[i])}
	}
	return gates, err
}

// opener is the role of which there would be one more at the gate; "" for none.
func (g supposedGate) opener(asked supposition) proposal.Role {
	if g.at == store.DraftingGate && g.division == asked.handlers {
		return proposal.Handler
	}
	for _, more := range moreRoles {
		if slices.Contains(asked.roles, more.role) && slices.Contains(more.gates, g.at) {
			return more.role
		}
	}
	return ""
}

// supposed counts the working days until what waits there is through; one is what one more would let through a working day.
func (g supposedGate) supposed(asked supposition, days, then *calendar.Calendar, today calendar.Date) (line WhatIfGate, one float64) {
	line = WhatIfGate{Name: g.name, Waits: g.waits}
	all := sum(slices.Collect(maps.Values(g.hands)))
	if g.waits.N == 0 || g.through < enough || all == 0 {
		return line, 0
	}
	pace, gone := float64(g.through)/paceDays, 0
	for _, id := range asked.Away {
		gone += g.hands[id]
	}
	one = pace / float64(len(g.hands))
	cleared := func(days *calendar.Calendar, through func(calendar.Date) float64) (n int) {
		left := float64(g.waits.N)
		for d := today.AddDays(1); left > 1e-9 && n < mostDays; d = d.AddDays(1) {
			if days.IsWorkday(d) {
				left, n = left-through(d), n+1
			}
		}
		return n
	}
	before := cleared(days, func(calendar.Date) float64 { return pace })
	after := cleared(then, func(d calendar.Date) float64 {
		rate := pace
		if asked.away(d) {
			rate -= pace * float64(gone) / float64(all)
		}
		if g.opener(asked) != "" {
			rate += one
		}
		return rate
	})
	line.Before, line.After = strconv.Itoa(before), strconv.Itoa(after)
	line.Differs, line.Worse = before != after, after > before
	return line, one
}

// mostDays bounds the counting: two years are as good as never.
const mostDays = 500
