package proposal

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/banli/banli/internal/calendar"
)

// Difference is one thing that two packs say differently.
type Difference struct {
	Path     string // limits.reply.months
	From, To string // "": it does not say
}

// leaf is one thing that a pack says.
type leaf struct{ path, text string }

// Diff lists what the other pack says differently, in the order of the file. What names the packs is left out.
func (p *Pack) Diff(other *Pack) []Difference {
	was, is := p.leaves(), other.leaves()
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
	for i, f := range packFields(reflect.TypeFor[Pack]()) {
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

func (p *Pack) leaves() []leaf {
	named := p.heritage()
	return flatten(nil, reflect.ValueOf(named), "")
}

// flatten lists what a value says. An element of a list goes by its code or stage if it has one, so that one more in the
// middle does not make all that follow differ.
func flatten(leaves []leaf, v reflect.Value, path string) []leaf {
	switch {
	case v.Type() == reflect.TypeFor[calendar.Date]() || v.Kind() != reflect.Struct && v.IsZero():
		if !v.IsZero() {
			leaves = append(leaves, leaf{path, fmt.Sprint(v)})
		}
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
	case ResultClass:
		return item.Code
	case Ground:
		return item.Code
	case ReviewStep:
		return string(item.Stage)
	}
	return fmt.Sprint(i)
}

// Change is one thing that would be different about a case under another pack.
type Change struct {
	What     string        // kind of a clock, or signer, review, class, ground
	Ref      string        // of the clock
	From, To string        // days, roles, stages; To "": not to be had
	Due      calendar.Date // of a clock: the new day
}

// WhatIf lists what would be different if a case pinned to one pack were under another. A clock is counted from its own
// start; a day that somebody named, promised or granted stays. What is over stays as it was. Draft is the newest version,
// empty if there is none.
func WhatIf(s State, draft Draft, from, to *Pack, cal *calendar.Calendar) []Change {
	var changes []Change
	for _, c := range s.Clocks {
		if !c.Open() {
			continue
		}
		was, is := from.dueOf(s, c, cal), to.dueOf(s, c, cal)
		if was != is {
			changes = append(changes, Change{string(c.Kind), c.Ref, was.String(), is.String(), is})
		}
	}
	changes = append(changes, s.otherPeople(from, to)...)
	if s.Stage.Before(Answered) {
		changes = append(changes, unfit(draft, from, to)...)
	}
	return changes
}

// dueOf is the due day of a clock under the pack.
func (p *Pack) dueOf(s State, c Clock, cal *calendar.Calendar) calendar.Date {
	_, counted := p.Limits[c.Rule]
	n := len(c.Shifts)
	switch {
	case c.Kind == InternalClock && counted && (n == 0 || c.Shifts[n-1].Why == ByExtension):
		reply := p.dueOf(s, *s.ReplyDue(), cal)
		if internal := p.InternalDue(s, reply, cal); !internal.Before(s.AssignedOn) {
			return internal
		}
		return reply
	case n > 0:
		return c.Due()
	case c.Kind == StageClock && p.Stages[Stage(c.Ref)] > 0:
		return cal.AddWorkdays(c.Span.Start, p.Stages[Stage(c.Ref)]).End
	case c.Kind == StageClock:
		return calendar.Date{}
	case counted && c.Span.Unit != calendar.Fixed || counted && !c.Span.Start.IsZero():
		return p.span(c.Rule, s, c.Span.Start, cal).End
	}
	return c.Due()
}

func (s State) otherPeople(from, to *Pack) []Change {
	var changes []Change
	if !s.Stage.Before(Numbering) {
		return nil
	}
	if was, is := from.SignerRole(s), to.SignerRole(s); was != is {
		changes = append(changes, Change{What: "signer", From: string(was), To: string(is)})
	}
	if was, is := from.Chain(s), to.Chain(s); !slices.Equal(was, is) {
		changes = append(changes, Change{What: "review", From: strings.Join(texts(was), ", "), To: strings.Join(texts(is), ", ")})
	}
	return changes
}

// unfit is what the draft says that the other pack does not allow.
func unfit(d Draft, from, to *Pack) []Change {
	var changes []Change
	if was, ok := from.Class(d.Class); ok {
		is, ok := to.Class(d.Class)
		outside := slices.ContainsFunc(d.Answers, func(a Answer) bool { return a.Status != "" && !slices.Contains(is.Statuses, a.Status) })
		switch {
		case !ok || outside:
			changes = append(changes, Change{What: "class", From: d.Class})
		case was.Needs != is.Needs:
			changes = append(changes, Change{What: "class", From: d.Class, To: d.Class + " needs " + string(is.Needs)})
		}
	}
	if _, ok := from.Ground(d.Ground); ok {
		if _, ok := to.Ground(d.Ground); !ok {
			changes = append(changes, Change{What: "ground", From: d.Ground})
		}
	}
	return changes
}
