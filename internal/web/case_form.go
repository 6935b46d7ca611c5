package web

import (
	"errors"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// CaseForm is the one form of a case page: one action that this officer may take now, with what was typed into it.
type CaseForm struct {
	Form
	Offer   proposal.Offer    // what it does
	About   string            // the strand that it is about, in words
	Ref     string            // of that strand
	For     proposal.PersonID // whom the officer acts for; "" for themselves
	ForWhom string            // the same, in words
	BaseSeq int               // the state that the officer saw
	kept    url.Values        // what was found kept, among the values

	Points   []FormPoint // of the consultation
	Draft    *DraftForm  // of the drafting
	Findings []FindingView
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
func lacksOf(form *CaseForm, f *caseFile, who *store.Person) []Lack {
	if form.row().Form == kinds.DraftForm {
		return nil // its findings tell
	}
	typed := url.Values{}
	for name, values := range form.values {
		typed[name] = values
	}
	typed.Set(fieldActionID, form.ActionID)
	action, err := readAction(form.row(), typed, f, who)
	if err == nil {
		err = action.Check()
	}
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) {
		return nil
	}
	var lacks []Lack
	for _, e := range refusal.Fields {
		name := fieldName(e.Field)
		if !slices.ContainsFunc(lacks, func(l Lack) bool { return l.Place == name }) {
			lacks = append(lacks, Lack{form.Field(name).Label, name})
		}
	}
	slices.SortStableFunc(lacks, func(a, b Lack) int { return form.placeOf(a.Place) - form.placeOf(b.Place) })
	return lacks
}
