package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// DraftState says where the words are, and who else is writing.
type DraftState struct {
	Words  string
	Saved  bool
	Others bool // somebody else has the editor open
}

// mayDraft: the reply is written by the handler, or by who covers for them.
func (f *caseFile) mayDraft(who *store.Person) bool {
	if f.State.Handler == "" {
		return false
	}
	_, covers := f.As(who.Person).As(f.State.Handler)
	return f.State.Handler == who.ID || covers
}

// draftState: 第6稿，10:31:08已存，只有你在改
func draftState(w *words, f *caseFile) *DraftState {
	var parts []string
	version, at := 0, time.Time{}
	if f.Draft != nil {
		version, at = f.Draft.Version, f.Draft.SavedAt
	}
	if f.work.Rev > 0 && (f.work.Loose || f.work.Base == version) {
		version, at = f.work.Base, f.work.SavedAt
		if f.work.Loose {
			version++ // what it will be
		}
	}
	st := &DraftState{Saved: version > 0, Others: len(f.others) > 0}
	if version > 0 {
		parts = append(parts, w.T("draft.version", "Version", version), w.T("draft.saved", "Time", w.Second(at)))
	} else {
		parts = append(parts, w.T("draft.none"))
	}
	for _, other := range f.others {
		parts = append(parts, w.T("draft.other", "Who", f.personName(w, other.Person), "Since", w.Moment(other.Since)))
	}
	if len(f.others) == 0 {
		parts = append(parts, w.T("draft.alone"))
	}
	st.Words = strings.Join(parts, w.T("draft.join"))
	return st
}

// answeredWords say where in the reply a point is answered: 第一部分3段; 第二、三部分.
func answeredWords(w *words, paragraphs []proposal.Paragraph, sections []int) string {
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
		return w.T("draft.part_paragraphs", "No", w.ordinal(linked[0]), "N", n)
	}
	var names []string
	for _, p := range linked {
		if p == 0 {
			continue
		}
		names = append(names, w.ordinal(p))
	}
	text := w.T("draft.parts", "No", strings.Join(names, w.T("draft.parts_join")))
	if linked[0] == 0 {
		text = w.T("draft.opening_and", "Rest", text)
	}
	return text
}

// ordinal counts the parts of a reply as the reply does: 一; in English by digits.
func (w *words) ordinal(n int) string {
	if w.lang == chinese {
		return proposal.ChineseNumeral(n)
	}
	return strconv.Itoa(n)
}

// FirstMissing is what the bar has room for of what the draft lacks: by it the officer goes to the first.
func (f *CaseForm) FirstMissing() []FindingView {
	var first []FindingView
	for _, found := range slices.Concat(f.Draft.Lacking, f.Findings) {
		if found.Reason == "" && len(first) < shownMissing {
			first = append(first, found)
		}
	}
	return first
}

const shownMissing = 2
