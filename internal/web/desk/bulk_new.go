package desk

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// bulkNewPage says what is about to happen to which cases, before anything does.
type bulkNewPage struct {
	kit.Frame
	Kind    proposal.BulkKind
	Form    *kit.Form
	Ticks   bool // each case may be left out
	Loads   []LoadChange
	SoonDay string // the last day that counts as soon in them
	Back    string // the list it came from
	Rows    []BulkRow
	Refused []BulkRow
	Open    string // the button's words when the receiver is chosen in the browser; NamePlace stands for the name
	After   string
}

func (*bulkNewPage) Template() string { return "bulk_new.html" }

// NamePlace stands in the words of a button where the receiver's name goes.
func (*bulkNewPage) NamePlace() string { return namePlace }

const namePlace = "\u3007\u3007\u3007"

// LoadChange is what somebody has in hand, and what they would have once the bulk is done.
type LoadChange struct {
	Name      string
	Now, Then store.HandlerLoad
}

// BulkRow is one case of a bulk in a list.
type BulkRow struct {
	Key                           string // as the form carries it; "" where a bulk has begun
	Ticks, Ticked                 bool   // it can be left out; it is not
	Whose                         string // who has it in hand; told where cases go from one to another
	Untalked                      bool   // nobody has reached the deputy yet, so that it goes over without a loss
	Path, Number, Subject, Deputy string
	CPPCC                         bool
	Due                           *locale.Due
	Next                          string
	Tone                          string // of the outcome: ok, late, now, none
	Outcome, Why                  string
}

// BulkNew draws the page for the ticked tasks: kind, and a task for each as caseID~ask~ref.
func (s *Room) BulkNew(w http.ResponseWriter, r *http.Request) error {
	kind := proposal.BulkKind(r.FormValue("kind"))
	if !slices.Contains(proposal.BulkKinds, kind) {
		return kit.ErrNotFound
	}
	draft, err := s.readBulk(r, kind)
	if err != nil {
		return err
	}
	return s.renderBulkNew(w, r, http.StatusOK, draft, nil)
}

// bulkDraft is a bulk that is being made.
type bulkDraft struct {
	proposal.Bulk
	picks  []bulkPick
	typed  url.Values
	unread []proposal.FieldError
}

// bulkPick is one ticked task and what the rules say of it now.
type bulkPick struct {
	item    proposal.BulkItem
	out     bool // it was shown, and is not ticked
	row     store.CaseRow
	state   proposal.State
	refusal *proposal.Refusal
}

// readBulk reads a form of either page. What is ticked and not for the officer's eyes does not exist for them.
func (s *Room) readBulk(r *http.Request, kind proposal.BulkKind) (*bulkDraft, error) {
	who := kit.OfficerOf(r)
	if !slices.Contains(proposal.BulkKindsFor(who.Person), kind) {
		return nil, &proposal.Refusal{Code: proposal.Forbidden}
	}
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	d := &bulkDraft{typed: r.Form, Bulk: proposal.Bulk{
		ID: r.Form.Get(kit.FieldActionID), Kind: kind, By: who.ID,
		Params: proposal.BulkParams{Reason: strings.TrimSpace(r.Form.Get("reason"))},
	}}
	if kind == proposal.BulkPropose {
		d.Params.Lead = proposal.DivisionID(r.Form.Get("whom"))
	} else {
		d.Params.To = proposal.PersonID(r.Form.Get("whom"))
	}
	for name, day := range map[string]*calendar.Date{"from": &d.Params.From, "until": &d.Params.Until} {
		if text := r.Form.Get(name); text != "" {
			if err := day.UnmarshalText([]byte(text)); err != nil {
				d.unread = append(d.unread, proposal.FieldError{Field: name, Code: proposal.FieldMalformed})
			}
		}
	}
	if err := s.examineTicks(r, d, who); err != nil {
		return nil, err
	}
	if d.Params.Lead != "" {
		divisions, err := s.store.Divisions(r.Context())
		if err == nil && !slices.ContainsFunc(store.AtWork(divisions), func(v store.Division) bool { return v.Code == d.Params.Lead }) {
			d.unread = append(d.unread, proposal.FieldError{Field: "lead", Code: proposal.NotInBureau})
		}
		return d, err
	}
	if d.Params.To == "" {
		return d, nil
	}
	to, err := s.store.Person(r.Context(), d.Params.To)
	if err != nil && !kit.Refused(err, proposal.NotFound) {
		return nil, err
	}
	if err != nil || !d.mayReceive(to, who) {
		d.unread = append(d.unread, proposal.FieldError{Field: "to", Code: proposal.NotInBureau})
	}
	return d, nil
}

// examineTicks reads the ticked cases and asks the rules about each. It does not look at the receiver yet: that a case would go to the
// person who has it already, the bulk says when it comes to that case.
func (s *Room) examineTicks(r *http.Request, d *bulkDraft, who *store.Person) error {
	ticked, err := s.ticked(r, who)
	if err != nil {
		return err
	}
	shown := ticked
	if r.Form.Get("shown") != "" { // the page has shown them: what is not ticked is left out
		shown = r.Form["shown"]
	}
	items, err := readTicks(shown, d.Kind)
	if err != nil {
		return err
	}
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.CaseID
	}
	cases, err := s.store.BulkCases(r.Context(), who.Person, ids)
	if err != nil {
		return err
	}
	facts := proposal.Facts{Now: s.Now(), Calendar: s.Days(r.Context()), Actor: who.Person}
	unsaid := d.Bulk
	unsaid.Params = proposal.BulkParams{}
	for _, item := range items {
		c, ok := cases[item.CaseID]
		if !ok {
			continue
		}
		pack, ok := s.store.Pack(c.State.Pack)
		if !ok {
			return fmt.Errorf("case %s: rule pack %q is not loaded", item.CaseID, c.State.Pack)
		}
		facts.Pack, facts.Claims, facts.Actor.Covers = pack, c.Claims, c.Covers
		if item.BaseSeq == 0 {
			item.BaseSeq = c.State.Seq
		}
		pick := bulkPick{item: item, row: c.CaseRow, state: c.State}
		pick.out = !slices.Contains(ticked, pick.tick()) && r.Form.Get("shown") != "" || r.Form.Get("none") != ""
		if i := slices.IndexFunc(c.Tasks, func(t store.Task) bool { return t.Rules().Key() == item.Key }); i >= 0 {
			pick.row.Task = &c.Tasks[i]
		}
		pick.item.For, pick.refusal = unsaid.Examine(c.State, item, facts)
		d.picks = append(d.picks, pick)
	}
	return nil
}

// ticked are the ticked tasks, or all rows of the lists that the queries describe, however many pages they have.
func (s *Room) ticked(r *http.Request, who *store.Person) ([]string, error) {
	if r.Form.Get("all") == "" {
		return r.Form["task"], nil
	}
	var keys []string
	for _, list := range r.Form["query"] {
		query, err := url.ParseQuery(list)
		if err != nil {
			return nil, kit.ErrNotFound
		}
		tasks, err := s.store.TaskKeysMatching(r.Context(), who.ID, casefile.ReadTaskFilter(query), proposal.MaxBulk)
		if err != nil {
			return nil, err
		}
		for _, t := range tasks {
			keys = append(keys, t.CaseID+"~"+string(t.Ask)+"~"+t.Ref)
		}
	}
	return keys, nil
}

// readTicks reads caseID~ask~ref, and ~seq from a page that has shown it. Two tasks of one case are one, where the kind says so.
func readTicks(values []string, kind proposal.BulkKind) ([]proposal.BulkItem, error) {
	if len(values) > proposal.MaxBulk {
		return nil, &proposal.Refusal{Code: proposal.InvalidInput, Fields: []proposal.FieldError{{Field: "task", Code: proposal.FieldTooLong, Max: proposal.MaxBulk}}}
	}
	var items []proposal.BulkItem
	seen := map[proposal.BulkItem]bool{}
	for _, v := range values {
		parts := append(strings.Split(v, "~"), "", "", "")
		item := proposal.BulkItem{CaseID: parts[0], Key: proposal.TaskKey{Ask: proposal.Ask(parts[1]), Ref: parts[2]}}
		same := item
		if kind.PerCase() {
			same.Key = proposal.TaskKey{}
		}
		if seen[same] {
			continue
		}
		seen[same] = true
		item.BaseSeq, _ = strconv.Atoi(parts[3]) // anything else than a number counts as never shown
		items = append(items, item)
	}
	return items, nil
}

func (p bulkPick) tick() string {
	return strings.Join([]string{p.item.CaseID, string(p.item.Key.Ask), p.item.Key.Ref, strconv.Itoa(p.item.BaseSeq)}, "~")
}

// renderBulkNew draws the page, fresh or with what was typed and what is wrong.
func (s *Room) renderBulkNew(w http.ResponseWriter, r *http.Request, status int, d *bulkDraft, refusal *proposal.Refusal) error {
	words := s.Words(r)
	p := &bulkNewPage{Kind: d.Kind, Back: kit.LocalPath(d.typed.Get("back"))}
	n := 0
	for _, pick := range d.picks {
		row := s.bulkRow(r, pick.row)
		if pick.refusal != nil {
			row.Why = s.bulkWhy(r, pick.refusal, pick.row, d.Params.To)
			p.Refused = append(p.Refused, row)
			continue
		}
		row.Key, row.Ticked = pick.tick(), !pick.out
		if d.shares() {
			row.Ticks, row.Whose, row.Untalked = true, words.Name(pick.row.HandlerName), !pick.state.Consulted
		}
		if row.Ticked {
			n++
		}
		p.Rows = append(p.Rows, row)
	}
	p.Ticks = d.shares()
	p.Frame = kit.Frame{Title: words.T("bulk.new."+string(d.Kind), "N", n), Section: "tasks"}
	if n == 0 && len(p.Rows) > 0 {
		p.Title = words.T("bulk.new.tick")
	}
	if p.Back == kit.OverviewPath {
		p.Section = "overview"
	}
	people, err := s.store.People(r.Context())
	if err != nil {
		return err
	}
	loads, soon, err := s.store.HandlerLoads(r.Context())
	if err != nil {
		return err
	}
	form, err := s.newBulkForm(r, d, people, loads)
	if err != nil {
		return err
	}
	p.Form = form
	if p.Ticks {
		p.Loads, p.SoonDay = d.loads(words, people, kit.OfficerOf(r), loads, soon, calendar.DateOf(s.Now())), words.Day(soon)
	}
	if refusal != nil {
		form.Wrong = bulkFieldWords(words, d.Kind, refusal.Fields)
	}
	p.After = words.T("after.bulk." + string(d.Kind))
	p.Open = words.T("do.bulk."+string(d.Kind), "N", n, "Name", namePlace)
	form.Do = words.T("do.bulk."+string(d.Kind), "N", n, "Name", words.T("bulk.whom_open"))
	for _, c := range form.Options("whom") {
		if c.Value == form.Value("whom") {
			form.Do = words.T("do.bulk."+string(d.Kind), "N", n, "Name", c.Note)
		}
	}
	return s.Render(w, r, status, p)
}

// shares reports whether the bulk gives cases to a handler: then each may be left out, and what everybody would have is told before.
func (d *bulkDraft) shares() bool {
	return d.Kind == proposal.BulkAssign || d.Kind == proposal.BulkTransfer
}

// loads are what everybody has from whom cases may go, or to whom, and what they would have once the ticked ones have gone to the receiver:
// in the order of the office, which ranks nobody.
func (d *bulkDraft) loads(w *locale.Words, people []store.Person, who *store.Person, now map[proposal.PersonID]store.HandlerLoad, soon, today calendar.Date) (list []LoadChange) {
	then := maps.Clone(now)
	move := func(of proposal.PersonID, n int, pick bulkPick) {
		load := then[of]
		load.Count(n, pick.row.Due, today, soon)
		then[of] = load
	}
	gives := map[proposal.PersonID]bool{}
	for _, pick := range d.picks {
		from := pick.row.Handler
		gives[from] = gives[from] || pick.refusal == nil
		if pick.refusal != nil || pick.out || d.Params.To == "" || from == d.Params.To {
			continue
		}
		if from != "" {
			move(from, -1, pick)
		}
		move(d.Params.To, 1, pick)
	}
	for _, p := range people {
		if gives[p.ID] || d.mayReceive(p, who) {
			list = append(list, LoadChange{w.Name(p.Name), now[p.ID], then[p.ID]})
		}
	}
	return list
}

// bulkFieldWords puts into words what is wrong with the fields.
func bulkFieldWords(w *locale.Words, kind proposal.BulkKind, fields []proposal.FieldError) []kit.FieldMessage {
	messages := kit.FieldWords(w, fields)
	for i, f := range fields {
		for _, key := range []string{"bulk.wrong." + f.Field + "." + string(f.Code) + "." + string(kind), "bulk.wrong." + f.Field + "." + string(f.Code)} {
			if w.Has(key) {
				messages[i].Text, messages[i].Own = w.T(key, "Date", w.Date(f.Date), "Max", f.Max), true
				break
			}
		}
		if f.Field == "to" || f.Field == "lead" {
			messages[i].Field = "whom"
		}
	}
	return messages
}

// newBulkForm is the form with its choices. A choice's Note is the bare name, for the button.
func (s *Room) newBulkForm(r *http.Request, d *bulkDraft, people []store.Person, loads map[proposal.PersonID]store.HandlerLoad) (*kit.Form, error) {
	words, who := s.Words(r), kit.OfficerOf(r)
	form := &kit.Form{
		Kind: proposal.Kind("bulk_" + string(d.Kind)), Path: "/bulk", ActionID: kit.NewActionID(), Words: words, Values: d.typed, Choices: map[string][]kit.Choice{},
	}
	form.Keep = kit.NewKeeping(kit.FormBulk, "", string(d.Kind), nil)
	if d.ID != "" { // it was sent, not opened
		form.Keep = kit.NewKeeping(kit.FormBulk, "", string(d.Kind), d.typed)
	}
	all, err := s.store.Typed(r.Context(), who.ID, "")
	if err != nil {
		return nil, err
	}
	if kept := form.Keep.Find(words, all); kept != nil {
		maps.Copy(form.Values, url.Values(kept.Fields))
	}
	if d.Kind == proposal.BulkDelegate && d.typed.Get("from") == "" {
		form.Values.Set("from", calendar.DateOf(s.Now()).String())
	}
	if d.Kind == proposal.BulkPropose {
		divisions, err := s.store.Divisions(r.Context())
		for _, v := range store.AtWork(divisions) {
			form.Choices["whom"] = append(form.Choices["whom"], kit.Choice{Value: string(v.Code), Name: words.Name(v.Name), Note: words.Name(v.Name)})
		}
		return form, err
	}
	var others []kit.Choice // one's own division comes first
	for _, p := range people {
		if !d.mayReceive(p, who) {
			continue
		}
		choice := kit.Choice{Value: string(p.ID), Note: words.Name(p.Name)}
		if p.Division == who.Division || d.Kind != proposal.BulkDelegate {
			choice.Name = words.T("bulk.person", "Name", choice.Note, "N", loads[p.ID].Open)
			form.Choices["whom"] = append(form.Choices["whom"], choice)
		} else {
			choice.Name = words.T("proxy.person", "Name", choice.Note, "Division", words.Name(p.DivisionName))
			others = append(others, choice)
		}
	}
	form.Choices["whom"] = append(form.Choices["whom"], others...)
	return form, nil
}

// mayReceive: handlers of the divisions that lead the cases; any colleague may be delegated to.
func (d *bulkDraft) mayReceive(p store.Person, who *store.Person) bool {
	if !p.Active || p.ID == who.ID {
		return false
	}
	if d.Kind == proposal.BulkDelegate {
		return kit.OfBureau(p)
	}
	takes := func(pick bulkPick) bool {
		return pick.refusal == nil && pick.state.Lead == p.Division && (d.Kind != proposal.BulkTransfer || pick.state.Handler != p.ID)
	}
	return p.Has(proposal.Handler) && slices.ContainsFunc(d.picks, takes)
}

// bulkRow is a case in the list of a bulk.
func (s *Room) bulkRow(r *http.Request, c store.CaseRow) BulkRow {
	words := s.Words(r).About(c.Key.Body)
	row := BulkRow{
		Path: "/cases/" + c.CaseID, Number: words.Number(c.Key), Subject: c.Subject, Deputy: words.RowDeputy(c), CPPCC: c.Key.Body == assembly.CPPCC,
		Next: words.T("stage." + string(c.Stage)),
	}
	day, clock := c.Due, c.DueClock
	if c.Task != nil {
		row.Next, day, clock = words.T("task."+string(c.Task.Ask)), c.Task.Due, casefile.TaskClock(c)
	}
	row.Due = words.DueOn(clock, day, s.Days(r.Context()), calendar.DateOf(s.Now()))
	return row
}

// bulkWhy says in a few words why something is not done: who did what first, what decides, whose right it would be.
func (s *Room) bulkWhy(r *http.Request, refusal *proposal.Refusal, c store.CaseRow, to proposal.PersonID) string {
	w := s.Words(r).About(c.Key.Body)
	code := string(refusal.Code)
	switch {
	case refusal.By != "" && refusal.Did != "" && !refusal.At.IsZero():
		return w.T("bulk.why.acted", "Who", s.PersonName(r, refusal.By), "When", w.Moment(refusal.At), "What", w.T("event."+string(refusal.Did)))
	case refusal.By != "":
		return w.T("bulk.why.held", "Who", s.PersonName(r, refusal.By))
	case refusal.Code == proposal.InvalidInput && to != "" && c.Handler == to:
		return w.T("bulk.why.same", "Name", s.PersonName(r, to))
	case refusal.Code == proposal.InvalidInput && len(refusal.Fields) > 0:
		return kit.FieldWords(w, refusal.Fields)[0].Text
	case refusal.Code == proposal.UrgedRecently:
		return w.T("bulk.why.urged_recently", "Date", w.Date(refusal.Due))
	case w.Has("bulk.why." + code):
		return w.T("bulk.why."+code, "Stage", w.T("stage."+string(refusal.Stage)))
	case refusal.Role == proposal.DivisionHead && c.Lead != "" && c.Lead != kit.OfficerOf(r).Division:
		return w.T("bulk.why.other_division", "Division", w.Name(c.LeadName))
	case refusal.Role != "":
		return w.T("refusal.by_role", "Role", w.T("role."+string(refusal.Role)))
	}
	return w.T(refusal.Key() + ".title")
}

// refusalIn finds the refusal that the form may show; nil for what is a page of its own.
func refusalIn(err error) *proposal.Refusal {
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code == proposal.InvalidInput {
		return refusal
	}
	return nil
}
