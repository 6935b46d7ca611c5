package password

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// left is how many different characters of a password must be left when everything is taken away that anybody would try first.
const left = 4

// common are words that stand in passwords everywhere; what is the owner's own is told by the caller.
var common = []string{"password", "passwd", "mima", "admin", "root", "user", "guest", "test", "login", "welcome", "banli", "woaini", "密码", "办理"}

// rows are what fingers run along: the rows and columns of a keyboard, the alphabet, the numbers.
var rows = []string{
	"`1234567890-=", "~!@#$%^&*()_+", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz",
	"1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "!qaz", "@wsx", "#edc", "$rfv",
}

// year is a year, with or without a day of it.
var year = regexp.MustCompile(`(19|20)\d\d[-./年]?((0?[1-9]|1[0-2])[-./月]?([0-2]\d|3[01])日?)?`)

// alike are figures and signs that are written for letters.
var alike = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// Guessable reports whether a password is made of what anybody would try: the words that are the owner's own (login, name, bureau), the usual ones,
// years and days, runs along the keyboard, one character again and again.
func Guessable(plain string, own ...string) bool {
	plain = strings.ToLower(plain)
	words := common
	for _, phrase := range own {
		phrase = strings.ToLower(strings.TrimSpace(phrase))
		words = append(words[:len(words):len(words)], phrase, strings.ReplaceAll(phrase, " ", ""))
		words = append(words, strings.Fields(phrase)...)
	}
	for _, text := range []string{plain, alike.Replace(plain)} {
		rest := withoutRuns(year.ReplaceAllString(withoutWords(text, words), "\x00"))
		different := map[rune]bool{}
		for _, r := range rest {
			different[r] = true
		}
		delete(different, 0)
		if len(different) < left {
			return true
		}
	}
	return false
}

// withoutWords puts a mark in the place of each word, so that what stood on both sides of it makes no new one.
func withoutWords(text string, words []string) string {
	for _, word := range words {
		if len(word) >= 3 && utf8.RuneCountInString(word) >= 2 { // a name of two characters counts, two letters do not
			text = strings.ReplaceAll(text, word, "\x00")
		}
	}
	return text
}

// withoutRuns puts a mark in the place of three or more characters that lie beside each other on a row, either way, or are the same.
func withoutRuns(text string) string {
	var rest strings.Builder
	for letters := []rune(text); len(letters) > 0; {
		n := runLength(letters)
		if n < 3 {
			rest.WriteRune(letters[0])
			letters = letters[1:]
			continue
		}
		rest.WriteRune(0)
		letters = letters[n:]
	}
	return rest.String()
}

// runLength is how many of the first letters make a run.
func runLength(letters []rune) int {
	n := 1
	for n < len(letters) && letters[n] == letters[0] {
		n++
	}
	for _, row := range rows {
		for _, step := range []int{1, -1} {
			at, run := strings.IndexRune(row, letters[0]), 1
			for at >= 0 && run < len(letters) && at+run*step >= 0 && at+run*step < len(row) && rune(row[at+run*step]) == letters[run] {
				run++
			}
			n = max(n, run)
		}
	}
	return n
}
