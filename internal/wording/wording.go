// Package wording is which words a bureau may put in its own, those of notices and mails and what a reply begins with, and what must stand in them: places
// such as {编号} that the program fills in.
//
// It must import no other package of the house: the record, the pages and the command line check by it alike.
package wording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Languages in which a bureau may say its own words, the usual one first.
var Languages = []string{"zh", "en"}

// Max bounds a text, in characters: it is a sentence, or the subject of a mail. MaxLetter bounds the skeleton of a letter.
const (
	Max       = 200
	MaxLetter = 2_000
)

// Text is a message of the catalogue that a bureau may put in its own words.
type Text struct {
	Key    string
	Places []string // what the program fills in, by its names in the catalogue
	Letter bool     // the skeleton of a letter: in Chinese alone, and of several lines
}

// Languages are those in which the text can be said.
func (t Text) Languages() []string {
	if t.Letter {
		return Languages[:1]
	}
	return Languages
}

// Max bounds the text, in characters.
func (t Text) Max() int {
	if t.Letter {
		return MaxLetter
	}
	return Max
}

// Group is texts that belong together; its words are wording.group.<Name>.
type Group struct {
	Name  string
	Texts []Text
}

// Groups are all texts that may be changed.
var Groups = []Group{
	{"notices", []Text{
		{Key: "notice.assigned", Places: []string{"Who", "Did", "Task"}},
		{Key: "notice.returned", Places: []string{"Who", "Did", "Task"}},
		{Key: "notice.returned_only", Places: []string{"Who", "Did"}},
		{Key: "notice.urge", Places: []string{"Who"}},
		{Key: "notice.call_back", Places: []string{"Time", "Proposer"}},
		{Key: "notice.vacant", Places: []string{"Task"}},
		{Key: "notice.vacant_only"},
		{Key: "notice.handed_over"},
		{Key: "notice.cover"},
		{Key: "notice.take_down", Places: []string{"Proposer"}},
		{Key: "notice.mention", Places: []string{"Who"}},
		{Key: "notice.rated", Places: []string{"Proposer", "Attitude", "Result"}},
		{Key: "notice.rated_only", Places: []string{"Proposer"}},
		{Key: "notice.rated_beside", Places: []string{"Attitude", "Result"}},
		{Key: "notice.opinion", Places: []string{"Who"}},
		{Key: "notice.progress", Places: []string{"Who", "Did"}},
		{Key: "notice.watched", Places: []string{"Who", "Did"}},
		{Key: "notice.bulk"},
	}},
	{"limits", []Text{
		{Key: "notice.remind", Places: []string{"Clock", "N", "Date"}},
		{Key: "notice.remind_today", Places: []string{"Clock", "Date"}},
		{Key: "notice.ran_out", Places: []string{"Clock", "Date"}},
		{Key: "notice.escalate", Places: []string{"Clock", "Date"}},
		{Key: "notice.moved", Places: []string{"Clock", "Date"}},
		{Key: "notice.gone", Places: []string{"Clock"}},
		{Key: "notice.remind.draft", Places: []string{"N", "Date"}},
		{Key: "notice.ran_out.draft", Places: []string{"Date"}},
		{Key: "notice.escalate.draft", Places: []string{"Date"}},
		{Key: "notice.remind.plan", Places: []string{"Date", "N"}},
		{Key: "notice.ran_out.plan", Places: []string{"Date"}},
		{Key: "notice.escalate.plan", Places: []string{"Date"}},
	}},
	{"mails", []Text{
		{Key: "mail.subject", Places: []string{"Kind", "Number", "Subject"}},
		{Key: "mail.case", Places: []string{"Number", "Subject"}},
		{Key: "mail.secret", Places: []string{"Number"}},
		{Key: "mail.said", Places: []string{"Words"}},
		{Key: "mail.due", Places: []string{"Words", "Clock", "Date"}},
		{Key: "mail.open"},
		{Key: "mail.settings"},
		{Key: "mail.password_subject"},
		{Key: "mail.password"},
		{Key: "mail.password_login", Places: []string{"Login"}},
		{Key: "mail.password_until", Places: []string{"Time"}},
		{Key: "mail.password_open"},
	}},
	{"digest", []Text{
		{Key: "mail.digest_subject", Places: []string{"Date", "Today", "Overdue"}},
		{Key: "mail.digest", Places: []string{"Date"}},
		{Key: "mail.overdue", Places: []string{"N"}},
		{Key: "mail.today", Places: []string{"N"}},
		{Key: "mail.week", Places: []string{"N"}},
		{Key: "mail.new", Places: []string{"N"}},
		{Key: "mail.notices", Places: []string{"N"}},
		{Key: "mail.waiting", Places: []string{"N"}},
		{Key: "mail.more", Places: []string{"N"}},
		{Key: "mail.desk"},
	}},
	{"letters", []Text{
		{Key: "outline.npc", Places: letterPlaces, Letter: true},
		{Key: "outline.cppcc", Places: letterPlaces, Letter: true},
		{Key: "outline.npc.again", Places: letterPlaces, Letter: true},
		{Key: "outline.cppcc.again", Places: letterPlaces, Letter: true},
		{Key: "outline.opinion", Places: letterPlaces, Letter: true},
	}},
}

// letterPlaces are the parts of which the program makes the beginning of a reply, and what it knows of the case.
var letterPlaces = []string{"Opening", "Headings", "Thanks", "Session", "Number", "Subject"}

// Of is the text with the key; false if its words are not a bureau's to change.
func Of(key string) (Text, bool) {
	for _, g := range Groups {
		if i := slices.IndexFunc(g.Texts, func(t Text) bool { return t.Key == key }); i >= 0 {
			return g.Texts[i], true
		}
	}
	return Text{}, false
}

// places are what a place is called in the texts of each language, in the order of Languages.
var places = map[string][2]string{
	"Who": {"谁", "who"}, "Did": {"做了什么", "did"}, "Task": {"要办的事", "task"}, "Time": {"时间", "time"}, "Proposer": {"提出人", "proposer"},
	"Attitude": {"态度", "attitude"}, "Result": {"结果", "result"}, "Clock": {"期限", "limit"}, "N": {"数", "n"}, "Date": {"日期", "date"},
	"Kind": {"种类", "kind"}, "Number": {"编号", "number"}, "Subject": {"案由", "subject"}, "Words": {"内容", "words"},
	"Today": {"今天到期", "today"}, "Overdue": {"已逾期", "overdue"}, "Login": {"工号", "login"},
	"Opening": {"开头", "opening"}, "Headings": {"各条", "headings"}, "Thanks": {"致谢", "thanks"}, "Session": {"届次", "session"},
}

// optional are the places that a text may leave out: without them it still says what is asked, and by when; a letter still answers each point.
var optional = []string{"Who", "Did", "Proposer", "Kind", "Subject", "Opening", "Thanks", "Session"}

// Place is what a place is called in a text of the language: {编号}, {number}.
func Place(lang, name string) string { return "{" + placeName(lang, name) + "}" }

func placeName(lang, name string) string { return places[name][max(0, slices.Index(Languages, lang))] }

// Needs reports whether the text must say the place.
func (t Text) Needs(name string) bool {
	return !slices.Contains(optional, name) && (!t.Letter || name != "Number")
}

// Faults of a text. The code is the end of a message key, wording.fault.<code>.
const (
	UnknownText  = "unknown_text"
	UnknownPlace = "unknown_place" // Place is as it was typed, with its brackets
	MissingPlace = "missing_place"
	LooseBracket = "loose_bracket"
	TooLong      = "too_long"
	NotOneLine   = "not_one_line"  // a line end would make another line of the head of a mail
	NotOnlyText  = "not_only_text" // a control character other than a line end, in a letter
)

// Codes are all of them.
var Codes = []string{UnknownText, UnknownPlace, MissingPlace, LooseBracket, TooLong, NotOneLine, NotOnlyText}

// Fault is one thing that is wrong with a text.
type Fault struct {
	Lang, Key string
	Code      string
	Place     string // of an unknown and a missing place
}

// plain are the faults in words, for whoever sets the bureau up by a file.
var plain = map[string]string{
	UnknownText: "there is no such text, or its words cannot be changed", UnknownPlace: "does not know the place", MissingPlace: "lacks the place",
	LooseBracket: "has a { or } without its other half", TooLong: "is too long", NotOneLine: "must be one line of text",
	NotOnlyText: "has a tab or another control character",
}

// Error implements error.
func (f Fault) Error() string { return strings.TrimSpace(plain[f.Code] + " " + f.Place) }

// Faults are what is wrong with texts; never empty.
type Faults []Fault

// Error implements error.
func (f Faults) Error() string {
	var lines []string
	for _, one := range f {
		lines = append(lines, fmt.Sprintf("words.%s.%s: %s", one.Lang, one.Key, one.Error()))
	}
	return strings.Join(lines, "\n")
}

var bracketed = regexp.MustCompile(`\{[^{}]*\}`)

// Check finds what is wrong with a bureau's own text; nil for nothing. "" stands for the words that come with the program.
func Check(lang, key, text string) Faults {
	of, ok := Of(key)
	if !ok || !slices.Contains(of.Languages(), lang) {
		return Faults{{Lang: lang, Key: key, Code: UnknownText}}
	}
	var wrong Faults
	fail := func(code, place string) { wrong = append(wrong, Fault{lang, key, code, place}) }
	if text == "" {
		return nil
	}
	if utf8.RuneCountInString(text) > of.Max() {
		fail(TooLong, "")
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool {
		return (unicode.IsControl(r) || r == '\u2028' || r == '\u2029') && !(of.Letter && r == '\n')
	}) {
		code := NotOneLine
		if of.Letter {
			code = NotOnlyText
		}
		fail(code, "")
	}
	if strings.ContainsAny(bracketed.ReplaceAllString(text, ""), "{}") {
		fail(LooseBracket, "")
	}
	said := bracketed.FindAllString(text, -1)
	for i, place := range said {
		if !slices.ContainsFunc(of.Places, func(name string) bool { return Place(lang, name) == place }) && !slices.Contains(said[:i], place) {
			fail(UnknownPlace, place)
		}
	}
	for _, name := range of.Places {
		if of.Needs(name) && !slices.Contains(said, Place(lang, name)) {
			fail(MissingPlace, Place(lang, name))
		}
	}
	return wrong
}

// Fill puts values, by the names of places, into a text that is sound.
func Fill(lang, text string, values map[string]any) string {
	return bracketed.ReplaceAllStringFunc(text, func(place string) string {
		for name := range places {
			if Place(lang, name) == place {
				return fmt.Sprint(values[name])
			}
		}
		return place
	})
}
