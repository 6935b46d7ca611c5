package caseroom

import (
	"errors"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/reply"
)

// CaseForm is the one form of a case page: one action that this officer may take now, with what was typed into it.
type CaseForm struct {
	kit.Form
	Offer   proposal.Offer    // what it does
	About   string            // the strand that it is about, in words
	Ref     string            // of that strand
	For     proposal.PersonID // whom the officer acts for; "" for themselves
	ForWhom string            // the same, in words
	BaseSeq int               // the state that the officer saw
	kept    url.Values        // what was found kept, among the values

	Points   []FormPoint      // of the consultation
	Draft    *reply.DraftForm // of the drafting
	Amend    *AmendView       // of the correction of the register
	Findings []reply.FindingView
	Missing  int // findings that are neither mended nor answered for
	lacks    []Lack
}

// Lack is something without which the form will not be taken, and the field where it is mended.
type Lack struct{ Text, Place string }

// Lacks lists what is missing, in the order of the form: findings that are neither mended nor answered for, or empty fields.
func (f *CaseForm) Lacks() []Lack {
	lacks := slices.Clone(f.lacks)
	for _, found := range f.Findings {
		if found.Must || found.Reason == "" {
			lacks = append(lacks, Lack{found.Text, found.Place})
		}
	}
	return lacks
}

// FormPoint is one point on the consultation form.
type FormPoint struct {
	No     int
	Text   string
	Was    string // how it is on record; "" for one that was added
	Ticked bool
	At     string // when it was ticked, in milliseconds
	Blank  bool   // a line for what the deputy adds
}

// lacksOf are the fields that the rules ask for and that hold nothing they take yet.
func lacksOf(form *CaseForm, f *casefile.File, who *store.Person) []Lack {
	if form.Row().Form == kinds.DraftForm {
		return nil // its findings tell
	}
	typed := url.Values{}
	for name, values := range form.Values {
		typed[name] = values
	}
	typed.Set(kit.FieldActionID, form.ActionID)
	action, err := readAction(form.Row(), typed, f, nil, who)
	if err == nil {
		err = action.Check()
	}
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) {
		return nil
	}
	var lacks []Lack
	for _, e := range refusal.Fields {
		name := kit.FieldName(e.Field)
		if !slices.ContainsFunc(lacks, func(l Lack) bool { return l.Place == name }) {
			lacks = append(lacks, Lack{form.Field(name).Label, name})
		}
	}
	slices.SortStableFunc(lacks, func(a, b Lack) int { return form.PlaceOf(a.Place) - form.PlaceOf(b.Place) })
	return lacks
}

// FirstMissing is what the bar has room for of what the draft lacks: by it the officer goes to the first.
func (f *CaseForm) FirstMissing() []reply.FindingView {
	var first []reply.FindingView
	for _, found := range slices.Concat(f.Draft.Lacking, f.Findings) {
		if found.Reason == "" && len(first) < shownMissing {
			first = append(first, found)
		}
	}
	return first
}

const shownMissing = 2
