package rulepack

import (
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// A file that is rewritten says what was said and, for the rest, what it said before, with its comments.
func TestRewritten(t *testing.T) {
	source := "id: x-1 # ours\nprofile: x\nextends: national-1\nname: 规则\nvalid_from: \"2027-01-01\"\n\n# 签发\nsigner: { ordinary: leader_in_charge, strict: bureau_head }\n"
	limit := BuiltIn()["national-1"].Limits[proposal.LimitFirstContact]
	limit.Workdays = 10
	got, err := Rewritten(source, Said{"valid_from", "2028-01-01"}, Said{"signer.ordinary", "bureau_head"}, Said{"limits.first_contact", limit}, Said{"suspension.allowed", true})
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"id: x-1 # ours\n", "valid_from: \"2028-01-01\"\n", "# 签发\nsigner: {ordinary: bureau_head, strict: bureau_head}\n", "    workdays: 10\n    sources:\n      - from: \"1992-04-03\"\n", "allowed: true"} {
		if !strings.Contains(got, words) {
			t.Errorf("%q is not in\n%s", words, got)
		}
	}
	for _, words := range []string{"months:", "variants", "fixed_day"} {
		if strings.Contains(got, words) {
			t.Errorf("what is not said, %q, stands in\n%s", words, got)
		}
	}
	was, err := Parse([]byte(source), BuiltIn())
	if err != nil {
		t.Fatal(err)
	}
	now, err := Parse([]byte(got), BuiltIn())
	if err != nil {
		t.Fatalf("%v in\n%s", err, got)
	}
	var paths []string
	for _, d := range Diff(was, now) {
		paths = append(paths, d.Path+" "+d.To)
	}
	if want := "limits.first_contact.workdays 10, signer.ordinary bureau_head, suspension.allowed true"; strings.Join(paths, ", ") != want {
		t.Errorf("changed %q, want %s", paths, want)
	}
}

// A copy of any pack says of its own what the pack says, but for the name and the numbers of the place.
func TestCopied(t *testing.T) {
	for id, pack := range BuiltIn() {
		source, _ := BuiltInSource(id)
		text, err := Copied(source, Head{ID: "own-1", Profile: "own", Name: "本局办理规则", ValidFrom: day("2027-01-01")})
		if err != nil {
			t.Fatal(err)
		}
		copied, err := Parse([]byte(text), BuiltIn())
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		for _, d := range Diff(pack, copied) {
			if d.Path != "agency" && !strings.HasPrefix(d.Path, "series.") {
				t.Errorf("a copy of %s differs: %+v", id, d)
			}
		}
		if copied.ID != "own-1" || copied.Agency != "" || len(copied.Series) > 0 || copied.ValidFrom != day("2027-01-01") {
			t.Errorf("copied as %+v", copied)
		}
	}
}

func FuzzRewritten(f *testing.F) {
	f.Add(packFile(f))
	f.Add("id: x\nextends: national-1\nname: n\nprofile: x\nvalid_from: 2026-01-01\n")
	f.Add("id: x\nextends: national-1\nname: n\nprofile: x\nvalid_from: 2026-01-01\nsuspension:\n  allowed: true # yes\n")
	f.Fuzz(func(t *testing.T, source string) {
		if _, err := Parse([]byte(source), BuiltIn()); err != nil {
			return
		}
		// What can be read can be written, and the names in its head stay.
		text, err := Rewritten(source, Said{"name", "另一个名称"})
		if err != nil {
			t.Fatalf("%v of\n%s", err, source)
		}
		was, _ := Parse([]byte(source), BuiltIn())
		now, err := Parse([]byte(text), BuiltIn())
		if err != nil || now.Name != "另一个名称" || now.ID != was.ID || len(Diff(was, now)) > 0 {
			t.Fatalf("%v\n%s\nwas rewritten as\n%s", err, source, text)
		}
	})
}
