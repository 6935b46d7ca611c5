package e2e

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/testkit/fixture"
)

// tortured is a case, and what everybody asked of it and was answered, with the times.
type tortured struct {
	id           string
	registration *proposal.Registration

	mu      sync.Mutex
	history []porcupine.Operation // the inputs are requests, the outputs answers
}

// request is one request for an action; without an action it asks where the case stands.
type request struct{ action proposal.Action }

// answer is what a request was answered.
type answer struct {
	unknown bool // it is not known whether the action was done
	refused proposal.RefusalCode
	at      place    // where the action left the case, or where the case stands
	done    []string // of the record after everything: the actions in their order
}

// place is where a case stands.
type place struct {
	Stage proposal.Stage `json:"stage"`
	Seq   int            `json:"seq"`
}

// note keeps a request that was begun at the moment, and is answered now.
func (c *tortured) note(begun time.Time, asked request, a answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.history = append(c.history, porcupine.Operation{Input: asked, Output: a, Call: begun.UnixNano(), Return: time.Now().UnixNano()})
}

// settled is the history as the checker wants it. What is not known may be done at any time from its beginning on, or never: it does not end. Of
// several such requests for one action the first says all that there is to say, and one that only asked where the case stands says nothing.
func (c *tortured) settled() (history []porcupine.Operation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	open := map[string]bool{}
	for _, o := range slices.SortedFunc(slices.Values(c.history), func(a, b porcupine.Operation) int { return int(a.Call - b.Call) }) {
		if o.Output.(answer).unknown {
			id := o.Input.(request).action.ID
			if id == "" || open[id] {
				continue
			}
			open[id], o.Return = true, math.MaxInt64
		}
		history = append(history, o)
	}
	return history
}

// acknowledged are the actions that were answered with where they left the case: when each was first asked for, and first answered so.
func (c *tortured) acknowledged() map[string]porcupine.Operation {
	c.mu.Lock()
	defer c.mu.Unlock()
	all, begun := map[string]porcupine.Operation{}, map[string]int64{}
	for _, o := range c.history {
		id, said := o.Input.(request).action.ID, o.Output.(answer)
		if id == "" {
			continue
		}
		if first, asked := begun[id]; !asked || o.Call < first {
			begun[id] = o.Call
		}
		if first, ok := all[id]; !said.unknown && said.refused == "" && (!ok || o.Return < first.Return) {
			all[id] = o
		}
	}
	for id, o := range all {
		o.Call = begun[id]
		all[id] = o
	}
	return all
}

// ruled is a case by the rules alone, without a database and without an engine.
type ruled struct {
	state proposal.State
	done  []deed
	kept  map[string]proposal.RefusalCode // what the engine answers again if the action is sent again
	key   string                          // says all of this
}

// deed is an action that was done, and where it left the case.
type deed struct {
	ID string
	At place
}

func (r ruled) keyed() *ruled {
	data, err := json.Marshal([]any{r.state, r.done, r.kept})
	if err != nil {
		panic(err) // the rules' own state
	}
	r.key = string(data)
	return &r
}

// rules are the pure rules as a model for the checker: what a case may do when it is asked, and what it may answer.
type rules struct {
	bureau       fixture.Bureau
	registration *proposal.Registration
	asked        map[string]time.Time // when each action was first asked for
}

func (m rules) model() porcupine.Model {
	all := porcupine.NondeterministicModel{
		Init: func() []any { return []any{ruled{}.keyed()} },
		Step: func(state, input, output any) (next []any) {
			for _, r := range m.step(state.(*ruled), input.(request).action, output.(answer)) {
				next = append(next, r)
			}
			return next
		},
		Equal: func(a, b any) bool { return a.(*ruled).key == b.(*ruled).key },
		Hash: func(state any) uint64 {
			h := fnv.New64a()
			h.Write([]byte(state.(*ruled).key))
			return h.Sum64()
		},
	}
	return all.ToModel()
}

// step is how the case may stand after the request was answered so; none if it cannot have been.
func (m rules) step(r *ruled, a proposal.Action, said answer) []*ruled {
	if a.ID == "" {
		if said.at != (place{r.state.Stage, r.state.Seq}) || said.done != nil && !slices.Equal(said.done, ids(r.done)) {
			return nil
		}
		return []*ruled{r}
	}
	if i := slices.IndexFunc(r.done, func(d deed) bool { return d.ID == a.ID }); i >= 0 { // it is done once, and answered as the first time
		if said.unknown || said.refused == "" && said.at == r.done[i].At {
			return []*ruled{r}
		}
		return nil
	}
	after, refused := m.apply(r, a)
	switch {
	case said.unknown:
		return []*ruled{r, after}
	case said.refused != "" && said.refused == r.kept[a.ID]:
		return []*ruled{r}
	case refused != said.refused || refused == "" && (place{after.state.Stage, after.state.Seq}) != said.at:
		return nil
	}
	return []*ruled{after}
}

func ids(done []deed) (ids []string) {
	for _, d := range done {
		ids = append(ids, d.ID)
	}
	return ids
}

func (m rules) apply(r *ruled, a proposal.Action) (after *ruled, refused proposal.RefusalCode) {
	next, err := proposal.Apply(r.state, a, m.facts(r.state, a))
	if err != nil {
		refused = err.(*proposal.Refusal).Code
		kept := maps.Clone(r.kept)
		if kept == nil {
			kept = map[string]proposal.RefusalCode{}
		}
		kept[a.ID] = refused
		return ruled{state: r.state, done: r.done, kept: kept}.keyed(), refused
	}
	done := append(slices.Clone(r.done), deed{a.ID, place{next.Stage, next.Seq}})
	return ruled{state: next, done: done, kept: r.kept}.keyed(), ""
}

// facts are what the record holds of a case of the torture, whose bureau does not change and whose draft has one version.
func (m rules) facts(s proposal.State, a proposal.Action) proposal.Facts {
	names := a.Mentions()
	pack, ok := rulepack.BuiltIn().For(fixture.Body.Profile, m.registration.AssignedOn)
	if !ok {
		panic("no rules of " + fixture.Body.Profile)
	}
	f := proposal.Facts{
		Now: m.asked[a.ID], Calendar: calendar.National(), Bureau: fixture.Body, Pack: pack.Of(fixture.Body), Points: len(m.registration.Points),
		Proposers: append([]string{m.registration.LeadDeputy}, m.registration.CoSigners...), Versions: 1, NextSerial: 1,
		SavedBy: []proposal.PersonID{m.bureau.ID(proposal.Handler)},
	}
	f.Entry = replytext.RegisterEntry{Key: m.registration.RegisterKey, Title: m.registration.Title, Deputies: f.Proposers, Phone: m.registration.DeputyContact}
	for _, p := range m.bureau {
		if f.Staff = append(f.Staff, p.Person); p.ID == a.By {
			f.Actor = p.Person
		}
		if p.ID == names.Person {
			f.Named = p.Person
		}
	}
	for _, d := range names.Divisions {
		if d == fixture.Office || d == fixture.Leading || d == fixture.Other {
			f.Divisions = append(f.Divisions, d)
		}
	}
	if names.Draft > 0 || names.InReview && s.Draft > 0 {
		f.Draft = fixture.Draft(f.Points)
		f.Draft.Version = max(names.Draft, s.Draft)
	}
	return f
}

// linearizable reports whether some order explains all answers of the history: one in which each request takes effect at a moment between its
// beginning and its answer, and is answered as the rules say.
func linearizable(bureau fixture.Bureau, c *tortured) porcupine.CheckResult {
	history := c.settled()
	asked := map[string]time.Time{}
	for _, o := range history {
		if id := o.Input.(request).action.ID; asked[id].IsZero() {
			asked[id] = time.Unix(0, o.Call)
		}
	}
	m := rules{bureau, c.registration, asked}
	return porcupine.CheckOperationsTimeout(m.model(), history, time.Minute)
}

// told is the history for people.
func (c *tortured) told() string {
	var b strings.Builder
	for _, o := range c.settled() {
		a, said := o.Input.(request).action, o.Output.(answer)
		until := "?"
		if o.Return < math.MaxInt64 {
			until = time.Unix(0, o.Return).Format("05.000")
		}
		fmt.Fprintf(&b, "%s–%s %s %s base %d: unknown %v, refused %q, %+v\n",
			time.Unix(0, o.Call).Format("15:04:05.000"), until, a.ID, a.Kind, a.BaseSeq, said.unknown, said.refused, said.at)
	}
	return b.String()
}

// TestHistoriesAreHeldAgainstTheRules gives the torture's judge histories that somebody might tell, and sees it believe only the true ones.
func TestHistoriesAreHeldAgainstTheRules(t *testing.T) {
	t.Parallel()
	bureau := fixture.Bureau{}
	for _, role := range proposal.Roles {
		p := bureau[role]
		p.ID, p.Roles, p.Division = proposal.PersonID(role), []proposal.Role{role}, fixture.Office
		switch role {
		case proposal.DivisionHead, proposal.Handler:
			p.Division = fixture.Leading
		case proposal.LeaderInCharge:
			p.Field = []proposal.DivisionID{fixture.Leading}
		}
		bureau[role] = p
	}
	today := time.Now().Truncate(time.Second)
	registration := fixture.Registration("0392", calendar.DateOf(today))
	register := bureau.Register(registration)
	propose := bureau.Action(proposal.ProposeAssignment, proposal.Liaison, &proposal.RoutingOpinion{Lead: fixture.Leading})
	other := bureau.Action(proposal.ProposeAssignment, proposal.Liaison, &proposal.RoutingOpinion{Lead: fixture.Other})
	back := bureau.Action(proposal.SendBack, proposal.LeaderInCharge, &proposal.SendingBack{To: proposal.Registered, Reason: "再议"})
	stale := back
	stale.ID, stale.BaseSeq = "stale", 1
	registered, assigning, again := place{proposal.Registered, 1}, place{proposal.Assigning, 2}, place{proposal.Registered, 3}
	unknown, inStage := answer{unknown: true}, answer{refused: proposal.NotInStage}
	look := proposal.Action{}
	type told struct {
		from, to int // seconds
		action   proposal.Action
		said     answer
	}
	first := told{0, 1, register, answer{at: registered}}
	for _, c := range []struct {
		what string
		tell []told
		true bool
	}{
		{"one after the other", []told{{2, 3, propose, answer{at: assigning}}, {4, 5, back, answer{at: again}}, {6, 7, look, answer{at: again}}}, true},
		{"of two at once one is refused", []told{{2, 5, propose, answer{at: assigning}}, {2, 4, other, inStage}}, true},
		{"two at once are done", []told{{2, 5, propose, answer{at: assigning}}, {2, 5, other, answer{at: assigning}}}, false},
		{"of two at once both are refused", []told{{2, 5, propose, inStage}, {2, 5, other, inStage}}, false},
		{"refused before there was a reason", []told{{2, 3, other, inStage}, {4, 5, propose, answer{at: assigning}}}, false},
		{"sent again and answered again", []told{{2, 3, propose, answer{at: assigning}}, {4, 5, back, answer{at: again}}, {6, 7, propose, answer{at: assigning}}}, true},
		{"sent again and done again", []told{{2, 3, propose, answer{at: assigning}}, {4, 5, back, answer{at: again}}, {6, 7, propose, answer{at: place{proposal.Assigning, 4}}}}, false},
		{"not known, and never done", []told{{2, 3, propose, unknown}, {4, 5, look, answer{at: registered}}}, true},
		{"not known, and done later", []told{{2, 3, propose, unknown}, {4, 5, look, answer{at: registered}}, {6, 7, look, answer{at: assigning}}}, true},
		{"not known, done, and undone by itself", []told{{2, 3, propose, unknown}, {4, 5, look, answer{at: assigning}}, {6, 7, look, answer{at: registered}}}, false},
		{"done before it was asked for", []told{{2, 3, look, answer{at: assigning}}, {4, 5, propose, answer{at: assigning}}}, false},
		{"a look at what was before", []told{{2, 3, propose, answer{at: assigning}}, {4, 5, look, answer{at: registered}}}, false},
		{"a form of before is refused as such", []told{{2, 3, propose, answer{at: assigning}}, {4, 5, stale, answer{refused: proposal.StaleForm}}}, true},
		{"a form of before is taken", []told{{2, 3, propose, answer{at: assigning}}, {4, 5, stale, answer{at: again}}}, false},
		{"the record has it", []told{{2, 3, propose, answer{at: assigning}}, {6, 7, look, answer{at: assigning, done: []string{register.ID, propose.ID}}}}, true},
		{"the record has lost it", []told{{2, 3, propose, answer{at: assigning}}, {6, 7, look, answer{at: registered, done: []string{register.ID}}}}, false},
		{"the record has another in its place", []told{{2, 3, propose, answer{at: assigning}}, {6, 7, look, answer{at: assigning, done: []string{register.ID, other.ID}}}}, false},
	} {
		heard := &tortured{registration: registration}
		for _, o := range append([]told{first}, c.tell...) {
			heard.history = append(heard.history, porcupine.Operation{
				Input: request{o.action}, Output: o.said,
				Call: today.Add(time.Duration(o.from) * time.Second).UnixNano(), Return: today.Add(time.Duration(o.to) * time.Second).UnixNano(),
			})
		}
		if got := linearizable(bureau, heard); (got == porcupine.Ok) != c.true {
			t.Errorf("%s: %s\n%s", c.what, got, heard.told())
		}
	}
}
