// Package kinds has one row for each kind of action, which says what people are shown of it: its form, where it stands in
// a list, which tasks it does, how the past tells it. The pages, the API, the past and the notices are made from these rows. What
// the rules need of a kind is in the proposal package; the words are in the catalogues, under keys made from the kind's name:
// action.<kind> (the heading), do.<kind> (the button), after.<kind> (what pressing it does), other.<kind> (in a list of what else
// may be done), event.<kind> (in the past), and form.<field> or form.<kind>.<field> for the labels.
package kinds

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Row is what the screens, the API, the past and the notices need to know of a kind.
type Row struct {
	Kind   proposal.Kind
	Fields []Field                      // of its input, without the strand that it is about, in the order of the form
	Says   func(w Words, c Case) string // a line above the fields; nil for none
	Form   Special                      // a form that is no list of fields
	Page   Page                         // where its form stands, if not on the page of the case
	On     []proposal.Kind              // the acts of others that it decides on or answers: their words stand above its form
	Names  string                       // the field whose choice the button names: do.<kind>_named
	Read   bool                         // whoever decides reads the reply first: it stands above the form
	Decide Decision                     // it is a decision on a reply, among those that wait for one person
	Aside  bool                         // of the main way, but not its next step: never the first thing that a page offers
	Side   Heading                      // beside the main way: the heading under which it is offered
	Does   []proposal.Ask               // the tasks of strands that it does; of several kinds that do one task, the first row is the usual
	Past   Subject                      // by which the past is narrowed
	Tells  func(t Teller, a Act) string // the past's line, where event.<kind> does not say enough
	Adds   func(w Words, a Act) string  // what the past adds to the words that were said
	Stages bool                         // its name in the past depends on the stage: event.<kind>.<stage>
	Verb   bool                         // news of it has a verb of its own: live.did.<kind>
	Quiet  bool                         // it is not worth a word to those who have the case open
	Back   bool                         // it takes the case back, or ends it before its time
}

// Words puts a message of the catalogues into the reader's language.
type Words interface {
	T(key string, args ...any) string
	Date(calendar.Date) string
	Moment(time.Time) string
}

// Teller tells of the past of one case.
type Teller interface {
	Words
	Division(proposal.DivisionID) string
	Person(proposal.PersonID) string
	List([]string) string
}

// Act is an action that was done.
type Act struct {
	Input  proposal.Input
	What   string         // event.<kind>, with the strand that it is about
	From   proposal.Stage // where the case stood
	State  proposal.State // as the case is now
	Newest bool           // nothing of the kind was done since
}

// Case is what a form asks of the case that it is about, for the officer who opens it.
type Case struct {
	State     proposal.State
	Pack      *proposal.Pack
	Calendar  *calendar.Calendar
	Today     calendar.Date
	Offer     proposal.Offer
	Actor     proposal.Person
	Draft     *proposal.Draft // the one in review, else the newest; nil if none is saved
	Proposers []string        // the lead deputy first; none for who may not know them
	Last      func(proposal.Kind) proposal.Input
}

// Heading is what an action beside the main way is listed under, the message side.<heading>.
type Heading string

const (
	CoHandling Heading = "co_handling"
	Time       Heading = "time"
	Review     Heading = "review"
	FollowUp   Heading = "follow_up"
	Commitment Heading = "commitment"
	Other      Heading = "other"
)

// Headings lists them in the order in which a page shows them.
var Headings = []Heading{CoHandling, Time, Review, FollowUp, Commitment, Other}

// Subject is what an event is about when the past is narrowed, the message past.<subject>.
type Subject string

const (
	AboutHandling   Subject = "handling" // the rest
	AboutContact    Subject = "contact"
	AboutDraft      Subject = "draft"
	AboutCoHandling Subject = "co_handling"
	AboutTime       Subject = "time"
	AboutNotes      Subject = "note"
	AboutFiles      Subject = "files"
	AboutLooks      Subject = "look"
)

// Subjects lists them in the order in which a page offers them.
var Subjects = []Subject{AboutHandling, AboutContact, AboutDraft, AboutCoHandling, AboutTime, AboutNotes, AboutFiles, AboutLooks}

// Special is a form that a partial template of its own draws, and whose reading is its own too.
type Special string

const (
	CallForm  Special = "call"  // points are ticked while they are read out
	DraftForm Special = "draft" // the reply is written
	AmendForm Special = "amend" // one fact is chosen, and asked for as it was when it was registered
)

// Page is where a form stands.
type Page string

const (
	CallPage   Page = "call"
	DraftPage  Page = "draft"
	ReviewPage Page = "review" // beside the reply that is decided on
)

// Decision says how a reply is decided among those that wait.
type Decision string

const (
	Together Decision = "together"   // with others, by one press: nothing has to be chosen
	OneByOne Decision = "one_by_one" // something has to be chosen
)

// rows has every kind; of what is offered under one heading, in the order in which it is offered.
var rows = slices.Concat(mainRows, coHandlingRows, timeRows, reviewRows, followUpRows, commitmentRows, otherRows, systemRows)

var byKind = func() map[proposal.Kind]Row {
	m := map[proposal.Kind]Row{}
	for _, r := range rows {
		m[r.Kind] = r
	}
	return m
}()

// Of is the row of a kind; an empty row for what is no kind of action.
func Of(k proposal.Kind) Row { return byKind[k] }

// OnCase lists the kinds of people's actions on a registered case.
func OnCase() []proposal.Kind {
	return slices.DeleteFunc(proposal.Kinds(), func(k proposal.Kind) bool { return !Of(k).OnCase() })
}

// OnCase reports whether people do it, to a case that exists.
func (r Row) OnCase() bool {
	return r.Kind != "" && r.Kind != proposal.Register && !r.Kind.BySystem()
}

// Under lists the kinds that stand under a heading.
func Under(h Heading) []proposal.Kind {
	var list []proposal.Kind
	for _, r := range rows {
		if r.Side == h {
			list = append(list, r.Kind)
		}
	}
	return list
}

// Doing lists the kinds that do the task of a strand, the usual one first; nil for the task of a stage.
func Doing(ask proposal.Ask) []proposal.Kind {
	var list []proposal.Kind
	for _, r := range rows {
		if slices.Contains(r.Does, ask) {
			list = append(list, r.Kind)
		}
	}
	return list
}

// Deciding is the row of the kind that decides on the reply which the task is about; false if the task is about none.
func Deciding(ask proposal.Ask) (Row, bool) {
	for _, r := range rows {
		if r.Decide == "" {
			continue
		}
		ofStage := slices.ContainsFunc(proposal.Table, func(t proposal.Transition) bool {
			return t.Kind == r.Kind && proposal.AskOf(t.From) == ask
		})
		if ofStage || slices.Contains(r.Does, ask) {
			return r, true
		}
	}
	return Row{}, false
}

// EventKey is the message that names an event in the past: that of the action, or of the stage in which it was done.
func EventKey(event string, from proposal.Stage) string {
	if Of(proposal.Kind(event)).Stages {
		return "event." + event + "." + string(from)
	}
	return "event." + event
}

// SubjectOf is what an event is about.
func SubjectOf(event string) Subject {
	switch event {
	case proposal.EventSaveDraft:
		return AboutDraft
	case proposal.EventDeputyLink:
		return AboutContact
	case proposal.EventNote:
		return AboutNotes
	case proposal.EventAttach, proposal.EventSeal:
		return AboutFiles
	case proposal.EventViewContact:
		return AboutLooks
	}
	if about := Of(proposal.Kind(event)).Past; about != "" {
		return about
	}
	return AboutHandling
}

// Said is what was written with an action: the words of its fields that are told.
func (r Row) Said(input json.RawMessage) string {
	var said map[string]json.RawMessage
	if json.Unmarshal(input, &said) != nil {
		return "" // the reader may not see it
	}
	var texts []string
	for _, f := range r.Fields {
		var text string
		if f.Said && json.Unmarshal(said[f.Name], &text) == nil && text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "\n")
}

// told makes the past's line of the input of one kind.
func told[I proposal.Input](tell func(Teller, I) string) func(Teller, Act) string {
	return func(t Teller, a Act) string { return tell(t, a.Input.(I)) }
}

// toldAbout adds to the name of the action what it was about.
func toldAbout[I proposal.Input](about func(Teller, I) string) func(Teller, Act) string {
	return func(t Teller, a Act) string {
		return t.T("event.about", "What", a.What, "About", about(t, a.Input.(I)))
	}
}

// one is a message that says the same of every case.
func one(key string) func(Words, Case) string {
	return func(w Words, _ Case) string { return w.T(key) }
}
