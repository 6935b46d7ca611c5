package web

import (
	"testing"
	"unicode/utf16"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

var letterDay = calendar.NewDate(2020, 4, 22)

// A mark counts the runes of a folded paragraph; the page counts UTF-16 units of what was typed.
func TestPlacesIn(t *testing.T) {
	for _, c := range []struct {
		name, body, text string
		paragraph, from  int
	}{
		{"plain", "服务23.8人次", "23.8人次", 0, 2},
		{"indented, after blank lines", "\n\n\u3000\u3000前言\n \n\u3000\u3000服务23.8人次。", "23.8人次", 1, 2},
		{"blanks inside", "\u3000\u3000服 务\u3000 了 23.8人次。", "23.8人次", 0, 3},
		{"a rune of two units before", "𠮷\n\u3000𠮷服务23.8人次。", "23.8人次", 1, 3},
		{"a rune of two units in it", "感谢𠮷雨代表", "𠮷雨", 0, 2},
		{"kept blanks", "见 Smith  and Sons，23.8人次", "23.8人次", 0, 16},
	} {
		m := proposal.Mark{Field: "body", Paragraph: c.paragraph, From: c.from, To: c.from + len([]rune(c.text)), Text: c.text}
		from, to := placesIn(c.body)(m)
		units := utf16.Encode([]rune(c.body))
		if from < 0 || to > len(units) || string(utf16.Decode(units[from:to])) != c.text {
			t.Errorf("%s: %d to %d of %q is not %q", c.name, from, to, c.body, c.text)
		}
	}
	if from, _ := placesIn("x")(proposal.Mark{Field: "contact_name", Paragraph: -1}); from != -1 {
		t.Error("a mark outside the body has a place in it")
	}
}

// Whatever the checks find stands on the page where it was typed.
func FuzzPlacesIn(f *testing.F) {
	for _, seed := range []string{"服务23.8人次。", "\u3000\u3000根据沈民发[2018]65号，\n 今年5月已完成 ", "XX__【待补】 a  b 23.8人次\v沈民发(2018)65号", "𠮷\u200b服务 23.8 人次"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		place := placesIn(body)
		units := utf16.Encode([]rune(body))
		for _, m := range proposal.CheckText(proposal.Draft{Body: body}, proposal.Entry{}, letterDay) {
			from, to := place(m)
			if from < 0 || to < from || to > len(units) {
				t.Fatalf("%+v is at %d to %d of %q", m, from, to, body)
			}
		}
	})
}

func TestIndents(t *testing.T) {
	const body = "一、甲\n\n甲的做法"
	if got := indented(body); got != "\u3000\u3000一、甲\n\n\u3000\u3000甲的做法" || unindented(got) != body || indented(got) != got {
		t.Errorf("%q", got)
	}
}

func TestAnsweredWords(t *testing.T) {
	locales, err := loadLocales(nil)
	if err != nil {
		t.Fatal(err)
	}
	paragraphs := proposal.Paragraphs("开头\n一、甲\n甲一\n甲二\n二、乙\n乙一\n三、丙")
	for _, c := range []struct {
		sections []int
		want     string
	}{
		{nil, "还没有哪一段来答"}, {[]int{1, 2, 3}, "第一部分3段"}, {[]int{4, 6}, "第二、三部分"}, {[]int{0}, "开头1段"},
		{[]int{0, 2}, "开头和第一部分"}, {[]int{99, -1}, "还没有哪一段来答"},
	} {
		if got := answeredWords(locales[chinese], paragraphs, c.sections); got != c.want {
			t.Errorf("%v: %s, want %s", c.sections, got, c.want)
		}
	}
	if got := answeredWords(locales[chinese], proposal.Paragraphs("甲\n乙"), []int{0, 1}); got != "2段" {
		t.Error(got)
	}
}
