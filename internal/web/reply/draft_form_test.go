package reply

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/proposal"
)

// Links follow their paragraphs when the text around them changes.
func TestDraftLinksFollowTheText(t *testing.T) {
	base := proposal.Draft{Version: 1, Body: "开头\n一、甲\n甲的做法\n二、乙"}
	for _, c := range []struct {
		name, body string
		want       []int
	}{
		{"unchanged", base.Body, []int{2, 3}},
		{"a paragraph before", "开头\n新加\n一、甲\n甲的做法\n二、乙", []int{3, 4}},
		{"words changed in place", "开头\n一、甲\n甲的新做法\n二、乙", []int{2, 3}},
		{"one dropped", "开头\n一、甲\n二、乙", []int{2}},
	} {
		got, wrong := DraftFromForm(url.Values{"body": {c.body}, "link": {"2.1", "3.1", "99.1", "x"}}, base, 1)
		if diff := cmp.Diff(c.want, got.Answers[0].Sections); diff != "" || len(wrong) > 0 {
			t.Errorf("%s: %s %v", c.name, diff, wrong)
		}
	}
}
