package reply

import (
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/web/casefile"
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

// Outline is what a reply to the case may begin with.
func Outline(f *casefile.File) *OutlineView {
	o := replytext.OutlineOf(f.Key, f.Proposer, f.Title, f.PointTexts())
	if f.HandlingType == proposal.CoHandling {
		o = replytext.OpinionOutline(f.Key, f.Title, f.PointTexts())
	}
	v := &OutlineView{Body: indented(o.Body()), Pieces: []OutlinePiece{{Name: "opening", Text: o.Opening}}}
	for i, heading := range o.Headings {
		v.Pieces = append(v.Pieces, OutlinePiece{Name: "heading", No: i + 1, Text: heading})
	}
	if o.Thanks != "" {
		v.Pieces = append(v.Pieces, OutlinePiece{Name: "thanks", Text: o.Thanks})
	}
	return v
}
