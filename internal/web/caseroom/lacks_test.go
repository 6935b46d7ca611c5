package caseroom

import (
	"net/url"
	"slices"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/cases"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// What a page strikes off while a form is filled in is what the rules would ask for.
func TestPageCountsLacksAlike(t *testing.T) {
	locales, err := locale.Load(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases.Read[struct {
		Name   string
		Kind   proposal.Kind
		Fields []struct {
			Name, Type, Value string
			Checked           bool
		}
		Lacks []string
	}](t, "lacks.json") {
		form := &CaseForm{Form: kit.Form{Kind: c.Kind, ActionID: kit.NewActionID(), Words: locales[locale.Chinese], Values: url.Values{}}}
		for _, f := range c.Fields {
			if f.Type != "checkbox" || f.Checked { // what a browser sends
				form.Values.Add(f.Name, f.Value)
			}
		}
		var got []string
		for _, lack := range lacksOf(form, &casefile.File{}, &store.Person{}) {
			got = append(got, lack.Place)
		}
		if !slices.Equal(got, c.Lacks) {
			t.Errorf("%s: %q, want %q", c.Name, got, c.Lacks)
		}
	}
}
