package replytext

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/chinese"
)

// nearHead and nearEnd are how many paragraphs of a text count as its head and its end.
const (
	nearHead = 3
	nearEnd  = 10
)

var (
	greeting    = regexp.MustCompile(`^[^，,。；;！!？?]{1,120}(?:代表|委员)(?:们|同志|先生|女士)?[：:]$`)
	replyTitle  = regexp.MustCompile(`^[^，,。；;！!？?：:]*(?:建议|提案|议案)[^，,。；;！!？?：:]*的(?:答复|会办意见)(?:函|意见)?$`)
	agencyLine  = regexp.MustCompile(`^\p{Han}{2,28}(?:局|委员会|委|厅|部|办公室|政府|办事处|中心)$`)
	dateLine    = regexp.MustCompile(`^(?:[0-9０-９]{4}年[0-9０-９]{1,2}月[0-9０-９]{1,2}日|[一二三四五六七八九〇○零OＯ]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)$`)
	printedLine = regexp.MustCompile(`^[（(]?(?:承办(?:处室|科室|股室|单位)|联系人(?:及(?:联系)?电话)?|联系电话|签发人|抄送|抄报)[：:][^。]{1,60}[。）)]?$`)
)

// pasted finds what the printed page adds by itself, as a whole paragraph where a pasted reply has it: salutation and title at the head,
// whom to ask, signature, date and copies at the end. It would be printed twice, and published.
func (r *reader) pasted() {
	left := len(r.all) - r.paragraph
	switch {
	case r.paragraph < nearHead && r.all[r.paragraph].Rank == 0 && greeting.MatchString(r.text): // a heading may end like a salutation
		r.mark(Repeated, MandatoryMark, 0, len(r.text), "")
	case r.paragraph < nearHead && replyTitle.MatchString(r.text):
		_, named := r.namesCase()
		r.mark(Repeated, level(named), 0, len(r.text), "")
	case left <= nearEnd && (dateLine.MatchString(r.text) || printedLine.MatchString(r.text)):
		r.mark(Repeated, MandatoryMark, 0, len(r.text), "")
	case left <= nearEnd && agencyLine.MatchString(r.text):
		r.mark(Repeated, level(left > 1 && dateLine.MatchString(r.all[r.paragraph+1].Text)), 0, len(r.text), "")
	}
}

// namesCase finds the register's title in the passage, whatever its punctuation, and reports whether it or the number is there.
func (r *reader) namesCase() (at [2]int, named bool) {
	if from, to := findWords(r.text, r.Title); from >= 0 {
		return [2]int{from, to}, true
	}
	return [2]int{-1, -1}, r.Key.Number != "" && strings.Contains(strings.Map(chinese.HalfWidth, r.text), r.Key.Canonical().Number+"号")
}

// findWords finds words in a text by letters and digits alone; -1 if they are not there, or none.
func findWords(text, words string) (from, to int) {
	want := []rune(wordsOnly(words))
	if len(want) == 0 {
		return -1, -1
	}
	var said []rune
	var at []int
	for i, c := range text {
		for _, w := range wordsOnly(string(c)) {
			said, at = append(said, w), append(at, i)
		}
	}
	for i := 0; i+len(want) <= len(said); i++ {
		if slices.Equal(said[i:i+len(want)], want) {
			last := at[i+len(want)-1]
			_, size := utf8.DecodeRuneInString(text[last:])
			return at[i], last + size
		}
	}
	return -1, -1
}
