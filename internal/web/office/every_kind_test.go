package office

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/kittest"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/templates"
)

// The form of a registration holds what was typed into it.
func TestRegistrationIsDrawnAgain(t *testing.T) {
	locales, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	set, err := templates.Parse()
	if err != nil {
		t.Fatal(err)
	}
	row := kinds.Of(proposal.Register)
	typed := kittest.Typed(t, row, kittest.FullInput(row))
	form := &kit.Form{Kind: row.Kind, Case: kittest.AskingAll, Words: locales[locale.Chinese], Values: typed, Choices: map[string][]kit.Choice{}}
	for _, f := range row.Fields {
		for _, value := range typed[f.Name] {
			form.Choices[f.Name] = append(form.Choices[f.Name], kit.Choice{Value: value, Name: value})
		}
	}
	var b bytes.Buffer
	if err := set.Page(locales[locale.Chinese], "registration.html").ExecuteTemplate(&b, "registration.html", &registrationPage{Form: form}); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	holds := kittest.Sent(doc)
	for _, f := range row.Fields {
		if f.Control == kinds.Elsewhere {
			continue
		}
		if got := holds[f.Name]; !slices.Equal(got, typed[f.Name]) {
			t.Errorf("%s holds %q, typed was %q", f.Name, got, typed[f.Name])
		}
	}
}
