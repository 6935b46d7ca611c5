package rulepack

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Difference is one thing that two packs say differently.
type Difference struct {
	Path     string // limits.reply.months
	From, To string // "": it does not say
}

// leaf is one thing that a pack says.
type leaf struct{ path, text string }

// Diff lists what the second pack says differently from the first, in the order of the file. What names the packs is left out.
func Diff(a, b *proposal.Pack) []Difference {
	was, is := leavesOf(a), leavesOf(b)
	var found []Difference
	for _, l := range was {
		if to := said(is, l.path); to != l.text {
			found = append(found, Difference{l.path, l.text, to})
		}
	}
	for _, l := range is {
		if said(was, l.path) == "" {
			found = append(found, Difference{Path: l.path, To: l.text})
		}
	}
	section := map[string]int{}
	for i, f := range packFields(reflect.TypeFor[proposal.Pack]()) {
		section[f.key] = i
	}
	order := func(d Difference) int { return section[strings.SplitN(d.Path, ".", 2)[0]] }
	slices.SortStableFunc(found, func(a, b Difference) int { return order(a) - order(b) })
	return found
}

func said(leaves []leaf, path string) string {
	if i := slices.IndexFunc(leaves, func(l leaf) bool { return l.path == path }); i >= 0 {
		return leaves[i].text
	}
	return ""
}

func leavesOf(p *proposal.Pack) []leaf {
	return flatten(nil, reflect.ValueOf(heritage(p)), "")
}

// flatten lists what a value says; a number or text that was left out says nothing. An element of a list goes by its code,
// stage, body or first day if it has one, so that one more in the middle does not make all that follow differ.
func flatten(leaves []leaf, v reflect.Value, path string) []leaf {
	switch {
	case v.Type() == reflect.TypeFor[calendar.Date]():
		if !v.IsZero() {
			leaves = append(leaves, leaf{path, fmt.Sprint(v)})
		}
	case v.IsZero() && v.Kind() != reflect.Bool && v.Kind() != reflect.Struct:
	case v.Kind() == reflect.Pointer:
		return flatten(leaves, v.Elem(), path)
	case v.Kind() == reflect.Struct:
		for _, f := range packFields(v.Type()) {
			leaves = flatten(leaves, v.FieldByIndex(f.Index), join(path, f.key))
		}
	case v.Kind() == reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			leaves = flatten(leaves, v.MapIndex(key), join(path, key.String()))
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
		for i := range v.Len() {
			leaves = flatten(leaves, v.Index(i), join(path, nameOf(v.Index(i), i)))
		}
	default:
		leaves = append(leaves, leaf{path, fmt.Sprint(v)})
	}
	return leaves
}

func nameOf(v reflect.Value, i int) string {
	switch item := v.Interface().(type) {
	case proposal.ResultClass:
		return item.Code
	case proposal.Ground:
		return item.Code
	case proposal.ReviewStep:
		return string(item.Stage)
	case proposal.NumberSeries:
		return strings.TrimSuffix(cmp.Or(string(item.Body), "either")+"."+string(item.Handling), ".")
	case proposal.LawClaim:
		return item.From.String()
	}
	return fmt.Sprint(i)
}
