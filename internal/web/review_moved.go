package web

import (
	"strings"

	"github.com/banli/banli/internal/compare"
	"github.com/banli/banli/internal/proposal"
)

// movedParagraphs tells where each paragraph of a text stands in the next one: beside its like, as the comparison lays them.
func movedParagraphs(old, now []proposal.Paragraph) map[int]int {
	lines := func(paragraphs []proposal.Paragraph) string {
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
