package caseroom

import (
	"bytes"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
	"github.com/banli/banli/internal/web/templates"
)

// elsewhere are fields that a form does not draw itself: the strand comes hidden with every form, a draft is saved before it is
// submitted, edited words have a page of their own, what a deputy says is typed as ticked lines, and the outcome of a contact has its own column.
var elsewhere = map[proposal.Kind][]string{
	proposal.Submit:     {"version", "sha256", "acks"},
	proposal.PassReview: {"edited", "sha256"}, proposal.SendBack: {"edited"},
	proposal.Sign: {"sha256"}, proposal.DecideOpenness: {"sha256"}, proposal.CountersignDraft: {"sha256"}, proposal.PassAddedReview: {"sha256"}, // at the end of the reply
	proposal.Contact: {"points", "checks", "outcome", "wish", "call_back_at", "ours", "sure"},
}

// askingAll is a case of which every form asks for all it may ask.
var askingAll = kinds.Case{
	State: proposal.State{Stage: proposal.Returned, Late: true, Body: assembly.NPC, Handling: proposal.SplitHandling}, Pack: rulepack.BuiltIn()["shenyang-1"], Calendar: calendar.National(),
}

// drawnForm is the form of a kind with a strand, a principal and one typed value in every field.
func drawnForm(w *locale.Words, kind proposal.Kind, fields []string) *CaseForm {
	form := &CaseForm{
		Form: kit.Form{Kind: kind, Case: askingAll, Heading: "H", Late: true, Words: w, Values: url.Values{}, Choices: map[string][]kit.Choice{}},
		Ref:  "7", For: "P", ForWhom: "W", Draft: &reply.DraftForm{}, Amend: chosenFact(),
	}
	for _, name := range fields {
		form.Values.Set(name, "1")
		form.Choices[name] = []kit.Choice{{Value: "1", Name: "one"}, {Value: "2", Name: "two"}}
		form.Wrong = append(form.Wrong, kit.FieldMessage{Field: name, Text: "WRONG." + name})
	}
	return form
}

// chosenFact is the view of a correction that asks for all it may ask.
func chosenFact() *AmendView {
	return &AmendView{
		Fact:  &AmendFact{Fact: "1"},
		Value: kit.Field{Name: "value", Control: kinds.Area, Value: "1"}, Sure: &kit.Field{Name: "sure", Control: kinds.Sure, Checked: true},
	}
}

// Every kind has a form that asks for everything its input holds and shows what is wrong with it.
func TestEveryKindHasItsWholeForm(t *testing.T) {
	locales, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := templates.Parse()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range proposal.Kinds() {
		if kind.BySystem() || kind == proposal.Register {
			continue
		}
		targets := map[string]reflect.Value{}
		kit.FieldsByName(reflect.ValueOf(proposal.NewInput(kind)).Elem(), targets)
		fields := []string{}
		for name := range targets {
			fields = append(fields, name)
		}
		var b bytes.Buffer
		if err := r.Page(locales[locale.Chinese], "case.html").ExecuteTemplate(&b, "case-form", drawnForm(locales[locale.Chinese], kind, fields)); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		doc, err := html.Parse(&b)
		if err != nil {
			t.Fatal(err)
		}
		drawn := inputNames(doc)
		for _, name := range append(fields, kit.FieldRef, kit.FieldFor, kit.FieldOn, kit.FieldActionID, kit.FieldBaseSeq) {
			if !slices.Contains(drawn, name) && !slices.Contains(elsewhere[kind], name) {
				t.Errorf("%s: the form has no field %s, only %s", kind, name, strings.Join(drawn, " "))
			}
		}
	}
}

// inputNames are the names of all fields of a form.
func inputNames(n *html.Node) []string {
	var names []string
	for _, a := range n.Attr {
		if a.Key == "name" && slices.Contains([]string{"input", "select", "textarea"}, n.Data) {
			names = append(names, a.Val)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		names = append(names, inputNames(c)...)
	}
	return names
}
