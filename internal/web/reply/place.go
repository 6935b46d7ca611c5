package reply

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/banli/banli/internal/replytext"
)

// placesIn finds marks in a text as it was typed. A mark counts the runes of a paragraph whose indents and runs of blanks are
// folded; a browser counts UTF-16 units of everything.
func placesIn(body string) func(replytext.Mark) (from, to int) {
	paragraphs := replytext.Paragraphs(body)
	starts := map[int][]int{} // of the runes of each paragraph that was asked for, and its end
	scanned, at, unit := 0, 0, 0
	return func(m replytext.Mark) (int, int) {
		if m.Field != "body" || m.Paragraph < 0 || m.Paragraph >= len(paragraphs) {
			return -1, -1
		}
		// Folding drops blanks and nothing else: whatever is typed before the next rune of the paragraph was a blank.
		for ; scanned <= m.Paragraph; scanned++ {
			text := paragraphs[scanned].Text
			units := make([]int, 0, utf8.RuneCountInString(text)+1)
			for _, want := range text {
				r, size := utf8.DecodeRuneInString(body[at:])
				for r != want && want != ' ' && size > 0 {
					at, unit = at+size, unit+utf16.RuneLen(r)
					r, size = utf8.DecodeRuneInString(body[at:])
				}
				units = append(units, unit)
				at, unit = at+size, unit+utf16.RuneLen(r)
			}
			starts[scanned] = append(units, unit)
		}
		units := starts[m.Paragraph]
		if m.To >= len(units) || m.From > m.To {
			return -1, -1
		}
		to := units[m.To]
		if m.To > m.From {
			to = units[m.To-1] + utf16.RuneLen([]rune(m.Text)[m.To-m.From-1])
		}
		return units[m.From], to
	}
}
