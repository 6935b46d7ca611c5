package chinese

import (
	"strings"
	"unicode"
)

// Fold takes out of a text what nobody sees and everybody trips over: soft hyphens, blanks without width, marks of direction,
// joiners, selectors of a picture's form. The many dots that stand between the parts of a name are made one: ·. Texts are folded
// where they come in, so that whatever is compared, searched or checked later was written alike.
func Fold(text string) string { return fold(text, "•‧∙⋅・･") }

// FoldName folds a name: a full stop between its parts is a dot too, which in a sentence it is not.
func FoldName(name string) string { return strings.TrimSpace(fold(name, "•‧∙⋅・･.．")) }

func fold(text, dots string) string {
	if strings.IndexFunc(text, func(r rune) bool { return invisible(r) || strings.ContainsRune(dots, r) }) < 0 {
		return text
	}
	letters := []rune(strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, text))
	for i, r := range letters {
		if strings.ContainsRune(dots, r) && 0 < i && i < len(letters)-1 && unicode.Is(unicode.Han, letters[i-1]) && unicode.Is(unicode.Han, letters[i+1]) {
			letters[i] = '·'
		}
	}
	return string(letters)
}

// invisible reports whether a character shows nothing and is no blank either.
func invisible(r rune) bool {
	switch {
	case r == 0xAD, r == 0x34F, r == 0x61C, r == 0x180E, r == 0xFEFF, 0x200B <= r && r <= 0x200F, 0x202A <= r && r <= 0x202E,
		0x2060 <= r && r <= 0x206F, 0xFE00 <= r && r <= 0xFE0F, 0xE0000 <= r && r <= 0xE007F:
		return true
	}
	return false
}
