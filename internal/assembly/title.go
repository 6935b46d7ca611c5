package assembly

import (
	"strings"

	"github.com/banli/banli/internal/chinese"
)

// TitleAsAssigned is a title as the assigning body wrote it, but for line breaks and blanks that came with a paste.
func TitleAsAssigned(title string) string { return chinese.FoldBlanks(title) }

// BareSubject is the core of a title (案由) without the formula 关于…的建议, which lists drop because almost all share it. It is
// for lists only: a reply quotes the whole title.
func BareSubject(title string) string {
	title = chinese.FoldBlanks(title)
	for _, tail := range []string{"的建议", "的提案"} {
		head, fits := strings.CutPrefix(title, "关于")
		core, fitsToo := strings.CutSuffix(head, tail)
		if fits && fitsToo && core != "" {
			return core
		}
	}
	return title
}
