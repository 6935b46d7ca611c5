// Package compare shows what differs between two versions of a reply, character by character, with matching paragraphs side by side, and finds the
// place of a comment on an earlier version in a later one. It knows texts only; what a reply is, internal/proposal says.
//
// Everybody may import it. It imports the standard library and go-diff; it must never import the rules, the store or the web.
package compare

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Op is what became of a run of characters.
type Op string

const (
	Same  Op = "same"
	Gone  Op = "gone"
	Added Op = "added"
)

// Run is a run of characters with one fate.
type Run struct {
	Op   Op
	Text string
}

// Row is a line of the old text beside the line of the new one that it became.
type Row struct {
	Old, New int // line numbers from 0; -1 where there is none
	Runs     []Run
}

// Changed reports whether anything in the line differs.
func (r Row) Changed() bool {
	return r.Old < 0 || r.New < 0 || slices.ContainsFunc(r.Runs, func(run Run) bool { return run.Op != Same })
}

// Before is the line as it was.
func (r Row) Before() string { return r.without(Added) }

// After is the line as it became.
func (r Row) After() string { return r.without(Gone) }

func (r Row) without(op Op) string {
	var b strings.Builder
	for _, run := range r.Runs {
		if run.Op != op {
			b.WriteString(run.Text)
		}
	}
	return b.String()
}

// Diff is how one text became another.
type Diff []Row

// Count tells at how many places something was taken out and put in. A line that came or went as a whole is one place.
func (d Diff) Count() (gone, added int) {
	for _, row := range d {
		for _, run := range row.Runs {
			switch run.Op {
			case Gone:
				gone++
			case Added:
				added++
			}
		}
	}
	return gone, added
}

// Places is at how many places the texts differ; words put in where others were taken out are one place.
func (d Diff) Places() (n int) {
	for _, row := range d {
		for i, run := range row.Runs {
			if run.Op != Same && (i == 0 || row.Runs[i-1].Op == Same) {
				n++
			}
		}
	}
	return n
}

// Texts compares two texts, each a paragraph a line. Lines that stand for one another are compared by character; others came or
// went as a whole. Blank lines and line ends are part of the text: the lines Before and After are
// exactly the two texts.
func Texts(old, new string) Diff {
	a, b := strings.Split(old, "\n"), strings.Split(new, "\n")
	var d Diff
	for _, p := range align(a, b) {
		row := Row{Old: p.old, New: p.new}
		switch {
		case p.old < 0:
			row.Runs = runs(Added, b[p.new])
		case p.new < 0:
			row.Runs = runs(Gone, a[p.old])
		default:
			row.Runs = characters(a[p.old], b[p.new])
		}
		d = append(d, row)
	}
	return d
}

func runs(op Op, text string) []Run {
	if text == "" {
		return nil
	}
	return []Run{{op, text}}
}

// patience is how long two lines are looked at for the shortest difference; after it a longer one is taken, which is no less true.
const patience = 300 * time.Millisecond

// characters compares two lines.
func characters(a, b string) []Run {
	if a == b {
		return runs(Same, a)
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = patience
	found := dmp.DiffCleanupSemantic(dmp.DiffMainRunes([]rune(a), []rune(b), false))
	return joined(found)
}

var opOf = map[diffmatchpatch.Operation]Op{
	diffmatchpatch.DiffEqual: Same, diffmatchpatch.DiffDelete: Gone, diffmatchpatch.DiffInsert: Added,
}

// island is how long a piece that stayed may be and still be taken along with the changes around it. The cleanup of go-diff is
// made for replies; a single Chinese character between two rewritten words is no more than chance.
const island = 1

// joined writes each changed place as what went and then what came, and lets no single character stand between two places that
// were rewritten, nor a digit between two changes of one number.
func joined(diffs []diffmatchpatch.Diff) []Run {
	var out []Run
	var gone, added strings.Builder
	flush := func() {
		out = append(append(out, runs(Gone, gone.String())...), runs(Added, added.String())...)
		gone.Reset()
		added.Reset()
	}
	for i, d := range diffs {
		switch opOf[d.Type] {
		case Gone:
			gone.WriteString(d.Text)
		case Added:
			added.WriteString(d.Text)
		case Same:
			goneNext, addedNext := change(diffs[i+1:])
			if chance(d.Text, gone.String(), added.String(), goneNext, addedNext) {
				gone.WriteString(d.Text)
				added.WriteString(d.Text)
				continue
			}
			flush()
			out = append(out, runs(Same, d.Text)...)
		}
	}
	flush()
	return out
}

// chance reports whether what stayed between two changes stayed by chance.
func chance(stayed, goneBefore, addedBefore, goneAfter, addedAfter string) bool {
	if utf8.RuneCountInString(stayed) > island {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(stayed); unicode.IsDigit(r) {
		return goneBefore+addedBefore != "" && goneAfter+addedAfter != ""
	}
	return goneBefore != "" && addedBefore != "" && goneAfter != "" && addedAfter != ""
}

// change is what went and came before the next piece that stayed.
func change(rest []diffmatchpatch.Diff) (gone, added string) {
	for _, d := range rest {
		switch opOf[d.Type] {
		case Gone:
			gone += d.Text
		case Added:
			added += d.Text
		default:
			return gone, added
		}
	}
	return gone, added
}
