package reply

import (
	"slices"
	"strings"
	"time"

	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// DraftState says where the words are, and who else is writing.
type DraftState struct {
	Words  string
	Saved  bool
	Others bool // somebody else has the editor open
}

// DraftStateOf tells how the draft stands: 第6稿，10:31:08已存，只有你在改.
func DraftStateOf(w *locale.Words, f *casefile.File) *DraftState {
	var parts []string
	version, at := 0, time.Time{}
	if f.Draft != nil {
		version, at = f.Draft.Version, f.Draft.SavedAt
	}
	if f.Work.Rev > 0 && (f.Work.Loose || f.Work.Base == version) {
		version, at = f.Work.Base, f.Work.SavedAt
		if f.Work.Loose {
			version++ // what it will be
		}
	}
	st := &DraftState{Saved: version > 0, Others: len(f.Others) > 0}
	if version > 0 {
		parts = append(parts, w.T("draft.version", "Version", version), w.T("draft.saved", "Time", w.Second(at)))
	} else {
		parts = append(parts, w.T("draft.none"))
	}
	for _, other := range f.Others {
		parts = append(parts, w.T("draft.other", "Who", f.PersonName(w, other.Person), "Since", w.Moment(other.Since)))
	}
	if len(f.Others) == 0 {
		parts = append(parts, w.T("draft.alone"))
	}
	st.Words = strings.Join(parts, w.T("draft.join"))
	return st
}

// answeredWords say where in the reply a point is answered: 第一部分3段; 第二、三部分.
func answeredWords(w *locale.Words, paragraphs []replytext.Paragraph, sections []int) string {
	part, parts := 0, make([]int, len(paragraphs))
	for i, p := range paragraphs {
		if p.Rank == 1 {
			part++
		}
		parts[i] = part
	}
	var linked []int
	n := 0
	for _, i := range sections {
		if i < 0 || i >= len(paragraphs) {
			continue
		}
		n++
		if !slices.Contains(linked, parts[i]) {
			linked = append(linked, parts[i])
		}
	}
	slices.Sort(linked)
	switch {
	case n == 0:
		return w.T("draft.nowhere")
	case part == 0:
		return w.T("draft.paragraphs", "N", n)
	case len(linked) == 1 && linked[0] == 0:
		return w.T("draft.opening_paragraphs", "N", n)
	case len(linked) == 1:
		return w.T("draft.part_paragraphs", "No", w.Ordinal(linked[0]), "N", n)
	}
	var names []string
	for _, p := range linked {
		if p == 0 {
			continue
		}
		names = append(names, w.Ordinal(p))
	}
	text := w.T("draft.parts", "No", strings.Join(names, w.T("draft.parts_join")))
	if linked[0] == 0 {
		text = w.T("draft.opening_and", "Rest", text)
	}
	return text
}
