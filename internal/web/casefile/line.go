package casefile

import "slices"

// Line is one line beside a reply, label and text in words.
type Line struct{ Label, Text string }

// Fact is one line of the register; its label is the message fact.<Label>.
type Fact struct{ Label, Text string }

// WithText drops the lines of which nothing is known: only what exists is shown.
func WithText[T Fact | Line](lines []T) []T {
	return slices.DeleteFunc(lines, func(l T) bool { return Line(l).Text == "" })
}

// Excerpt is the beginning of a text, as long as a line of a list has room for.
func Excerpt(text string) string {
	runes := []rune(text)
	if len(runes) <= excerptRunes {
		return text
	}
	return string(runes[:excerptRunes]) + "\u2026"
}

const excerptRunes = 36
