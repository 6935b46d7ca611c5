package proposal

import (
	"regexp"
	"strings"
	"unicode"
)

// Paragraph is one paragraph of a reply's text, with the rank of the heading that opens it.
type Paragraph struct {
	Rank int    `json:"rank"` // 1 一、  2 （一）  3 1.  4 （1）  0 plain text
	Text string `json:"text"`
	// Lead is how much of Text, in bytes, is the heading itself: up to and including its first full stop, all of it if it
	// has none.
	Lead int `json:"lead"`
}

// Digits after the mark make a figure, not a heading (1.5亿元, 12、13日), unless they are a year that the heading begins
// with (1.2020年…). No reply has a hundred points, so longer numbers are figures too (2018、2019年).
var headings = []*regexp.Regexp{
	regexp.MustCompile(`^[一二三四五六七八九十]+、`),
	regexp.MustCompile(`^[（(][一二三四五六七八九十]+[）)]`),
	regexp.MustCompile(`^[0-9０-９]{1,2}[.．、](?:[^0-9０-９]|[0-9０-９]{4}年|$)`),
	regexp.MustCompile(`^[（(][0-9０-９]{1,2}[）)]`),
}

// blanks are what pages and word processors put between words, among it what nobody sees: zero-width spaces, byte order marks.
var blanks = regexp.MustCompile(`[\s\v\p{Z}\x{85}\x{200B}\x{FEFF}]+`)

// Paragraphs reads the text of a reply: a paragraph a line, empty lines dropped. Indents and runs of blanks come from the
// page or the word processor and are folded (domain §5); the words stay as they were typed.
func Paragraphs(body string) []Paragraph {
	var paragraphs []Paragraph
	for _, line := range strings.FieldsFunc(body, endsLine) {
		if text := foldBlanks(line); text != "" {
			paragraphs = append(paragraphs, paragraph(text))
		}
	}
	return paragraphs
}

// endsLine knows the line ends of browsers and of word processors, whose soft break is a vertical tab or U+2028.
func endsLine(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) }

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

// foldBlanks trims a line and folds its runs of blanks: to one space between two words of a Western script, else to
// nothing. Punctuation does not decide, since Chinese texts use the half-width kind too: what stands beyond it does.
func foldBlanks(line string) string {
	runes := []rune(strings.Trim(blanks.ReplaceAllString(line, " "), " "))
	keep := make([]bool, len(runes))
	western := false
	for i, r := range runes {
		keep[i] = r != ' ' || western
		western = script(r, western)
	}
	western = false
	for i := len(runes) - 1; i >= 0; i-- {
		keep[i] = keep[i] && (runes[i] != ' ' || western)
		western = script(runes[i], western)
	}
	var out strings.Builder
	for i, r := range runes {
		if keep[i] {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// script reports whether r belongs to a Western script; a rune that belongs to none leaves it as it was.
func script(r rune, was bool) bool {
	switch {
	case r >= 0x2E80: // Chinese characters and full-width punctuation
		return false
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return true
	}
	return was
}

// Addressee is the line that opens a reply: 倪琛善代表：, 李明委员：. Who is addressed already (纪占斌等3名代表, 李俊、王芳委员) is so
// as written; a party, group, committee or delegation by its name alone. Where the register does not say what the proposer is,
// the end of the name does.
func Addressee(body Body, proposer ProposerKind, name string) string {
	return Addressees(body, proposer, []string{name})
}

// Addressees addresses all who handed a case in by one line: 倪琛善、王桂兰代表：. Persons share the word for what they are.
// What the register says of the proposer holds for the first of them.
func Addressees(body Body, proposer ProposerKind, names []string) string {
	person := "代表"
	if body == CPPCC {
		person = "委员"
	}
	var line strings.Builder
	open := "" // the word still due to the persons named last
	for i, name := range names {
		collective := proposer != "" && proposer != MemberProposer || proposer == "" && collectiveName.MatchString(name)
		proposer = ""
		if collective || addressed.MatchString(name) {
			line.WriteString(open)
			open = ""
		} else {
			open = person
		}
		if i > 0 {
			line.WriteString("、")
		}
		line.WriteString(name)
	}
	return line.String() + open + "："
}

var (
	addressed      = regexp.MustCompile(`(?:代表|委员)$`)
	collectiveName = regexp.MustCompile(
		`^.{2,}(?:委员会|工委|市委|省委|区委|县委|州委|支部|总支|界别?|小组|联组|代表团|协会|商会|学会|总工会|红十字会)$|` +
			`(?:民革|民盟|民建|民进|农工党|致公党|九三学社|台盟|工商联|妇联|侨联|台联|青联|科协|文联|残联|共青团|团委)(?:.{0,8}(?:委员会|[省市区县州]委))?$`)
)
