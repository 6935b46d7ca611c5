// Package wording is which words of notices and mails a bureau may put in its own, and what must stand in them: places such as {编号} that the program
// fills in.
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

// Max bounds a text, in characters: it is a sentence, or the subject of a mail.
const Max = 200

// Text is a message of the catalogue that a bureau may put in its own words.
type Text struct {
	Key    string
	Places []string // what the program fills in, by its names in the catalogue
}

// Group is texts that belong together; its words are wording.group.<Name>.
type Group struct {
	Name  string
	Texts []Text
}

// Groups are all texts that may be changed.
var Groups = []Group{
	{"notices", []Text{
		{"notice.assigned", []string{"Who", "Did", "Task"}},
		{"notice.returned", []string{"Who", "Did", "Task"}},
		{"notice.returned_only", []string{"Who", "Did"}},
		{"notice.urge", []string{"Who"}},
		{"notice.call_back", []string{"Time", "Proposer"}},
		{"notice.vacant", []string{"Task"}},
		{"notice.vacant_only", nil},
		{"notice.handed_over", nil},
		{"notice.cover", nil},
		{"notice.take_down", []string{"Proposer"}},
		{"notice.mention", []string{"Who"}},
		{"notice.rated", []string{"Proposer", "Attitude", "Result"}},
		{"notice.rated_only", []string{"Proposer"}},
		{"notice.rated_beside", []string{"Attitude", "Result"}},
		{"notice.opinion", []string{"Who"}},
		{"notice.progress", []string{"Who", "Did"}},
		{"notice.watched", []string{"Who", "Did"}},
		{"notice.bulk", nil},
	}},
	{"limits", []Text{
		{"notice.remind", []string{"Clock", "N", "Date"}},
		{"notice.remind_today", []string{"Clock", "Date"}},
		{"notice.ran_out", []string{"Clock", "Date"}},
		{"notice.escalate", []string{"Clock", "Date"}},
		{"notice.moved", []string{"Clock", "Date"}},
		{"notice.gone", []string{"Clock"}},
		{"notice.remind.draft", []string{"N", "Date"}},
		{"notice.ran_out.draft", []string{"Date"}},
		{"notice.escalate.draft", []string{"Date"}},
		{"notice.remind.plan", []string{"Date", "N"}},
		{"notice.ran_out.plan", []string{"Date"}},
		{"notice.escalate.plan", []string{"Date"}},
	}},
	{"mails", []Text{
		{"mail.subject", []string{"Kind", "Number", "Subject"}},
		{"mail.case", []string{"Number", "Subject"}},
		{"mail.secret", []string{"Number"}},
		{"mail.said", []string{"Words"}},
		{"mail.due", []string{"Words", "Clock", "Date"}},
		{"mail.open", nil},
		{"mail.settings", nil},
	}},
	{"digest", []Text{
		{"mail.digest_subject", []string{"Date", "Today", "Overdue"}},
		{"mail.digest", []string{"Date"}},
		{"mail.overdue", []string{"N"}},
		{"mail.today", []string{"N"}},
		{"mail.week", []string{"N"}},
		{"mail.new", []string{"N"}},
		{"mail.notices", []string{"N"}},
		{"mail.waiting", []string{"N"}},
		{"mail.more", []string{"N"}},
		{"mail.desk", nil},
	}},
}

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
	"Today": {"今天到期", "today"}, "Overdue": {"已逾期", "overdue"},
}

// optional are the places that a text may leave out: without them it still says what is asked, and by when.
var optional = []string{"Who", "Did", "Proposer", "Kind", "Subject"}

// Place is what a place is called in a text of the language: {编号}, {number}.
func Place(lang, name string) string { return "{" + placeName(lang, name) + "}" }

func placeName(lang, name string) string { return places[name][max(0, slices.Index(Languages, lang))] }

// Needed reports whether every text that has the place must say it.
func Needed(name string) bool { return !slices.Contains(optional, name) }

// Faults of a text. The code is the end of a message key, wording.fault.<code>.
const (
	UnknownText  = "unknown_text"
	UnknownPlace = "unknown_place" // Place is as it was typed, with its brackets
	MissingPlace = "missing_place"
	LooseBracket = "loose_bracket"
	TooLong      = "too_long"
	NotOneLine   = "not_one_line" // a line end would make another line of the head of a mail
)

// Codes are all of them.
var Codes = []string{UnknownText, UnknownPlace, MissingPlace, LooseBracket, TooLong, NotOneLine}

// Fault is one thing that is wrong with a text.
type Fault struct {
	Lang, Key string
	Code      string
	Place     string // of an unknown and a missing place
}

// plain are the faults in words, for whoever sets the bureau up by a file.
var plain = map[string]string{
	UnknownText: "there is no such text, or its words cannot be changed", UnknownPlace: "does not know the place", MissingPlace: "lacks the place",
	LooseBracket: "has a { or } without its other half", TooLong: fmt.Sprintf("is longer than %d characters", Max), NotOneLine: "must be one line of text",
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
	if !ok || !slices.Contains(Languages, lang) {
		return Faults{{Lang: lang, Key: key, Code: UnknownText}}
	}
	var wrong Faults
	fail := func(code, place string) { wrong = append(wrong, Fault{lang, key, code, place}) }
	if text == "" {
		return nil
	}
	if utf8.RuneCountInString(text) > Max {
		fail(TooLong, "")
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }) {
		fail(NotOneLine, "")
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
		if Needed(name) && !slices.Contains(said, Place(lang, name)) {
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
