// Package paper lays a reply out on pages in the letter form (信函格式) or the plain form of GB/T 9704-2012: 22 lines of 28 characters, no line that begins with a
// full stop, no page that bears nothing but the signature. It knows lines, not the rules for replies.
//
// Everybody may import it. It imports the standard library only.
package paper

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What a page holds (GB/T 9704-2012, 5.2.3).
const (
	LinesAPage      = 22
	CharactersALine = 28
	titleCharacters = 20 // a line of the title, whose characters are of size 2 (2号)
	copyCharacters  = 30 // a line of the copies, of size 4 (4号), one character in from both sides
	headLines       = 2  // of the first page of a letter, taken by the agency's name and the red line
)

// Style says how a line is set.
type Style string

const (
	Blank     Style = "blank"
	Number    Style = "number"    // 发文字号 of a letter, flush right under the red line
	Name      Style = "name"      // 发文机关标志 of the plain form, in red, two lines high
	Head      Style = "head"      // 发文字号 of the plain form, centred over the red line; with a signer at both its ends
	Title     Style = "title"     // centred
	Addressee Style = "addressee" // flush left
	Text      Style = "text"      // of a paragraph
	Enclosure Style = "enclosure" // 附件说明
	Signature Style = "signature" // the agency, centred over the date
	Date      Style = "date"      // four characters from the right
	Copies    Style = "copies"    // 抄送
	Issued    Style = "issued"    // 印发机关和印发日期 of the plain form, at both ends of the last line
	Rows      Style = "rows"      // of a table, as many as stand on the page
)

// Reply is what stands on the paper. What is empty is left out.
type Reply struct {
	Plain      bool     // the plain form: the agency and a line in red over the text, page numbers throughout, lines round the copies
	Signer     string   // 签发人, of the plain form alone
	Marks      []string // result class and openness, upper right of the first page
	Number     string
	Title      string
	Addressee  string
	Paragraphs []Paragraph
	Enclosures []string // 附件说明: names, numbered if there are several
	Ask        []string // whom to ask, a line each
	Agency     string
	Date       string
	Copies     string // 抄送：…。
}

// Paragraph is a paragraph of the text; Rank and Lead as the rules read them: Lead is how much of it, in bytes, is its heading. With Cells it is a row of a
// table instead, which the row that is its Head begins.
type Paragraph struct {
	Rank  int
	Lead  int
	Text  string
	Cells []string
	Head  bool
}

// Form is a form with a table.
type Form struct {
	Over   string // a line above the title
	Title  string
	Widths []int // of the columns, in hundredths of the table
	Rows   [][]Cell
	Notes  []string
	Code   [][]bool // the dots of a code beside the notes, by rows; nil for none
}

// Cell is one of a form. A label stands in the middle.
type Cell struct {
	Text  string
	Label bool
	Span  int // how many columns it is wide
	Width int // in hundredths of the table
}

// Line is one line of a page.
type Line struct {
	Style  Style
	Rank   int
	Lead   string // the part that is a heading
	Rest   string
	Indent bool // two characters in: the first line of a paragraph
	Full   bool // goes on in the next line, and is therefore set to the full width
	In     int  // so many characters in, of an enclosure
	Table  *Table
	whole  *Table // of which Table is a row
}

// Page is one page; the first is No 1.
type Page struct {
	No    int
	Lines []Line
}

// Lay sets a reply.
func Lay(l Reply) []Page {
	head, body := l.head(), l.body()
	end := l.ending()
	var pages []Page
	room, page := LinesAPage-headLines, []Line{}
	if l.Plain {
		room = LinesAPage
	}
	turn := func() {
		pages = append(pages, Page{No: len(pages) + 1, Lines: joined(page)})
		room, page = LinesAPage, nil
	}
	lines := append(head, body...)
	for i, line := range lines {
		need := line.height()
		if i+1 < len(lines) && line.keeps(lines[i+1]) {
			need = min(LinesAPage, need+lines[i+1].height())
		}
		if need > room {
			turn()
			for _, again := range line.over() {
				page, room = append(page, again), room-again.height()
			}
		}
		page, room = append(page, line), room-line.height()
	}
	if len(end) > room { // the signature goes over, and takes some of the text with it
		carried := min(carry, len(page))
		if last := len(page) - 1; page[last].Table != nil {
			carried = 1
			if last > 0 && page[last-1].keeps(page[last]) {
				carried = 2
			}
			if over := page[len(page)-carried:]; heightOf(append(over[0].over(), over...)) > LinesAPage-len(end) {
				carried = 0
			}
		} else if carried == carry && page[len(page)-carry].Table != nil {
			carried = 1
		}
		over := slices.Clone(page[len(page)-carried:])
		if carried > 0 {
			over = append(over[0].over(), over...)
		}
		page = page[:len(page)-carried]
		turn()
		page, room = over, LinesAPage-heightOf(over)
		if len(end) > 0 && len(over) == 0 {
			end = end[1:]
		}
	}
	page, room = append(page, end...), room-len(end)
	if copies := l.copies(); len(copies) > 0 {
		if len(copies) > room {
			turn()
		}
		for range room - len(copies) {
			page = append(page, Line{Style: Blank})
		}
		page = append(page, copies...)
	}
	turn()
	return pages
}

// carry is how many lines of the text stand with a signature that begins a page.
const carry = 2

func (l Reply) head() []Line {
	var lines []Line
	switch {
	case l.Plain:
		for range NameBelow {
			lines = append(lines, Line{Style: Blank})
		}
		lines = append(lines, Line{Style: Name, Rest: l.Agency}, Line{Style: Blank}, Line{Style: Blank}, Line{Style: Blank},
			Line{Style: Head, Lead: l.Number, Rest: l.SignedBy()})
	case l.Number != "":
		lines = append(lines, Line{Style: Number, Rest: l.Number})
	}
	lines = append(lines, Line{Style: Blank}, Line{Style: Blank})
	for _, part := range TitleLines(l.Title) {
		lines = append(lines, Line{Style: Title, Rest: part})
	}
	lines = append(lines, Line{Style: Blank})
	for _, part := range breakText(l.Addressee, CharactersALine*2, 0) {
		lines = append(lines, Line{Style: Addressee, Rest: part})
	}
	return lines
}

// NameBelow is how many lines of the plain form are free above the agency's name: it begins 35 mm below the edge of the text.
const NameBelow = 3

// SignedBy is the signer as the head of the plain form names him; "" for none.
func (l Reply) SignedBy() string {
	if l.Signer == "" {
		return ""
	}
	return "签发人：" + l.Signer
}

func (l Reply) body() []Line {
	var lines []Line
	for rest := l.Paragraphs; len(rest) > 0; {
		var table *Table
		if table, rest = TableFirst(rest); table != nil {
			lines = append(lines, table.lines()...)
			continue
		}
		lines = append(lines, rest[0].lines()...)
		rest = rest[1:]
	}
	lines = append(lines, l.enclosed()...)
	if len(l.Ask) > 0 {
		lines = append(lines, Line{Style: Blank})
	}
	for _, text := range l.Ask {
		lines = append(lines, Paragraph{Text: text}.lines()...)
	}
	return lines
}

// Enclosed opens the list of enclosures.
const Enclosed = "附件："

// enclosed are the enclosures under a blank line: what goes over to another line stands under the name, and so do the names.
func (l Reply) enclosed() []Line {
	var lines []Line
	for i, name := range l.Enclosures {
		if i == 0 {
			lines = append(lines, Line{Style: Blank})
		}
		first, rest := EnclosureIn(name, i)
		if i == 0 {
			name = Enclosed + name
		}
		// The first line is longer than those after it, by the characters that they stand further in.
		for j, part := range breakText(name, (CharactersALine-rest)*2, (first-rest)*2) {
			in := rest
			if j == 0 {
				in = first
			}
			lines = append(lines, Line{Style: Enclosure, Rest: part, In: in})
		}
	}
	return lines
}

// EnclosureIn is how many characters in the first line of an enclosure stands, and those after it: under its name, behind the number.
func EnclosureIn(name string, i int) (first, rest int) {
	rest = 5
	if name != "" && digit(rune(name[0])) {
		rest = 6
	}
	if i == 0 {
		return 2, rest
	}
	return 5, rest
}

func (p Paragraph) lines() []Line {
	var lines []Line
	parts := breakText(p.Text, CharactersALine*2, 4)
	lead := p.Lead
	for i, part := range parts {
		line := Line{Style: Text, Rank: p.Rank, Indent: i == 0, Full: i < len(parts)-1}
		cut := min(lead, len(part))
		line.Lead, line.Rest = part[:cut], part[cut:]
		lead -= cut
		lines = append(lines, line)
	}
	return lines
}

func (l Reply) ending() []Line {
	if l.Agency == "" {
		return nil
	}
	lines := []Line{{Style: Blank}, {Style: Blank}, {Style: Signature, Rest: l.Agency}}
	if l.Date != "" {
		lines = append(lines, Line{Style: Date, Rest: l.Date})
	}
	return lines
}

func (l Reply) copies() []Line {
	var lines []Line
	parts := CopyLines(l.Copies)
	for i, part := range parts {
		lines = append(lines, Line{Style: Copies, Rest: part, Full: i < len(parts)-1})
	}
	if l.Plain && l.Date != "" {
		lines = append(lines, Line{Style: Issued, Lead: l.Agency, Rest: l.IssuedOn()})
	}
	return lines
}

// IssuedOn is the date as the foot of the plain form has it.
func (l Reply) IssuedOn() string { return l.Date + "印发" }

// CopyLines are the lines of the copies.
func CopyLines(copies string) []string { return breakText(copies, copyCharacters*2, 0) }

// width is what a character takes of a line, in half characters.
func width(r rune) int {
	if r < 0x2E80 && !strings.ContainsRune("“”‘’…—·×÷℃‰", r) {
		return 1
	}
	return 2
}

const (
	// Never at the beginning of a line, and never at its end.
	notFirst = "，。、；：？！）》〉」』”’】〕｝％%‰…—·,.;:?!)]}"
	notLast  = "（《〈「『“‘【〔｛([{"
)

// breakText cuts a text into lines of so many half characters; the first is shorter by indent. Numbers and words of letters stay whole as
// long as they fit a line.
func breakText(text string, line, indent int) []string {
	var lines []string
	runes := []rune(text)
	for from, room := 0, line-indent; from < len(runes); room = line {
		to, used := from, 0
		for to < len(runes) && used+width(runes[to]) <= room {
			used += width(runes[to])
			to++
		}
		if to < len(runes) {
			to = breakAt(runes, from, to)
		}
		lines = append(lines, string(runes[from:to]))
		from = to
	}
	return lines
}

// breakAt moves the end of a line back to where a line may end. If there is no such place in it, it ends where it is full.
func breakAt(runes []rune, from, to int) int {
	for at := to; at > from; at-- {
		if mayBreak(runes[at-1], runes[at]) {
			return at
		}
	}
	return max(to, from+1)
}

func mayBreak(before, after rune) bool {
	return !strings.ContainsRune(notFirst, after) && !strings.ContainsRune(notLast, before) && !(word(before) && word(after)) &&
		!(digit(before) && after == '%')
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

func word(r rune) bool {
	return digit(r) || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '.' || r == '-'
}

// TitleLines breaks a title by sense into lines of like length: after 会议, before 关于, after 的, never inside brackets.
func TitleLines(title string) []string {
	n := utf8.RuneCountInString(title)
	if n == 0 {
		return nil
	}
	count := (n + titleCharacters - 1) / titleCharacters
	var lines []string
	runes := []rune(title)
	for count > 1 {
		want := (len(runes) + count - 1) / count
		at := titleBreak(runes, want)
		lines = append(lines, string(runes[:at]))
		runes = runes[at:]
		count = max(count-1, (len(runes)+titleCharacters-1)/titleCharacters)
	}
	return append(lines, string(runes))
}

// titleBreak is the best place for a line of a title to end, near to where it should.
func titleBreak(runes []rune, want int) int {
	best, bestCost := min(want, titleCharacters), 1<<30
	for at := 2; at < min(len(runes)-1, titleCharacters+1); at++ {
		if !mayBreak(runes[at-1], runes[at]) {
			continue
		}
		cost := 3 * max(at-want, want-at)
		rest := string(runes[at:])
		switch before := string(runes[:at]); {
		case strings.HasSuffix(before, "会议") || strings.HasPrefix(rest, "关于"):
			cost -= 20
		case strings.HasPrefix(rest, "的") || strings.Count(before, "（") > strings.Count(before, "）"):
			cost += 30
		case strings.HasSuffix(before, "的"):
			cost -= 3
		}
		if cost < bestCost {
			best, bestCost = at, cost
		}
	}
	return best
}
