package casefile

import (
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/web/locale"
)

// Examine lists what is found in a draft: the same as what a submission is judged by.
func (f *File) Examine(d proposal.Draft) []proposal.Finding {
	if f.draftFacts == nil {
		return proposal.CheckDraft(d, f.State, len(f.Points), f.Pack)
	}
	return proposal.ExamineDraft(d, f.State, *f.draftFacts)
}

// FindingText is a finding as one sentence; unit is the co-handling unit that it is about, as people call it.
func FindingText(w *locale.Words, f proposal.Finding, unit string) string {
	if f.Mark != nil {
		return MarkText(w, *f.Mark)
	}
	return w.T("finding."+string(f.Code), "Point", f.Point, "Class", f.Class, "Unit", unit)
}

// MarkText says what is wrong with some words, and what the register has in their place if it has something.
func MarkText(w *locale.Words, m replytext.Mark) string {
	text := w.T("mark."+string(m.Code), "Text", m.Text)
	if m.Want != "" {
		text += w.T("finding.want", "Want", m.Want)
	}
	return text
}

// ExamineFacts completes what the record knows for the examination of a draft.
func (s *Files) ExamineFacts(f *File, facts proposal.Facts, cal *calendar.Calendar) *proposal.Facts {
	facts.Now, facts.Calendar, facts.Pack = s.Now(), cal, f.Pack
	return &facts
}
