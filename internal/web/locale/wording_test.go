package locale

import (
	"os"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/wording"
	"gopkg.in/yaml.v3"
)

var filledIn = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// The words that come with the program have no place that a bureau's own may not have, and each that those must have; they are sound themselves.
func TestTextsOfTheBureau(t *testing.T) {
	locales, err := Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range wording.Languages {
		messages := map[string]any{}
		files, _ := catalogueFiles(lang)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err == nil {
				err = yaml.Unmarshal(data, &messages)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, g := range wording.Groups {
			for _, text := range g.Texts {
				if !slices.Contains(text.Languages(), lang) {
					continue
				}
				message, _ := messages[text.Key].(string)
				if forms, ok := messages[text.Key].(map[string]any); ok {
					message, _ = forms["other"].(string)
				}
				var places []string
				for _, m := range filledIn.FindAllStringSubmatch(message, -1) {
					places = append(places, m[1])
				}
				for _, place := range places {
					if !slices.Contains(text.Places, place) {
						t.Errorf("%s: %s has %s", lang, text.Key, place)
					}
				}
				for _, place := range text.Places {
					if !slices.Contains(places, place) && text.Needs(place) {
						t.Errorf("%s: %s lacks %s", lang, text.Key, place)
					}
				}
				if wrong := wording.Check(lang, text.Key, locales[lang].BuiltIn(text)); message == "" || wrong != nil {
					t.Errorf("%s: %s says %q: %v", lang, text.Key, message, wrong)
				}
			}
		}
	}
}

// A text of the bureau's own is said in the place of the catalogue's, of a case of each body, in that language alone.
func TestOwnWords(t *testing.T) {
	own := map[string]string{"zh/notice.rated": "{提出人}评了：{态度}、{结果}", "en/mail.more": "and {n} besides"}
	locales, err := Load(time.Now, func(lang, key string) string { return own[lang+"/"+key] })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ got, want string }{
		{locales[Chinese].About("cppcc").T("notice.rated", "Attitude", "满意", "Result", "基本满意"), "提案者评了：满意、基本满意"},
		{locales[Chinese].T("notice.urge", "Who", "甲"), "甲催办。请抓紧，并答复催办。"},
		{locales[English].T("mail.more", "N", 1), "and 1 besides"},
		{locales[Chinese].T("mail.more", "N", 1), "还有1件，请到工作台看。"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
