package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"golang.org/x/net/html"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
)

// fullInput has something in every field that the form of the kind asks for.
func fullInput(row kinds.Row) proposal.Input {
	in := proposal.NewInput(row.Kind)
	targets := map[string]reflect.Value{}
	fieldsByName(reflect.ValueOf(in).Elem(), targets)
	for i, f := range row.Fields {
		if f.Control != kinds.Elsewhere && f.Control != kinds.AtEnd {
			fillSample(targets[f.Name], f, i+1)
		}
	}
	return in
}

// fillSample puts a value that the field may hold: of a closed list its first, of a list two.
func fillSample(v reflect.Value, f kinds.Field, n int) {
	switch at := v.Addr().Interface().(type) {
	case *calendar.Date:
		*at = calendar.NewDate(2020, 4, n)
		return
	case *time.Time:
		*at = time.Date(2020, 4, n, 9, 30, 0, 0, calendar.Shanghai)
		return
	}
	switch v.Kind() {
	case reflect.String:
		text := fmt.Sprintf("字%d", n)
		switch {
		case f.Choices.Values != nil:
			text = f.Choices.Values[0]
		case f.Control == kinds.CaseNo:
			text = uuid.NewString()
		}
		v.SetString(text)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(int64(n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fillSample(v.Index(i), f, n*10+i)
		}
	}
}

// What is typed into a form of any kind is read as it was meant, kept as it was typed, shown to who logs in again, and drawn again;
// the same said as JSON is the same action, and the document of the API names every field of it.
func TestEveryFieldIsReadKeptAndShown(t *testing.T) {
	locales, err := loadLocales(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newRenderer(locales)
	if err != nil {
		t.Fatal(err)
	}
	w := locales[chinese]
	for _, kind := range proposal.Kinds() {
		row := kinds.Of(kind)
		if kind.BySystem() || row.Form == kinds.DraftForm { // a draft has versions of its own
			continue
		}
		t.Run(string(kind), func(t *testing.T) {
			input := fullInput(row)
			form, err := row.Values(input)
			if err != nil {
				t.Fatal(err)
			}
			again := proposal.NewInput(kind)
			if wrong := decodeForm(form, again); len(wrong) > 0 {
				t.Errorf("the form is not read: %v", wrong)
			}
			if diff := cmp.Diff(input, again, cmp.Comparer(time.Time.Equal)); diff != "" {
				t.Errorf("the form says something else: %s", diff)
			}
			kept := newKeeping(string(kind), "", "", false)
			typed := typedOf(form, string(kind), "", "")
			checkShown(t, w, row, form)
			drawn := &CaseForm{Form: Form{Kind: kind, about: askingAll, words: w, options: map[string][]Choice{}, values: kept.fill(w, &typed)}}
			for _, f := range row.Fields {
				for _, value := range form[f.Name] {
					drawn.options[f.Name] = append(drawn.options[f.Name], Choice{Value: value, Name: value})
				}
			}
			checkDrawn(t, r, row, drawn, form)
			checkJSON(t, input)
		})
	}
}

// checkShown: every word is shown to who has to log in before the form can be sent, and every value goes along.
func checkShown(t *testing.T, w *words, row kinds.Row, form url.Values) {
	t.Helper()
	path := actPath("x", row.Kind)
	if row.Kind == proposal.Register {
		path = "/cases"
	}
	kept := (&Server{}).keepForm(w, path, form)
	for _, f := range row.Fields {
		has := func(list []KeptField) bool {
			return slices.ContainsFunc(list, func(k KeptField) bool { return k.Name == f.Name && k.Value == form.Get(f.Name) })
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
var beside = []string{"outcome", "wish"}

// checkDrawn: the form holds what was typed.
func checkDrawn(t *testing.T, r *renderer, row kinds.Row, drawn *CaseForm, form url.Values) {
	t.Helper()
	var b bytes.Buffer
	var err error
	if row.Kind == proposal.Register {
		err = r.sets[chinese]["registration.html"].ExecuteTemplate(&b, "registration.html", &registrationPage{Form: &drawn.Form})
	} else {
		err = r.sets[chinese]["case.html"].ExecuteTemplate(&b, "case-form", drawn)
	}
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	holds := url.Values{}
	gatherValues(doc, "", holds)
	for _, f := range row.Fields {
		if f.Control == kinds.Elsewhere || f.Control == kinds.AtEnd || row.Form == kinds.CallForm && slices.Contains(beside, f.Name) || slices.Contains(neverKept, f.Name) {
			continue
		}
		if got := holds[f.Name]; !slices.Equal(got, form[f.Name]) {
			t.Errorf("%s holds %q, typed was %q", f.Name, got, form[f.Name])
		}
	}
}

// gatherValues reads what a browser would send of a form.
func gatherValues(n *html.Node, inSelect string, holds url.Values) {
	attrs := map[string]string{}
	for _, a := range n.Attr {
		attrs[a.Key] = a.Val
	}
	_, checked := attrs["checked"]
	_, selected := attrs["selected"]
	switch {
	case n.Data == "select":
		inSelect = attrs["name"]
	case n.Data == "option" && selected:
		holds.Add(inSelect, attrs["value"])
	case n.Data == "textarea" && n.FirstChild != nil:
		holds.Add(attrs["name"], n.FirstChild.Data)
	case n.Data == "input" && (checked || attrs["type"] != "checkbox" && attrs["type"] != "radio") && attrs["value"] != "":
		holds.Add(attrs["name"], attrs["value"])
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		gatherValues(c, inSelect, holds)
	}
}

// checkJSON: the API takes the input as it is, and its document has every field.
func checkJSON(t *testing.T, input proposal.Input) {
	t.Helper()
	data, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	again := reflect.New(reflect.TypeOf(input).Elem()).Interface().(proposal.Input)
	if target, aimed := reflect.TypeOf(input).Elem().FieldByName("Target"); aimed && target.Anonymous {
		data = bytes.Replace(data, []byte(`"ref":""`), []byte(`"ref":"7"`), 1)
		reflect.ValueOf(input).Elem().FieldByName("Ref").SetString("7")
	}
	if err := decodeStrictly(data, again, "input"); err != nil {
		t.Errorf("%s: %v", data, err)
	}
	if diff := cmp.Diff(input, again, cmp.Comparer(time.Time.Equal)); diff != "" {
		t.Errorf("JSON says something else: %s", diff)
	}
	described := openAPI()["components"].(object)["schemas"].(object)[schemaName(reflect.TypeOf(input).Elem())].(object)["properties"].(object)
	for name := range jsonFields(reflect.TypeOf(input).Elem()) {
		if described[name] == nil {
			t.Errorf("the document does not name %s", name)
		}
	}
	if kind := strings.TrimPrefix(reflect.TypeOf(input).String(), "*proposal."); kind == "Registration" {
		shown := openAPI()["components"].(object)["schemas"].(object)["Case"].(object)["properties"].(object)
		for name := range jsonFields(reflect.TypeFor[proposal.Described]()) {
			if shown[name] == nil {
				t.Errorf("the document of a case does not name %s", name)
			}
		}
	}
}
