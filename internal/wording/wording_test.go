package wording_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/wording"
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		lang, key, text string
		want            []string
	}{
		{"zh", "notice.urge", "请尽快办理。", nil},
		{"zh", "notice.urge", "{谁}催办，请尽快办理。", nil},
		{"zh", "notice.urge", "", nil},
		{"zh", "notice.urge", "{who}催办", []string{"unknown_place {who}"}},
		{"zh", "notice.urge", "{谁}催办，{日期}前办完，{日期}前", []string{"unknown_place {日期}"}},
		{"zh", "notice.remind", "快到期了", []string{"missing_place {期限}", "missing_place {数}", "missing_place {日期}"}},
		{"en", "notice.remind_today", "{limit} is today", []string{"missing_place {date}"}},
		{"zh", "notice.urge", "{谁催办", []string{"loose_bracket"}},
		{"zh", "mail.subject", "{编号}\r\nBcc: x@y", []string{"not_one_line"}},
		{"zh", "mail.subject", "{编号}\t", []string{"not_one_line"}},
		{"zh", "outline.npc", "{各条}\n\t此复", []string{"not_only_text"}},
		{"zh", "notice.urge", strings.Repeat("催", wording.Max+1), []string{"too_long"}},
		{"zh", "login.title", "你好", []string{"unknown_text"}},
		{"fr", "notice.urge", "bonjour", []string{"unknown_text"}},
	} {
		var got []string
		for _, f := range wording.Check(c.lang, c.key, c.text) {
			got = append(got, strings.TrimSpace(f.Code+" "+f.Place))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %s %q: %q, want %q", c.lang, c.key, c.text, got, c.want)
		}
	}
}

// What is put into a place is no place itself, whatever somebody called a case.
func TestFill(t *testing.T) {
	got := wording.Fill("zh", "{编号}《{案由}》，{数}天", map[string]any{"Number": "第1号", "Subject": "{编号}", "N": 3})
	if got != "第1号《{编号}》，3天" {
		t.Error(got)
	}
}

// A place has one name in a language, and no two share one, in whatever texts they stand: what fills a text knows no text.
func TestPlacesAreApart(t *testing.T) {
	for _, lang := range wording.Languages {
		called := map[string]string{}
		for _, g := range wording.Groups {
			for _, text := range g.Texts {
				for i, place := range text.Places {
					name := wording.Place(lang, place)
					if other := called[name]; name == "{}" || other != "" && other != place || slices.Contains(text.Places[:i], place) {
						t.Errorf("%s %s: %s is called %q, as %q is", lang, text.Key, place, name, other)
					}
					called[name] = place
				}
			}
		}
	}
}
