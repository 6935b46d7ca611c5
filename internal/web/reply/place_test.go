package reply

import (
	"net/url"
	"slices"
	"testing"
	"unicode/utf16"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/testkit/cases"
	"github.com/banli/banli/internal/web/locale"
)

var replyDay = calendar.NewDate(2020, 4, 22)

// A mark counts the runes of a folded paragraph; the page counts UTF-16 units of what was typed.
func TestPlacesIn(t *testing.T) {
	for _, c := range cases.Read[struct {
		Name, Body, Text string
		Paragraph, From  int
		Place            [2]int
	}](t, "places.json") {
		m := replytext.Mark{Field: "body", Paragraph: c.Paragraph, From: c.From, To: c.From + len([]rune(c.Text)), Text: c.Text}
		if from, to := placesIn(c.Body)(m); from != c.Place[0] || to != c.Place[1] {
			t.Errorf("%s: %q is at %d to %d of %q, want %d", c.Name, c.Text, from, to, c.Body, c.Place)
		}
	}
	if from, _ := placesIn("x")(replytext.Mark{Field: "contact_name", Paragraph: -1}); from != -1 {
		t.Error("a mark outside the body has a place in it")
	}
}

// The editor in the page counts the paragraphs that the rules count, and names its links as the form is read.
func TestEditorReadsAlike(t *testing.T) {
	for _, c := range cases.Read[struct {
		Name, Body string
		Paragraphs []string
	}](t, "paragraphs.json") {
		var got []string
		for _, p := range replytext.Paragraphs(c.Body) {
			got = append(got, p.Text)
		}
		if !slices.Equal(got, c.Paragraphs) {
			t.Errorf("%s: %q, want %q", c.Name, got, c.Paragraphs)
		}
	}
	const points = 12
	for _, c := range cases.Read[struct {
		Name, Body string
		Links      []string
		Sections   map[int][]int
	}](t, "links.json") {
		got, wrong := DraftFromForm(url.Values{"body": {c.Body}, "link": c.Links, "links_in": {"body"}}, proposal.Draft{}, points)
		for _, a := range got.Answers {
			if !slices.Equal(a.Sections, c.Sections[a.Point]) {
				t.Errorf("%s: point %d is answered by %v, want %v", c.Name, a.Point, a.Sections, c.Sections[a.Point])
			}
		}
		if len(got.Answers) != points || wrong != nil {
			t.Errorf("%s: %d answers, %v", c.Name, len(got.Answers), wrong)
		}
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
		for _, m := range replytext.Check(replytext.Reply{Body: body}, replytext.RegisterEntry{}, replyDay) {
			from, to := place(m)
			if from < 0 || to < from || to > len(units) {
				t.Fatalf("%+v is at %d to %d of %q", m, from, to, body)
			}
		}
	})
}

func TestIndents(t *testing.T) {
	const body = "一、甲\n\n甲的做法"
	if got := indented(body); got != "\u3000\u3000一、甲\n\n\u3000\u3000甲的做法" || Unindented(got) != body || indented(got) != got {
		t.Errorf("%q", got)
	}
}

func TestAnsweredWords(t *testing.T) {
	locales, err := locale.Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	paragraphs := replytext.Paragraphs("开头\n一、甲\n甲一\n甲二\n二、乙\n乙一\n三、丙")
	for _, c := range []struct {
		sections []int
		want     string
	}{
		{nil, "还没有哪一段来答"},
		{[]int{1, 2, 3}, "第一部分3段"},
		{[]int{4, 6}, "第二、三部分"},
		{[]int{0}, "开头1段"},
		{[]int{0, 2}, "开头和第一部分"},
		{[]int{99, -1}, "还没有哪一段来答"},
	} {
		if got := answeredWords(locales[locale.Chinese], paragraphs, c.sections); got != c.want {
			t.Errorf("%v: %s, want %s", c.sections, got, c.want)
		}
	}
	if got := answeredWords(locales[locale.Chinese], replytext.Paragraphs("甲\n乙"), []int{0, 1}); got != "2段" {
		t.Error(got)
	}
}
