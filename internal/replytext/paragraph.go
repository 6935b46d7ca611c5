package replytext

import (
	"regexp"
	"strings"

	"github.com/banli/banli/internal/chinese"
	"github.com/banli/banli/internal/tables"
)

// Paragraph is one paragraph of a reply's text, with the rank of the heading that opens it; or a row of a table.
type Paragraph struct {
	Rank int    `json:"rank"` // 1 一、  2 （一）  3 1.  4 （1）  0 plain text
	Text string `json:"text"`
	// Lead is how much of Text, in bytes, is the heading itself: up to and including its first full stop, all of it if it
	// has none.
	Lead int `json:"lead"`
	// Cells are those of a row, with \n where one has several lines; the rows of a table have equally many. Rows that follow each other are one table, and the
	// first of them is its head.
	Cells []string `json:"cells,omitempty"`
	Head  bool     `json:"head,omitempty"`
	Last  bool     `json:"-"` // ends its table
	// Enclosure says that the paragraph is of the list of enclosures (附件说明) that ends the text.
	Enclosure bool `json:"enclosure,omitempty"`
}

// Digits after the mark make a figure, not a heading (1.5亿元, 12、13日), unless they are a year that the heading begins
// with (1.2020年…). No reply has a hundred points, so longer numbers are figures too (2018、2019年).
var headings = []*regexp.Regexp{
	regexp.MustCompile(`^[一二三四五六七八九十]+、`),
	regexp.MustCompile(`^[（(][一二三四五六七八九十]+[）)]`),
	regexp.MustCompile(`^[0-9０-９]{1,2}[.．、](?:[^0-9０-９]|[0-9０-９]{4}年|$)`),
	regexp.MustCompile(`^[（(][0-9０-９]{1,2}[）)]`),
}

// Paragraphs reads the text of a reply: a paragraph a line, empty lines dropped. Indents and runs of blanks come from the
// page or the word processor and are folded (domain §5); the words stay as they were typed.
func Paragraphs(body string) []Paragraph {
	var paragraphs []Paragraph
	for _, line := range chinese.Lines(body) {
		if text := chinese.FoldBlanks(line); text != "" {
			paragraphs = append(paragraphs, paragraph(text))
		}
	}
	markEnclosures(paragraphs)
	for from := 0; from < len(paragraphs); from++ {
		to, width := from, 0
		for ; to < len(paragraphs) && paragraphs[to].Cells != nil; to++ {
			width = max(width, len(paragraphs[to].Cells))
		}
		if to == from {
			continue
		}
		table := paragraphs[from:to]
		for i := range table {
			table[i].Cells = append(table[i].Cells, make([]string, width-len(table[i].Cells))...)
		}
		table[0].Head, table[len(table)-1].Last = true, true
		from = to
	}
	return paragraphs
}

func paragraph(text string) Paragraph {
	p := Paragraph{Text: text, Cells: tables.Cells(text)}
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
