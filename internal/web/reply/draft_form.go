package reply

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/tables"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// DraftForm is the reply being written: its text, which paragraph answers which point, how far each point is solved, and
// what is promised. Title, addressee, signature and date follow from the case and are not typed.
type DraftForm struct {
	CaseID      string
	Version     int    // the saved version that the words on the form go on from; 0 before the first
	Rev         int    // of the working copy that they are; 0 for none
	Body        string // as it is typed: indented, a paragraph a line
	Title       string // of the reply
	Addressee   string
	Agency      string
	Opinion     bool // for the unit that leads (会办意见): its reply says what is solved, promised and published
	Paragraphs  []LinkLine
	Answers     []AnswerForm
	Commitments []PromiseForm
	Outline     *OutlineView // nil if there is nothing to begin with
	Lacking     []FindingView
	State       *DraftState
	Theirs      *TheirsView // words of somebody else, or of another window, that came in between
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
	Open     bool   // not fully answered yet
	Words    string // where the reply answers it
	NeedsWhy bool   // the result class wants a reason
	Statuses []kit.Choice
}

// PromiseForm is one line of commitments.
type PromiseForm struct {
	No          int
	Text, DueOn string
}

// Lines for commitments on the form; more appear as these are used.
const spareCommitments = 2

// NewDraftForm is the form of a draft, with what is linked to which point and a few empty lines for commitments.
func NewDraftForm(w *locale.Words, d proposal.Draft, points []string, pack *proposal.Pack) *DraftForm {
	f := &DraftForm{Version: d.Version, Body: indented(d.Body)}
	answers := map[int]proposal.PointAnswer{}
	for _, a := range d.Answers {
		answers[a.Point] = a
	}
	class, _ := pack.Class(d.Class)
	paragraphs := replytext.Paragraphs(d.Body)
	for i, p := range paragraphs {
		line := LinkLine{Index: i, No: i + 1, Excerpt: casefile.Excerpt(p.Text), Heading: p.Rank == 1}
		for n := range points {
			line.Chips = append(line.Chips, LinkChip{n + 1, slices.Contains(answers[n+1].Sections, i)})
		}
		f.Paragraphs = append(f.Paragraphs, line)
	}
	for i, text := range points {
		a := answers[i+1]
		f.Answers = append(f.Answers, AnswerForm{
			No: i + 1, Text: text, Status: string(a.Status), Reason: a.Reason,
			Open: a.Status == "" || len(a.Sections) == 0, Statuses: kit.Choices(w, "status.", proposal.PointStatuses),
			Words: answeredWords(w, paragraphs, a.Sections), NeedsWhy: class.Needs == proposal.NeedsReason,
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

// DraftValues are the fields of the form that are plain inputs.
func DraftValues(d proposal.Draft) url.Values {
	return url.Values{
		"class": {d.Class}, "openness": {string(d.Openness)}, "ground": {d.Ground}, "reason": {d.Reason},
		"contact_name": {d.ContactName}, "contact_phone": {d.ContactPhone},
	}
}

var draftFields = []string{
	kit.FieldActionID, kit.FieldBaseSeq, kit.FieldOn, kit.FieldFor, "ack", "base_version", "body", "link", "status", "why", "class", "promise", "promise_due",
	"openness", "ground", "reason", "contact_name", "contact_phone",
	"rev", "tab", "seq", "links_in", "cut", "on_top", "take", "apart", // of the editor: see typedDraft
}

// indent opens a paragraph on the sheet. It belongs to the page: the text that is kept has none.
const indent = "\u3000\u3000"

func indented(body string) string {
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		if line != "" && !tables.IsRow(line) {
			line = indent + line
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// Unindented is a text without the indents that the page puts before paragraphs.
func Unindented(body string) string {
	lines := strings.Split(strings.ReplaceAll(body, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimLeftFunc(line, unicode.IsSpace)
	}
	return strings.Join(lines, "\n")
}

// DraftFromForm reads the draft form. Links were ticked on the paragraphs of the base, and follow those paragraphs into the new
// text; an editor that follows them itself says links_in=body.
func DraftFromForm(form url.Values, base proposal.Draft, points int) (proposal.Draft, []proposal.FieldError) {
	var wrong []proposal.FieldError
	for name := range form {
		if !slices.Contains(draftFields, kit.FieldName(name)) {
			wrong = append(wrong, proposal.FieldError{Field: name, Code: proposal.UnknownField})
		}
	}
	line := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	body, follows := form.Get("body"), form.Get("links_in") == "body"
	if !follows { // that editor makes rows of tabs itself, when they are pasted
		body = tables.FromTabs(body)
	}
	d := proposal.Draft{
		Body:  Unindented(body),
		Class: line("class"), Openness: proposal.Openness(line("openness")), Ground: line("ground"), Reason: line("reason"),
		ContactName: line("contact_name"), ContactPhone: line("contact_phone"),
	}
	old, new := replytext.Paragraphs(base.Body), replytext.Paragraphs(d.Body)
	if follows {
		old = new
	}
	links := relink(form["link"], old, new)
	for n := 1; n <= points; n++ {
		d.Answers = append(d.Answers, proposal.PointAnswer{
			Point: n, Status: proposal.PointStatus(line(fmt.Sprintf("status.%d", n))), Sections: links[n],
			Reason: line(fmt.Sprintf("why.%d", n)),
		})
	}
	for n := 0; form.Has(fmt.Sprintf("promise.%d", n)); n++ {
		p := replytext.Promise{Text: line(fmt.Sprintf("promise.%d", n))}
		due := line(fmt.Sprintf("promise_due.%d", n))
		if p.DueOn.UnmarshalText([]byte(due)) != nil {
			wrong = append(wrong, proposal.FieldError{Field: "commitments", Code: proposal.FieldMalformed})
		}
		if p.Text != "" || due != "" {
			d.Commitments = append(d.Commitments, p)
		}
	}
	return d, wrong
}

// WithBodyOf is a draft with the body of a reply that was written elsewhere, and the contact that it names. Its paragraphs answer the points
// that the same paragraphs answered before.
func WithBodyOf(d proposal.Draft, whole replytext.WholeReply) proposal.Draft {
	var ticked []string
	for _, a := range d.Answers {
		for _, section := range a.Sections {
			ticked = append(ticked, fmt.Sprintf("%d.%d", section, a.Point))
		}
	}
	links := relink(ticked, replytext.Paragraphs(d.Body), replytext.Paragraphs(whole.Body))
	d.Answers = slices.Clone(d.Answers)
	for i := range d.Answers {
		d.Answers[i].Sections = links[d.Answers[i].Point]
	}
	d.Body = whole.Body
	d.ContactName, d.ContactPhone = cmp.Or(whole.ContactName, d.ContactName), cmp.Or(whole.ContactPhone, d.ContactPhone)
	return d
}

// relink moves ticked links, "paragraph.point", from the old paragraphs to the new: to the paragraph with the same text,
// else to the one in the same place if no paragraph was added or dropped. Other links are lost and the checks will ask
// for them. The result is the paragraphs of each point.
func relink(ticked []string, old, new []replytext.Paragraph) map[int][]int {
	links := map[int][]int{}
	for _, tick := range ticked {
		at, point, _ := strings.Cut(tick, ".")
		from, err1 := strconv.Atoi(at)
		to, err2 := strconv.Atoi(point)
		if err1 != nil || err2 != nil || from < 0 || from >= len(old) {
			continue
		}
		now := slices.IndexFunc(new, func(p replytext.Paragraph) bool { return p.Text == old[from].Text })
		if from < len(new) && new[from].Text == old[from].Text { // of several alike, the one that stands where it stood
			now = from
		}
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
