package replytext

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Figure is a figure with its unit as it stands in a reply.
type Figure struct {
	Paragraph int // index into Paragraphs(body)
	From, To  int // rune offsets in the paragraph's Text
	Text      string
}

// figureSaid is a number that counts or measures something. What is no statement of fact is left: dates and periods of time,
// numbers of documents, laws and telephones, and what numbers a list.
var figureSaid = regexp.MustCompile(`[0-9０-９]+(?:,[0-9]{3})*(?:[.．][0-9０-９]+)?(?:万|亿|千|百)*(?:多|余)?` +
	`(?:%|％|‰|个百分点|平方米|平方公里|公里|千米|米|亩|公顷|吨|度|元(?:/月|/年|/人|／月|／年|／人)?|人次|户次|件次|项|个|家|人|名|位|户|件|张|处|所|座|套|辆|台|次|场|期|批|条|级|类|倍|支|间|床)`)

var notAFigure = regexp.MustCompile(`第$|〔[0-9]{4}〕$`)

// Figures finds the figures of a text.
func Figures(body string) []Figure {
	var found []Figure
	for i, p := range Paragraphs(body) {
		for _, at := range figureSaid.FindAllStringIndex(p.Text, -1) {
			before := p.Text[:at[0]]
			if notAFigure.MatchString(before) || at[0] > 0 && strings.ContainsAny(before[at[0]-1:], "0123456789.-—/") {
				continue
			}
			from := utf8.RuneCountInString(before)
			said := p.Text[at[0]:at[1]]
			found = append(found, Figure{i, from, from + utf8.RuneCountInString(said), said})
		}
	}
	return found
}

// Unsourced are reminders of the figures for which nobody has said where they come from. A source covers every figure that stands
// in its words (“274项减至22项”). They remind only: a reply may go out with them, and whoever reviews it will ask.
func Unsourced(body string, sourced []string) []Mark {
	paragraphs := Paragraphs(body)
	var marks []Mark
	for _, f := range Figures(body) {
		covered := slices.ContainsFunc(sourced, func(words string) bool { return covers(paragraphs[f.Paragraph].Text, words, f) })
		if !covered {
			marks = append(marks, Mark{
				Code: UnsourcedFigure, Level: ReminderMark, Field: "body", Paragraph: f.Paragraph, From: f.From, To: f.To, Text: f.Text,
				Digest: digest(paragraphs[f.Paragraph].Text),
			})
		}
	}
	return marks
}

// covers reports whether the words stand in the paragraph, with the figure among them.
func covers(paragraph, words string, f Figure) bool {
	if words == "" {
		return false
	}
	for from := 0; ; {
		at := strings.Index(paragraph[from:], words)
		if at < 0 {
			return false
		}
		begin := utf8.RuneCountInString(paragraph[:from+at])
		if begin <= f.From && f.To <= begin+utf8.RuneCountInString(words) {
			return true
		}
		from += at + len(words)
	}
}
