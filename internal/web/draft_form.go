package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/proposal"
)

// DraftForm is the reply being written: its text, which paragraph answers which point, how far each point is solved, and
// what is promised. Title, addressee, signature and date follow from the case and are not typed.
type DraftForm struct {
	Version     int // the saved version that the form shows; 0 before the first
	Body        string
	Paragraphs  []LinkLine
	Answers     []AnswerForm
	Commitments []PromiseForm
}

// LinkLine is one paragraph with a chip for each point.
type LinkLine struct {
	Index, No int
	Excerpt   string
	Heading   bool
	Chips     []LinkChip
}

// LinkChip links a paragraph to a point.
type LinkChip struct {
	Point  int
	Linked bool
}

// AnswerForm is how far one point is solved.
type AnswerForm struct {
	No       int
	Text     string
	Status   string
	Reason   string
	Open     bool // not fully answered yet
	Statuses []Choice
}

// PromiseForm is one line of commitments.
type PromiseForm struct {
	No          int
	Text, DueOn string
}

// Lines for commitments on the form; more appear as these are used.
const spareCommitments = 2

const excerptRunes = 36

func newDraftForm(w *words, d proposal.Draft, points []string) *DraftForm {
	f := &DraftForm{Version: d.Version, Body: d.Body}
	answers := map[int]proposal.Answer{}
	for _, a := range d.Answers {
		answers[a.Point] = a
	}
	for i, p := range proposal.Paragraphs(d.Body) {
		line := LinkLine{Index: i, No: i + 1, Excerpt: excerpt(p.Text), Heading: p.Rank == 1}
		for n := range points {
			line.Chips = append(line.Chips, LinkChip{n + 1, slices.Contains(answers[n+1].Sections, i)})
		}
		f.Paragraphs = append(f.Paragraphs, line)
	}
	for i, text := range points {
		a := answers[i+1]
		f.Answers = append(f.Answers, AnswerForm{
			No: i + 1, Text: text, Status: string(a.Status), Reason: a.Reason,
			Open: a.Status == "" || len(a.Sections) == 0, Statuses: choices(w, "status.", proposal.Statuses),
		})
	}
	for _, p := range d.Commitments {
		f.Commitments = append(f.Commitments, PromiseForm{Text: p.Text, DueOn: p.DueOn.String()})
	}
	f.Commitments = append(f.Commitments, make([]PromiseForm, spareCommitments)...)
	for i := range f.Commitments {
		f.Commitments[i].No = i
	}
	return f
}

func excerpt(text string) string {
	runes := []rune(text)
	if len(runes) <= excerptRunes {
		return text
	}
	return string(runes[:excerptRunes]) + "\u2026"
}

// draftValues are the fields of the form that are plain inputs.
func draftValues(d proposal.Draft) url.Values {
	return url.Values{
		"class": {d.Class}, "openness": {string(d.Openness)}, "ground": {d.Ground}, "reason": {d.Reason},
		"contact_name": {d.ContactName}, "contact_phone": {d.ContactPhone},
	}
}

var draftFields = []string{
	fieldActionID, fieldBaseSeq, fieldOn, fieldFor, "ack", "base_version", "body", "link", "status", "why", "class", "promise", "promise_due",
	"openness", "ground", "reason", "contact_name", "contact_phone",
}

// draftFromForm reads the draft form. Links were ticked on the paragraphs of the base version; they follow those
// paragraphs into the new text.
func draftFromForm(form url.Values, base proposal.Draft, points int) (proposal.Draft, []proposal.FieldError) {
	var wrong []proposal.FieldError
	for name := range form {
		if !slices.Contains(draftFields, fieldName(name)) {
			wrong = append(wrong, proposal.FieldError{Field: name, Code: proposal.UnknownField})
		}
	}
	line := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	d := proposal.Draft{
		Body:  strings.ReplaceAll(form.Get("body"), "\r\n", "\n"),
		Class: line("class"), Openness: proposal.Openness(line("openness")), Ground: line("ground"), Reason: line("reason"),
		ContactName: line("contact_name"), ContactPhone: line("contact_phone"),
	}
	links := relink(form["link"], proposal.Paragraphs(base.Body), proposal.Paragraphs(d.Body))
	for n := 1; n <= points; n++ {
		d.Answers = append(d.Answers, proposal.Answer{
			Point: n, Status: proposal.Status(line(fmt.Sprintf("status.%d", n))), Sections: links[n],
			Reason: line(fmt.Sprintf("why.%d", n)),
		})
	}
	for n := 0; form.Has(fmt.Sprintf("promise.%d", n)); n++ {
		p := proposal.Promise{Text: line(fmt.Sprintf("promise.%d", n))}
		due := line(fmt.Sprintf("promise_due.%d", n))
		if p.DueOn.UnmarshalText([]byte(due)) != nil {
			wrong = append(wrong, proposal.FieldError{Field: "commitments", Code: proposal.Malformed})
		}
		if p.Text != "" || due != "" {
			d.Commitments = append(d.Commitments, p)
		}
	}
	return d, wrong
}

// relink moves ticked links, "paragraph.point", from the old paragraphs to the new: to the paragraph with the same text,
// else to the one in the same place if no paragraph was added or dropped. Other links are lost and the checks will ask
// for them. The result is the paragraphs of each point.
func relink(ticked []string, old, new []proposal.Paragraph) map[int][]int {
	links := map[int][]int{}
	for _, tick := range ticked {
		at, point, _ := strings.Cut(tick, ".")
		from, err1 := strconv.Atoi(at)
		to, err2 := strconv.Atoi(point)
		if err1 != nil || err2 != nil || from < 0 || from >= len(old) {
			continue
		}
		now := slices.IndexFunc(new, func(p proposal.Paragraph) bool { return p.Text == old[from].Text })
		if now < 0 && len(old) == len(new) {
			now = from
		}
		if now >= 0 && !slices.Contains(links[to], now) {
			links[to] = append(links[to], now)
		}
	}
	for point := range links {
		slices.Sort(links[point])
	}
	return links
}
