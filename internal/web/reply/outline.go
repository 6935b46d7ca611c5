package reply

import (
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// OutlineView is what a reply may begin with, piece by piece.
type OutlineView struct {
	Body   string // all of it
	Pieces []OutlinePiece
}

// OutlinePiece is one piece; its name is the message draft.piece.<Name>.
type OutlinePiece struct {
	Name string
	No   int // of the point
	Text string
}

// Outline is what a reply to the case may begin with: as the bureau has it for this kind of case, where it has written one. Letters are in Chinese, so w
// must be too.
func Outline(w *locale.Words, f *casefile.File) *OutlineView {
	o := replytext.OutlineOf(f.Key, f.Proposer, f.Title, f.PointTexts())
	if f.HandlingType == proposal.CoHandling {
		o = replytext.OpinionOutline(f.Key, f.Title, f.PointTexts())
	}
	filled := w.T(outlineKey(f), "Opening", o.Opening, "Headings", strings.Join(o.Headings, "\n"), "Thanks", o.Thanks,
		"Session", f.Key.SessionName(), "Number", f.Key.NumberName(), "Subject", f.Title)
	var lines []string
	for line := range strings.Lines(filled) { // what a case lacks leaves no empty line
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	v := &OutlineView{Body: indented(strings.Join(lines, "\n")), Pieces: []OutlinePiece{{Name: "opening", Text: o.Opening}}}
	for i, heading := range o.Headings {
		v.Pieces = append(v.Pieces, OutlinePiece{Name: "heading", No: i + 1, Text: heading})
	}
	if o.Thanks != "" {
		v.Pieces = append(v.Pieces, OutlinePiece{Name: "thanks", Text: o.Thanks})
	}
	return v
}

// outlineKey is the skeleton of the kind of case.
func outlineKey(f *casefile.File) string {
	key := "outline." + string(f.Key.Body)
	switch {
	case f.HandlingType == proposal.CoHandling:
		return "outline.opinion"
	case f.State.Round > 1:
		key += ".again"
	}
	return key
}
