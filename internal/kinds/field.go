package kinds

import (
	"slices"

	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/proposal"
)

// Field is one field of an input. Its name is the JSON name there.
type Field struct {
	Name    string
	Control Control
	Hint    func(w Words, c Case) string // a line under the label; nil for none
	Choices Choices
	Opens   func(c Case) string // what a fresh form holds; nil for nothing
	Ticked  func(c Case) []string
	When    func(c Case) bool // it is asked for in some cases only
	Beside  bool              // it stands in one line with the field before it
	Said    bool              // the past tells its words
	Full    bool              // whoever decides on the action is told it too
	Part    string            // of a long form: the heading register.<part> that it stands under
	With    string            // name=value: it applies while that field holds that value; ticks are folded away, besides, behind the message register.<name>
	Fact    bool              // the page of the case shows it
	Usual   string            // the value that goes without saying there
	From    Source            // a directory from which a name that is typed may be chosen; "" for none
	Reach   bool              // and the choice says how they are reached, which is told
}

// The directories from which names are chosen: those of people by the body of the case.
const (
	FromPeople    Source = "people"
	FromUnits     Source = Source(directory.CoUnits)
	FromAssigners Source = Source(directory.Assigners)
)

// Control is how a field is asked for.
type Control string

const (
	Text      Control = "text"      // a line of words
	Short     Control = "short"     // a number or a code
	Area      Control = "area"      // some lines of words
	Long      Control = "long"      // a text
	Day       Control = "day"       //
	Moment    Control = "moment"    // a day with a time
	Select    Control = "select"    // one of many
	Radios    Control = "radios"    // one of a few, each on a line of its own
	Segments  Control = "segments"  // one of a few, in one line
	Ticks     Control = "ticks"     // any of some
	Tick      Control = "tick"      // yes or no
	Sure      Control = "sure"      // a tick that what is far off is meant; asked for once something is
	Carried   Control = "carried"   // not seen: what the form was drawn from
	CaseNo    Control = "case_no"   // another case of the same sitting, by its number
	Elsewhere Control = "elsewhere" // not on the form: the special form makes it, or a page of its own
	AtEnd     Control = "at_end"    // a tick below the last line of the reply, that it was read
)

// BrowserTime is how a browser writes a Moment; it means Shanghai time.
const BrowserTime = "2006-01-02T15:04"

// Words reports whether a person writes words in it. The others hold choices and codes, which mean nothing to a reader.
func (f Field) Words() bool {
	return slices.Contains([]Control{Text, Area, Long, CaseNo}, f.Control) && f.Choices.None()
}

// Field is the field of the name.
func (r Row) Field(name string) (Field, bool) {
	i := slices.IndexFunc(r.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return r.Fields[i], true
}

// Choices are what a field is chosen from: the values of a closed type, each named by the message <Prefix><value>, or what a source
// has.
type Choices struct {
	Prefix string
	Values []string
	Source Source
}

// None reports whether there is nothing to choose from.
func (c Choices) None() bool { return c.Source == "" && c.Values == nil }

// Key is the message that names a value.
func (c Choices) Key(value string) string {
	if value == "" {
		value = "none"
	}
	return c.Prefix + value
}

// Source is a list that depends on the case or the bureau.
type Source string

const (
	Divisions      Source = "divisions"
	OtherDivisions Source = "other_divisions" // without the lead division
	Handlers       Source = "handlers"        // of the lead division
	OtherHandlers  Source = "other_handlers"  // without the handler of the case
	Reviewers      Source = "reviewers"       // who may be asked for one more review
	Leaders        Source = "leaders"
	Colleagues     Source = "colleagues"
	Points         Source = "points"
	Proposers      Source = "proposers"
	CoSigners      Source = "co_signers"
	Grounds        Source = "grounds" // on which a reply is not published
	Versions       Source = "versions"
	Scans          Source = "scans"
	StagesTo       Source = "stages_to" // where the action may lead
)

func among[T ~string](prefix string, values []T) Choices {
	c := Choices{Prefix: prefix}
	for _, v := range values {
		c.Values = append(c.Values, string(v))
	}
	return c
}

func from(s Source) Choices { return Choices{Source: s} }

// opens makes a fresh form hold the same in every case.
func opens[T ~string](value T) func(Case) string { return func(Case) string { return string(value) } }

// Fields that several kinds have.

// reason is why; nobody has to guess, and the past tells it.
var reason = Field{Name: "reason", Control: Area, Said: true}

// remark is what one may say with a decision.
func remark(name string) Field {
	return Field{Name: name, Control: Area, Hint: one("form.optional"), Said: true}
}

func words(name string) Field { return Field{Name: name, Control: Area, Said: true} }

// readText is the tick of whoever decides on a reply that they have read it to its end; it holds the hash of what they read.
var readText = Field{Name: "sha256", Control: AtEnd}

// text carries the hash of the reply that the page shows: a decision holds for exactly that text.
var text = Field{Name: "sha256", Control: Carried, Opens: func(c Case) string { return c.State.DraftSHA256 }}

var (
	handler = Field{Name: "handler", Control: Select, Choices: from(Handlers)}
	mode    = Field{Name: "mode", Control: Segments, Choices: among("mode.", proposal.ContactModes), Opens: opens(proposal.PhoneContact)}
	metBy   = Field{Name: "met_by", Control: Select, Choices: among("rank.", proposal.Ranks)}
	edited  = Field{Name: "edited", Control: Elsewhere}
	sure    = Field{Name: "sure", Control: Sure}
)

// until is a later due date, with the day that it may not pass.
var until = Field{Name: "until", Control: Day, Hint: func(w Words, c Case) string {
	reply := c.State.ReplyDue()
	if reply == nil {
		return ""
	}
	start := reply.Span.Start
	if start.IsZero() {
		start = c.State.AssignedOn
	}
	return w.T("form.until_hint", "Due", w.Date(reply.Due()), "Latest", w.Date(c.Pack.ExtensionCap(start, c.Calendar)))
}}

// TakesEdits reports whether other words may be put in the place of the reply's with an action of the kind.
func (r Row) TakesEdits() bool {
	_, takes := r.Field(edited.Name)
	return takes
}
