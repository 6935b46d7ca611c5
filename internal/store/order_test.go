package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// People are looked up by 拼音, not by where their names stand among all characters.
func TestPeopleAreListedByPinyin(t *testing.T) {
	w := newWorld(t)
	const unsorted = "刘徐罗陈安"
	for i, name := range []string{"刘敏", "徐涛", "罗洁", "陈静", "安宁"} {
		_, err := w.UpsertPerson(t.Context(), store.Person{
			Person: proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Other},
			Login:  "p" + string(rune('0'+i)), Name: store.Name{ZH: name, EN: name}, Active: true,
		}, "")
		check(t, err)
	}
	all, err := w.People(t.Context())
	check(t, err)
	var family []string
	for _, p := range all {
		if first := string([]rune(p.Name.ZH)[:1]); p.Division == fixture.Other && slices.Contains([]rune(unsorted), []rune(first)[0]) {
			family = append(family, first)
		}
	}
	if want := []string{"安", "陈", "刘", "罗", "徐"}; !slices.Equal(family, want) {
		t.Errorf("people are listed as %v, want %v", family, want)
	}
}

// Numbers in a register are counted, also those with a word before them.
func TestCasesAreListedByTheValueOfTheirNumbers(t *testing.T) {
	w := newWorld(t)
	for _, number := range []string{"台40", "0392", "台9", "27", "1001", "闭12", "闭7"} {
		_, r := w.registration()
		r.Number = number
		r.Intersession = strings.HasPrefix(number, "闭")
		w.do(t, newID(), w.Register(r))
	}
	var numbers []string
	for _, row := range w.whole(t, w.ID(proposal.Liaison), store.TaskFilter{Box: store.Whole, Sort: store.ByNumber}) {
		numbers = append(numbers, row.Key.Number)
	}
	if want := []string{"27", "0392", "1001", "台9", "台40", "闭7", "闭12"}; !slices.Equal(numbers, want) {
		t.Errorf("cases are listed as %v, want %v", numbers, want)
	}
}
