package chinese

import (
	"strings"
	"testing"
	"unicode"
)

func TestFold(t *testing.T) {
	for typed, want := range map[string]string{
		"倪\u00ad琛\u200b善":               "倪琛善",
		"\ufeff13900\u2060000392\u202e": "13900000392",
		"买买提•吐尔逊":                       "买买提·吐尔逊",
		"买买提・吐尔逊‧艾山":                    "买买提·吐尔逊·艾山",
		"一.加强领导。比率3.5%":                 "一.加强领导。比率3.5%",
		"☎\ufe0f 联系":                    "☎ 联系",
		"Straße • 一个":                   "Straße • 一个",
		"𠮷\U000e0100田":                  "𠮷\U000e0100田", // a selector that picks the form of a character in a name
		"关于缓解社工压力的建议\n一、“减负”\t1,023.8人次": "关于缓解社工压力的建议\n一、“减负”\t1,023.8人次",
	} {
		if got := Fold(typed); got != want {
			t.Errorf("%q folds to %q, want %q", typed, got, want)
		}
	}
	if got := FoldName(" 买买提.吐尔逊 "); got != "买买提·吐尔逊" {
		t.Errorf("name %q", got)
	}
}

func FuzzFold(f *testing.F) {
	f.Add("买买提•吐\u200b尔逊.")
	f.Fuzz(func(t *testing.T, text string) {
		for _, fold := range []func(string) string{Fold, FoldName} {
			once := fold(text)
			if fold(once) != once {
				t.Errorf("%q folds to %q, and again to %q", text, once, fold(once))
			}
			if strings.ContainsFunc(once, invisible) {
				t.Errorf("%q keeps what nobody sees: %q", text, once)
			}
		}
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsLetter(r) || unicode.IsDigit(r) {
					return r
				}
				return -1
			}, s)
		}
		if letters(Fold(text)) != letters(strings.ToValidUTF8(text, "\ufffd")) && letters(Fold(text)) != letters(text) {
			t.Errorf("%q loses letters: %q", text, Fold(text))
		}
	})
}
