package reply

import (
	"net/url"
	"slices"
	"strings"

	"github.com/banli/banli/internal/compare"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/tables"
)

// movedParagraphs tells where each paragraph of a text stands in the next one: beside its like, as the comparison lays them.
func movedParagraphs(old, now []replytext.Paragraph) map[int]int {
	lines := func(paragraphs []replytext.Paragraph) string {
		var texts []string
		for _, p := range paragraphs {
			texts = append(texts, p.Text)
		}
		return strings.Join(texts, "\n")
	}
	moved := map[int]int{}
	if len(old) == 0 || len(now) == 0 {
		return moved
	}
	for _, row := range compare.Texts(lines(old), lines(now)) {
		if row.Old >= 0 && row.New >= 0 {
			moved[row.Old] = row.New
		}
	}
	return moved
}

// EditedDraft is a version of the reply with the words that were typed into it; what answers which point moves with its paragraph.
func EditedDraft(form url.Values, from store.SavedDraft) *proposal.Draft {
	d := from.Draft
	d.Version = from.Version
	body := tables.FromTabs(strings.ReplaceAll(form.Get("body"), "\r\n", "\n"))
	if strings.TrimRight(body, "\n") == strings.TrimRight(strings.ReplaceAll(d.Body, "\r\n", "\n"), "\n") {
		return &d
	}
	old, now := replytext.Paragraphs(d.Body), replytext.Paragraphs(body)
	d.Body = body
	d.Answers = slices.Clone(d.Answers)
	moved := movedParagraphs(old, now)
	for i := range d.Answers {
		sections := []int{}
		for _, section := range d.Answers[i].Sections {
			if to, ok := moved[section]; ok && !slices.Contains(sections, to) {
				sections = append(sections, to)
			}
		}
		slices.Sort(sections)
		d.Answers[i].Sections = sections
	}
	return &d
}
