// Package directory is about the directories of a bureau (名录): deputies and members of the CPPCC by term, the units outside that co-handle cases and the
// bodies that assign them, each with how they are reached. It knows what an entry holds, what is wrong with one, whose entry a name means, and how a list
// is read.
//
// The store, the rooms of the web, the command line and the demonstration import it; it imports the rules alone, and knows no file and no database.
package directory

import (
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/proposal"
)

// Kind is one of the directories.
type Kind string

const (
	Deputies  Kind = "deputies"  // 人大代表
	Members   Kind = "members"   // 政协委员
	CoUnits   Kind = "units"     // 会办单位, and the lead units of cases that ours co-handles
	Assigners Kind = "assigners" // 交办单位
)

// Kinds lists every value, in the order in which a page shows them.
var Kinds = []Kind{Deputies, Members, CoUnits, Assigners}

// OfBody is the directory of those who bring cases to an assembly.
func OfBody(body assembly.Body) Kind {
	if body == assembly.CPPCC {
		return Members
	}
	return Deputies
}

// OfPeople reports whether the entries are people who belong to an assembly for a term.
func (k Kind) OfPeople() bool { return k == Deputies || k == Members }

// Words names what the labels of its fields and columns begin with: form.<Words>.name.
func (k Kind) Words() string {
	if k.OfPeople() {
		return "directory"
	}
	return "outside"
}

// Entry is somebody in a directory. Somebody who serves two terms has two entries.
type Entry struct {
	ID    string // UUID; "" for a new one
	Kind  Kind
	Level assembly.Level // of people: the level of their assembly
	Term  int            // of people: 届
	Name  string
	Group string // of people: 代表团 or 界别
	Post  string // of people: 单位及职务
	Reach
	EndedOn calendar.Date // the first day on which they are not offered any more; no date: they are
	EndNote string        // why: 辞职, 去世
}

// Reach is how somebody is reached. Every look at it is told.
type Reach struct {
	Contact  string // of a unit or a body: whom to ask for there
	Phone    string
	Second   string // another number
	Address  string
	Postcode string
	Email    string
}

// Fields are what an entry of the kind holds, in the order of forms and lists.
func (k Kind) Fields() []string {
	if k.OfPeople() {
		return []string{"level", "term", "name", "group", "post", "phone", "second", "address", "postcode", "email", "ended_on", "end_note"}
	}
	return []string{"name", "contact", "phone", "second", "address", "postcode", "email", "ended_on", "end_note"}
}

// Reaches are the fields that say how somebody is reached.
var Reaches = []string{"contact", "phone", "second", "address", "postcode", "email"}

// text is where the entry keeps a field that is a text; nil for one that is not.
func (e *Entry) text(field string) *string {
	return map[string]*string{
		"name": &e.Name, "group": &e.Group, "post": &e.Post, "contact": &e.Contact, "phone": &e.Phone, "second": &e.Second,
		"address": &e.Address, "postcode": &e.Postcode, "email": &e.Email, "end_note": &e.EndNote,
	}[field]
}

// Get is what a field holds, as a form carries it.
func (e Entry) Get(field string) string {
	switch field {
	case "level":
		return string(e.Level)
	case "term":
		if e.Term == 0 {
			return ""
		}
		return strconv.Itoa(e.Term)
	case "ended_on":
		return e.EndedOn.String()
	}
	return *e.text(field)
}

// Set puts what was typed into a field, folded as everything that comes in is: a term as it is written, 十六届 or 16. What cannot be read is refused with
// the code, and leaves the field empty.
func (e *Entry) Set(field, typed string) proposal.FieldCode {
	typed = strings.TrimSpace(chinese.Fold(typed))
	var err error
	switch field {
	case "level":
		e.Level = assembly.Level(typed)
	case "term":
		if e.Term = ReadTerm(typed); e.Term == 0 && typed != "" {
			return proposal.FieldMalformed
		}
	case "ended_on":
		if e.EndedOn = (calendar.Date{}); typed != "" {
			if e.EndedOn, err = calendar.ParseDate(typed); err != nil {
				e.EndedOn = calendar.Date{}
				return proposal.FieldMalformed
			}
		}
	case "name":
		e.Name = chinese.FoldBlanks(chinese.FoldName(typed))
	default:
		*e.text(field) = chinese.FoldBlanks(typed)
	}
	return ""
}

// ReadTerm reads a term (届) as it is written, 16, 16届, 第十六届; 0 for what is no term.
func ReadTerm(typed string) int {
	typed = strings.Map(chinese.HalfWidth, chinese.WithoutBlanks(typed))
	typed = strings.TrimSuffix(strings.TrimPrefix(typed, "第"), "届")
	if n, err := strconv.Atoi(typed); err == nil && n > 0 && n <= maxTerm {
		return n
	}
	return chinese.ReadNumeral(typed)
}

const maxTerm = 99

// postcode is 邮政编码: six digits.
var postcode = regexp.MustCompile(`^[0-9]{6}$`)

// Check finds what is wrong with an entry by itself; nil for nothing.
func (e Entry) Check() []proposal.FieldError {
	var wrong []proposal.FieldError
	add := func(field string, code proposal.FieldCode) {
		wrong = append(wrong, proposal.FieldError{Field: field, Code: code, Max: proposal.MaxLine})
	}
	if !slices.Contains(Kinds, e.Kind) {
		add("kind", proposal.UnknownValue)
		return wrong
	}
	for _, field := range e.Kind.Fields() {
		value := e.Get(field)
		switch {
		case value == "" && (field == "name" || field == "level" || field == "term"):
			add(field, proposal.FieldRequired)
		case value == "":
		case utf8.RuneCountInString(value) > proposal.MaxLine:
			add(field, proposal.FieldTooLong)
		case field == "level" && !slices.Contains(assembly.Levels, e.Level):
			add(field, proposal.UnknownValue)
		case field == "term" && (e.Term < 1 || e.Term > maxTerm), field == "postcode" && !postcode.MatchString(value), field == "email" && !isAddress(value):
			add(field, proposal.FieldMalformed)
		}
	}
	for _, field := range []string{"level", "term"} {
		if e.Get(field) != "" && !e.Kind.OfPeople() {
			add(field, proposal.UnknownField)
		}
	}
	if e.EndNote != "" && e.EndedOn.IsZero() {
		add("ended_on", proposal.FieldRequired)
	}
	return wrong
}

func isAddress(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text
}

// Meant is the one of the entries, all of one name in one assembly and term, that is meant by the delegation or sector; false where that tells nobody or
// more than one.
func Meant(namesakes []Entry, group string) (Entry, bool) {
	if len(namesakes) > 1 {
		namesakes = slices.DeleteFunc(slices.Clone(namesakes), func(e Entry) bool { return e.Group != group })
	}
	if len(namesakes) != 1 {
		return Entry{}, false
	}
	return namesakes[0], true
}
