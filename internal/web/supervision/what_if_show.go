package supervision

import (
	"context"
	"maps"
	"net/http"
	"slices"

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
	Asked   bool // something is tried out, and nothing of it is wrong
	Verdict string
	Says    string // what is tried out, in words
	Lists   []WhatIfList
	Loads   []WhatIfLoad
	Gates   []WhatIfGate
	Days    int    // working days over which the pace is taken
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

const whatIfCases = 100 // listed of each sort

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
