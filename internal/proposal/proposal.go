// Package proposal holds the rules by which a bureau handles one proposal: a deputy's suggestion (人大代表建议) or a
// CPPCC proposal (政协提案). It has the nouns, the transition table, who may do what, the deadlines, what a draft must have before
// review and what a rule pack means for a case. [Apply] is the one door through which a case changes.
//
// Everything else may import it. It imports the standard library and the packages that it stands on: internal/replytext, which reads the words of
// a reply, internal/assembly and internal/calendar. It must never import a clock, a context, SQL, Temporal or the web.
package proposal

import (
	"fmt"
)

// PersonID identifies a person of the bureau (a UUID). The zero value is the system itself, when a clock acts.
type PersonID string

// DivisionID identifies a division (处室) by its short code, e.g. "jiceng".
type DivisionID string

// DocumentNumber is a 发文字号: 机关代字〔年〕序号号.
type DocumentNumber struct {
	Series string `json:"series"` // 机关代字, e.g. 沈民函
	Year   int    `json:"year"`
	Serial int    `json:"serial"` // from 1, no padding; 0 for a reply that bears no number, of which the year is known
}

// String writes the number as it stands on the reply: 沈民函〔2020〕12号; "" for one that bears none.
func (n DocumentNumber) String() string {
	if n.Serial == 0 {
		return ""
	}
	return fmt.Sprintf("%s〔%d〕%d号", n.Series, n.Year, n.Serial)
}
