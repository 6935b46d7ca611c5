package reply

import (
	"fmt"
	"slices"
	"strings"

	"github.com/banli/banli/internal/compare"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// CompareView is how one version of a reply became another: its words by character, and what is decided with it.
type CompareView struct {
	From, To VersionView
	Summary  string // at how many places, in words
	Same     bool
	Places   int
	Rows     []CompareRow
	Terms    []CompareRow // result class, answers, commitments, openness, contact: those that differ
}

// CompareRow is a paragraph, or a term, beside what became of it.
type CompareRow struct {
	Place   string // 一（二）, or the label of a term
	Who     string // who changed it
	Rank    int
	Changed bool
	Runs    []compare.Run
}

// Before and After are the two columns of the page.
func (r CompareRow) Before() []compare.Run { return without(r.Runs, compare.Added) }

// After is the right column.
func (r CompareRow) After() []compare.Run { return without(r.Runs, compare.Gone) }

func without(runs []compare.Run, op compare.Op) []compare.Run {
	return slices.DeleteFunc(slices.Clone(runs), func(r compare.Run) bool { return r.Op == op })
}

// CompareDrafts tells two versions apart.
func CompareDrafts(f *casefile.File, w *locale.Words, from, to store.SavedDraft) *CompareView {
	v := &CompareView{From: versionView(f, w, from.DraftInfo), To: versionView(f, w, to.DraftInfo)}
	diff := compare.Texts(from.Draft.Body, to.Draft.Body)
	gone, added := diff.Count()
	v.Places = diff.Places()
	var place headingPlace
	for _, row := range diff {
		p := replytext.Paragraphs(row.After() + row.Before())
		if len(p) == 0 {
			continue
		}
		if row.New >= 0 {
			place.pass(row.After())
		}
		v.Rows = append(v.Rows, CompareRow{Place: place.String(), Rank: p[0].Rank, Changed: row.Changed(), Runs: row.Runs})
	}
	for _, t := range changedTerms(f, w, from.Draft, to.Draft) {
		v.Terms = append(v.Terms, t)
		v.Places++
		for _, run := range t.Runs {
			switch run.Op {
			case compare.Gone:
				gone++
			case compare.Added:
				added++
			}
		}
	}
	v.Same = v.Places == 0
	v.Summary = w.T("compare.summary", "Gone", gone, "Added", added)
	return v
}

func versionView(f *casefile.File, w *locale.Words, d store.DraftInfo) VersionView {
	return VersionView{Version: d.Version, When: w.Moment(d.SavedAt), Who: w.Name(f.People[d.SavedBy])}
}

// headingPlace follows the headings of a reply: 一（二）.
type headingPlace struct{ marks [4]string }

func (h *headingPlace) pass(line string) {
	paragraphs := replytext.Paragraphs(line)
	if len(paragraphs) == 0 || paragraphs[0].Rank == 0 {
		return
	}
	rank, text := paragraphs[0].Rank, paragraphs[0].Text
	at := strings.IndexFunc(text, func(r rune) bool { return strings.ContainsRune("\u3001\uff09).\uff0e", r) })
	mark := text[:at]
	if rank == 2 || rank == 4 {
		mark = strings.TrimLeft(mark, "(\uff08")
		mark = "\uff08" + mark + "\uff09"
	}
	h.marks[rank-1] = mark
	for i := rank; i < len(h.marks); i++ {
		h.marks[i] = ""
	}
}

func (h *headingPlace) String() string { return strings.Join(h.marks[:], "") }

// changedTerms compares what is decided with a reply, label by label.
func changedTerms(f *casefile.File, w *locale.Words, from, to proposal.Draft) []CompareRow {
	before, after := terms(f, w, from), terms(f, w, to)
	var rows []CompareRow
	add := func(label, was, is string) {
		if was == is {
			return
		}
		row := CompareRow{Place: label, Changed: true}
		for _, line := range compare.Texts(was, is) {
			row.Runs = append(row.Runs, line.Runs...)
		}
		rows = append(rows, row)
	}
	find := func(terms []casefile.Line, label string) string {
		for _, t := range terms {
			if t.Label == label {
				return t.Text
			}
		}
		return ""
	}
	for _, t := range after {
		add(t.Label, find(before, t.Label), t.Text)
	}
	for _, t := range before {
		if find(after, t.Label) == "" {
			add(t.Label, t.Text, "")
		}
	}
	return rows
}

// terms are everything of a draft beside its body, each under a label of its own.
func terms(f *casefile.File, w *locale.Words, d proposal.Draft) []casefile.Line {
	var terms []casefile.Line
	promises := 0
	for _, t := range replyTerms(w, f.Pack, d) {
		if t.Label == w.T("form.promise") {
			promises++
			t.Label = fmt.Sprintf("%s %d", t.Label, promises)
		}
		terms = append(terms, t)
	}
	paragraphs := len(replytext.Paragraphs(d.Body))
	for _, a := range d.Answers {
		text := ""
		if a.Status != "" {
			text = w.T("status." + string(a.Status))
		}
		var where []string
		for _, section := range a.Sections {
			if section < paragraphs {
				where = append(where, fmt.Sprint(section+1))
			}
		}
		if len(where) > 0 {
			text = w.T("compare.answer", "Status", text, "Paragraphs", w.List(where))
		}
		terms = append(terms, casefile.Line{Label: w.T("compare.point", "No", a.Point), Text: text})
	}
	return casefile.WithText(append(terms, casefile.Line{Label: w.T("form.contact_name"), Text: d.ContactName}, casefile.Line{Label: w.T("form.contact_phone"), Text: d.ContactPhone}))
}
