package locale

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"
)

// The Monday of the pictures: all their counts were checked against the calendar of 2020.
var monday = time.Date(2020, 4, 20, 2, 31, 0, 0, time.UTC)

func chineseWords(t *testing.T) *Words {
	t.Helper()
	locales, err := Load(func() time.Time { return monday }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return locales[Chinese]
}

// ofBothBodies are the keys of Chinese words that speak of cases of the congress and of the CPPCC at once, and name whom each has.
var ofBothBodies = []string{
	"deputy.npc", "proposer.of", "proposer.of.npc", "proposer.member", "login.what", "form.lead_deputy", "form.delegation", "field.required.lead_deputy",
	"public.find_label", "setup.bureau_lead", "statistics.by.delegation", "statistics.no.delegation", "rate.contacted.formula", "rate.rated.formula",
	"fact.delegation", "amend.delegation", "wording.of.outline.npc", "wording.of.outline.npc.again",
	"form.directory.group", "directory.delegation", "directory.search", "directory.which", "directory.taken", "directory.file_hint.directory", "changes.part.group_name",
}

// Who hands a case in has the name that its body gives them, {{.Proposer}}: no other words say 代表, which nobody is to the CPPCC.
func TestWordsNameTheProposerByTheBody(t *testing.T) {
	files, err := catalogueFiles(Chinese)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	titles := regexp.MustCompile(`人大代表|代表大会|《代表法》`)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var messages map[string]string
		if err := yaml.Unmarshal(data, &messages); err != nil {
			t.Fatal(file, err)
		}
		for key, message := range messages {
			if strings.Contains(titles.ReplaceAllString(message, ""), "代表") && !slices.Contains(ofBothBodies, key) {
				t.Errorf("%s: %s says of cases of either body: %q", file, key, message)
			}
		}
	}
}
