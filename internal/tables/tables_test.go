package tables

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/banli/banli/internal/testkit/cases"
)

// What a row is written of is what is read of it, whatever stands in its cells.
func TestRowIsReadAsWritten(t *testing.T) {
	cell := rapid.Custom(func(t *rapid.T) string {
		return strings.TrimSpace(strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"社区", "1,023.8", "|", "｜", `\`, "↵", "\n", " ", "。", "12%", "a"}), 0, 8).Draw(t, "cell"), ""))
	})
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(cell, 2, 6).Draw(t, "cells")
		line := Row(cells)
		if strings.Contains(line, "\n") {
			t.Fatalf("%q is written as %q: more than a line", cells, line)
		}
		if got := Cells(line); !slices.Equal(got, cells) {
			t.Fatalf("%q is written as %q and read as %q", cells, line, got)
		}
	})
}

func TestCells(t *testing.T) {
	for line, want := range map[string][]string{
		"|区县|社区数|":           {"区县", "社区数"},
		"　| 区县 | 1,023.8 | ": {"区县", "1,023.8"},
		"｜甲｜乙｜":              {"甲", "乙"},
		"||3|":               {"", "3"},
		`|甲\|乙|丙\\|`:         {"甲|乙", `丙\`},
		"|一↵二|C:\\a|":        {"一\n二", `C:\a`},
		"|甲|乙":               nil,
		"甲|乙|":               nil,
		"|只有一格|":             nil,
		`|甲|乙\|`:             nil,
		"|":                  nil,
		"":                   nil,
	} {
		if got := Cells(line); !slices.Equal(got, want) {
			t.Errorf("%q reads %q, want %q", line, got, want)
		}
	}
}

func TestFromTabs(t *testing.T) {
	for _, c := range cases.Read[struct{ Name, Text, Want string }](t, "tables.json") {
		if got := FromTabs(c.Text); got != c.Want {
			t.Errorf("%s: %q, want %q", c.Name, got, c.Want)
		}
		if got := FromTabs(FromTabs(c.Text)); got != c.Want {
			t.Errorf("%s: a second time it is %q", c.Name, got)
		}
	}
}

func FuzzCells(f *testing.F) {
	f.Add("|甲|乙\\|丙|")
	f.Fuzz(func(t *testing.T, line string) {
		if cells := Cells(line); cells != nil && !slices.Equal(Cells(Row(cells)), cells) {
			t.Errorf("%q reads %q, and written again %q", line, cells, Row(cells))
		}
	})
}
