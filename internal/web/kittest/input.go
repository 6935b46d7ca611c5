package kittest

import (
	"fmt"
	"net/url"
	"reflect"
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
