package proposal

import (
	"regexp"
	"strings"
)

// Paragraph is one paragraph of a reply's text, with the rank of the heading that opens it.
type Paragraph struct {
	Rank int    `json:"rank"` // 1 一、  2 （一）  3 1.  4 （1）  0 plain text
	Text string `json:"text"`
	// Lead is how much of Text, in bytes, is the heading itself: all of a rank-1 line, up to and including the first full
	// stop of a （一） that goes on.
	Lead int `json:"lead"`
}

var headings = []*regexp.Regexp{
	regexp.MustCompile(`^[一二三四五六七八九十]+、`),
	regexp.MustCompile(`^[（(][一二三四五六七八九十]+[）)]`),
	regexp.MustCompile(`^[0-9]+[.．、]`),
	regexp.MustCompile(`^[（(][0-9]+[）)]`),
}

var blanks = regexp.MustCompile(`[\s\p{Zs}]+`)

// Paragraphs reads the text of a reply: a paragraph a line, empty lines dropped. Indents and runs of blanks come from the
// page or the word processor and are folded (domain §5); the words stay as they were typed.
func Paragraphs(body string) []Paragraph {
	var paragraphs []Paragraph
	for line := range strings.Lines(body) {
		text := foldBlanks(line)
		if text == "" {
			continue
		}
		paragraphs = append(paragraphs, paragraph(text))
	}
	return paragraphs
}

func paragraph(text string) Paragraph {
	p := Paragraph{Text: text}
	for i, heading := range headings {
		if heading.MatchString(text) {
			p.Rank = i + 1
			break
		}
	}
	if p.Rank > 0 {
		p.Lead = len(text)
		if stop := strings.Index(text, "。"); stop >= 0 {
			p.Lead = stop + len("。")
		}
	}
	return p
}

// foldBlanks trims a line and folds its runs of blanks: to nothing next to Chinese text or punctuation, else to one space.
func foldBlanks(line string) string {
	line = strings.TrimSpace(blanks.ReplaceAllString(line, " "))
	runes := []rune(line)
	var out strings.Builder
	for i, r := range runes {
		if r == ' ' && !(latin(runes[i-1]) && latin(runes[i+1])) {
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func latin(r rune) bool { return r > ' ' && r < 0x2E80 && r != ';' && r != ':' && r != ',' }
