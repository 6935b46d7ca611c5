// Package chinese cleans up Chinese text that was typed or pasted (line ends, blanks, characters that nobody sees, full-width
// forms) and writes numerals. It knows nothing of proposals.
package chinese

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
)

// blanks are what pages and word processors put between words, among it what nobody sees: zero-width spaces, byte order marks.
var blanks = regexp.MustCompile(`[\s\v\p{Z}\x{85}\x{200B}\x{FEFF}]+`)

// Lines parts a text at the line ends of browsers and of word processors, whose soft break is a vertical tab or U+2028. Empty lines are
// dropped.
func Lines(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n\r\v\f\u0085\u2028\u2029", r) })
}

// WithoutBlanks drops every blank.
func WithoutBlanks(text string) string { return blanks.ReplaceAllString(text, "") }

// FoldBlanks trims a line and folds its runs of blanks: to one space between two words of a Western script, else to
// nothing. Punctuation does not decide, since Chinese texts use the half-width kind too: what stands beyond it does.
func FoldBlanks(line string) string {
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

// HalfWidth turns a full-width form into its ASCII character: ０ into 0, （ into (. Other runes stay as they are.
func HalfWidth(r rune) rune {
	if '！' <= r && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

var digits = []rune("〇一二三四五六七八九")

// Numeral writes 1 to 99 as sessions are counted: 16 is 十六. Other numbers are written with digits.
func Numeral(n int) string {
	switch {
	case n < 1 || n > 99:
		return fmt.Sprint(n)
	case n < 10:
		return string(digits[n])
	}
	s := "十"
	if n >= 20 {
		s = string(digits[n/10]) + s
	}
	if n%10 > 0 {
		s += string(digits[n%10])
	}
	return s
}

// ReadNumeral is the number from 1 to 99 of which [Numeral] writes this; 0 for what is none.
func ReadNumeral(said string) int {
	for n := 1; n < 100; n++ {
		if Numeral(n) == said {
			return n
		}
	}
	return 0
}
