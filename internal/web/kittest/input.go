package kittest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/web/kit"
)

// AskingAll is a case of which every form asks for all it may ask.
var AskingAll = kinds.Case{
	State: proposal.State{Stage: proposal.Returned, Late: true, Body: assembly.NPC, Handling: proposal.SplitHandling}, Pack: rulepack.BuiltIn()["shenyang-1"], Calendar: calendar.National(),
}

// FullInput has something in every field that the form of the kind asks for.
func FullInput(row kinds.Row) proposal.Input {
	in := proposal.NewInput(row.Kind)
	targets := map[string]reflect.Value{}
	kit.FieldsByName(reflect.ValueOf(in).Elem(), targets)
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

// Typed is an input as somebody types it into the form of its kind.
func Typed(t *testing.T, row kinds.Row, input proposal.Input) url.Values {
	t.Helper()
	data, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	var said map[string]any
	if err := json.Unmarshal(data, &said); err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for _, f := range row.Fields {
		items := typedItems(f, said[f.Name])
		switch {
		case f.Control == kinds.Elsewhere || f.Control == kinds.AtEnd || len(items) == 0:
		case f.Control == kinds.Ticks:
			form[f.Name] = items
		case f.Control == kinds.Area || f.Control == kinds.Long:
			form.Set(f.Name, strings.Join(items, "\n"))
		default:
			form.Set(f.Name, strings.Join(items, ","))
		}
	}
	return form
}

func typedItems(f kinds.Field, value any) (items []string) {
	switch v := value.(type) {
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil && f.Control == kinds.Moment {
			v = at.In(calendar.Shanghai).Format(kinds.BrowserTime)
		}
		return []string{v}
	case bool:
		return []string{"1"}
	case float64:
		return []string{fmt.Sprint(v)}
	case []any:
		for _, item := range v {
			items = append(items, typedItems(f, item)...)
		}
	}
	return items
}

// Sent is what a browser would send of the forms in a page.
func Sent(page *html.Node) url.Values {
	holds := url.Values{}
	gather(page, "", holds)
	return holds
}

func gather(n *html.Node, inSelect string, holds url.Values) {
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
		gather(c, inSelect, holds)
	}
}
