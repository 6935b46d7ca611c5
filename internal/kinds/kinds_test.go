package kinds

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// inputFields are the JSON names of an input's fields, without the strand that it is about.
func inputFields(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			names = append(names, inputFields(f.Type)...)
			continue
		}
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "ref" {
			names = append(names, name)
		}
	}
	return names
}

func TestEveryKindHasOneRow(t *testing.T) {
	if len(byKind) != len(rows) {
		t.Errorf("%d rows for %d kinds", len(rows), len(byKind))
	}
	for _, kind := range proposal.Kinds() {
		row, ok := byKind[kind]
		if !ok {
			t.Errorf("%s has no row", kind)
			continue
		}
		var named []string
		for _, f := range row.Fields {
			named = append(named, f.Name)
		}
		want := inputFields(reflect.TypeOf(proposal.NewInput(kind)).Elem())
		if kind.BySystem() {
			want = nil // nobody fills it in
		}
		slices.Sort(named)
		slices.Sort(want)
		if !slices.Equal(named, want) {
			t.Errorf("the row of %s asks for %q, its input has %q", kind, named, want)
		}
	}
	if len(rows) != len(proposal.Kinds()) {
		t.Error("a row is for no kind")
	}
}

func TestRowsAreSound(t *testing.T) {
	for _, row := range rows {
		beside := slices.ContainsFunc(proposal.SideTable, func(s proposal.SideStep) bool { return s.Kind == row.Kind })
		if beside != (row.Side != "") || row.Aside && beside {
			t.Errorf("%s stands under %q", row.Kind, row.Side)
		}
		if row.Past != "" && !slices.Contains(Subjects, row.Past) {
			t.Errorf("%s is about %q", row.Kind, row.Past)
		}
		for _, f := range row.Fields {
			choosing := slices.Contains([]Control{Select, Radios, Segments, Ticks}, f.Control)
			if f.Control == "" || choosing == f.Choices.None() {
				t.Errorf("%s.%s is asked for by %q among %v", row.Kind, f.Name, f.Control, f.Choices)
			}
			if f.Said && !f.Words() {
				t.Errorf("%s.%s is told, and holds no words", row.Kind, f.Name)
			}
			name, _, _ := strings.Cut(f.With, "=")
			if _, ok := row.Field(name); f.With != "" && !ok {
				t.Errorf("%s.%s applies with the unknown %s", row.Kind, f.Name, f.With)
			}
		}
	}
}

// A reply waits for the decision of one person in five stages of the main way, and beside it.
func TestDeciding(t *testing.T) {
	decided := map[proposal.Ask]proposal.Kind{}
	for _, ask := range proposal.Asks() {
		if row, ok := Deciding(ask); ok {
			decided[ask] = row.Kind
		}
	}
	want := map[proposal.Ask]proposal.Kind{
		proposal.AskOf(proposal.DivisionReview): proposal.PassReview, proposal.AskOf(proposal.OfficeReview): proposal.PassReview,
		proposal.AskOf(proposal.LegalReview): proposal.PassReview, proposal.AskOf(proposal.OpennessReview): proposal.DecideOpenness,
		proposal.AskOf(proposal.SignOff): proposal.Sign, proposal.AskToCountersign: proposal.CountersignDraft,
		proposal.AskForAddedReview: proposal.PassAddedReview,
	}
	if !reflect.DeepEqual(decided, want) {
		t.Errorf("decided are %v", decided)
	}
}

func TestSaid(t *testing.T) {
	for _, c := range []struct {
		kind  proposal.Kind
		input any
		want  string
	}{
		{proposal.RequestReturn, proposal.ReturnRequest{Reason: "不归我局", LegalDuty: "第三条", Suggested: "市人社局"}, "不归我局\n第三条\n市人社局"},
		{proposal.FulfilCommitment, proposal.Fulfilment{Result: "建成了"}, "建成了"},
		{proposal.Register, proposal.Registration{Text: "原文"}, ""},
		{"save_draft", map[string]int{"version": 1}, ""},
	} {
		data, err := json.Marshal(c.input)
		if err != nil {
			t.Fatal(err)
		}
		if got := Of(c.kind).Said(data); got != c.want {
			t.Errorf("%s says %q, want %q", c.kind, got, c.want)
		}
	}
	if got := Of(proposal.SendBack).Said(nil); got != "" {
		t.Errorf("what may not be read says %q", got)
	}
}
