package caseroom

import (
	"bytes"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/kittest"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/templates"
)

// What is typed into a form of any kind is read as it was meant, kept as it was typed, shown to who logs in again, and drawn again.
func TestEveryFieldIsReadKeptAndShown(t *testing.T) {
	locales, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := templates.Parse()
	if err != nil {
		t.Fatal(err)
	}
	w := locales[locale.Chinese]
	for _, kind := range proposal.Kinds() {
		row := kinds.Of(kind)
		if kind.BySystem() || row.Form == kinds.DraftForm { // a draft has versions of its own
			continue
		}
		t.Run(string(kind), func(t *testing.T) {
			input := kittest.FullInput(row)
			form := kittest.Typed(t, row, input)
			again := proposal.NewInput(kind)
			if wrong := kit.DecodeForm(form, again); len(wrong) > 0 {
				t.Errorf("the form is not read: %v", wrong)
			}
			if diff := cmp.Diff(input, again, cmp.Comparer(time.Time.Equal)); diff != "" {
				t.Errorf("the form says something else: %s", diff)
			}
			checkShown(t, w, row, form)
			if kind == proposal.Register { // it is drawn on a page of the office
				return
			}
			typed := typedOf(form, string(kind), "", "")
			drawn := &CaseForm{Form: kit.Form{Kind: kind, Case: kittest.AskingAll, Words: w, Choices: map[string][]kit.Choice{}, Values: typed.Fields}}
			for _, f := range row.Fields {
				for _, value := range form[f.Name] {
					drawn.Choices[f.Name] = append(drawn.Choices[f.Name], kit.Choice{Value: value, Name: value})
				}
			}
			if row.Form == kinds.AmendForm {
				field, _ := row.Field("value")
				drawn.Amend = &AmendView{Fact: &AmendFact{Fact: proposal.Fact(drawn.Value("fact"))}, Value: drawn.Drawn(field)}
				tick, _ := row.Field("sure")
				sure := drawn.Drawn(tick)
				drawn.Amend.Sure = &sure
			}
			checkDrawn(t, set, w, row, drawn, form)
		})
	}
}

// checkShown: every word is shown to who has to log in before the form can be sent, and every value goes along.
func checkShown(t *testing.T, w *locale.Words, row kinds.Row, form url.Values) {
	t.Helper()
	path := actPath("x", row.Kind)
	if row.Kind == proposal.Register {
		path = "/cases"
	}
	kept := (&kit.Kit{}).KeepForm(w, path, form)
	for _, f := range row.Fields {
		has := func(list []kit.KeptField) bool {
			return slices.ContainsFunc(list, func(k kit.KeptField) bool { return k.Name == f.Name && k.Value == form.Get(f.Name) })
		}
		if form.Has(f.Name) && !has(kept.Hidden) {
			t.Errorf("%s does not go along", f.Name)
		}
		if form.Has(f.Name) && f.Words() != has(kept.Shown) {
			t.Errorf("%s is shown: %v, but it holds words: %v", f.Name, !f.Words(), f.Words())
		}
	}
}

// beside are fields that the page of a call draws outside its form.
var beside = []string{"outcome", "wish", "sure"}

// checkDrawn: the form holds what was typed.
func checkDrawn(t *testing.T, set *templates.Set, w *locale.Words, row kinds.Row, drawn *CaseForm, form url.Values) {
	t.Helper()
	var b bytes.Buffer
	if err := set.Page(w, "case.html").ExecuteTemplate(&b, "case-form", drawn); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	holds := kittest.Sent(doc)
	for _, f := range row.Fields {
		if f.Control == kinds.Elsewhere || f.Control == kinds.AtEnd || row.Form == kinds.CallForm && slices.Contains(beside, f.Name) || slices.Contains(kit.NeverKept, f.Name) {
			continue
		}
		if got := holds[f.Name]; !slices.Equal(got, form[f.Name]) {
			t.Errorf("%s holds %q, typed was %q", f.Name, got, form[f.Name])
		}
	}
}
