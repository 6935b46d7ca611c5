package site

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// publicReplyPage is one published reply. What belongs to the reply stays Chinese, word for word as it was signed,
// whatever the language of the page around it.
type publicReplyPage struct {
	kit.Frame
	CPPCC       bool
	SessionName string
	Heading     string // the title after the sitting
	NumberName  string
	Sizes       []SizeLink
	Index       []PublicSection
	PublishedOn calendar.Date

	Addressee   string
	Lines       []PublicSection
	Contact     []PublicFact
	Agency      string
	SignedOn    calendar.Date
	SignedWords string

	Facts    []PublicFact
	Note     string // what a correction tells its readers
	Redacted bool   // words were blacked out
}

func (*publicReplyPage) Template() string { return "public_reply.html" }

// SizeLink chooses a size of text.
type SizeLink struct {
	Value, Words string
	Here         bool
}

// PublicSection is one paragraph of the reply. Level is that of its heading in the page, 0 for a plain paragraph; Lead
// is the heading and Text what follows it. RunIn: heading and text are one paragraph of the reply. With Cells it is a row of a table, Head its first one, Last
// its last.
type PublicSection struct {
	ID    string
	Rank  int
	Level int
	Lead  string
	Text  string
	RunIn bool

	Cells      []string
	Head, Last bool
	Enclosure  bool
}

// PublicFact is one line of what is known about a reply.
type PublicFact struct {
	Label, Text string
	Chinese     bool // a name that is not translated
}

// PublicShow draws one published reply.
func (s *Room) PublicShow(w http.ResponseWriter, r *http.Request) error {
	reply, err := s.store.PublicReply(r.Context(), r.PathValue("id"))
	if kit.Refused(err, proposal.NotFound) {
		return s.publicGone(w, r, err)
	}
	if err != nil {
		return err
	}
	body := assembly.NPC
	if reply.Noun == (assembly.RegisterKey{Body: assembly.CPPCC}).Noun() {
		body = assembly.CPPCC
	}
	words, zh := s.Words(r).About(body), s.PaperWords()
	p := &publicReplyPage{
		Frame:       kit.Frame{Title: reply.Title},
		CPPCC:       body == assembly.CPPCC,
		SessionName: reply.SessionName, Heading: replyHeading(reply.Title, reply.SessionName), NumberName: reply.NumberName,
		PublishedOn: reply.PublishedOn,
		Addressee:   replytext.Addressees(body, "", append([]string{reply.LeadDeputy}, reply.CoSigners...)),
		Lines:       publicSections(reply.Body),
		Contact: []PublicFact{
			{Label: zh.T("public.reply_division"), Text: reply.Division},
			{Label: zh.T("public.reply_contact"), Text: reply.ContactName},
			{Label: zh.T("public.reply_phone"), Text: reply.ContactPhone},
		},
		Agency: reply.Agency, SignedOn: reply.SignedOn, SignedWords: zh.FullDay(reply.SignedOn),
		Facts: publicFacts(words, reply), Note: reply.Note, Redacted: strings.Contains(reply.Body, store.MaskedName),
	}
	for _, line := range p.Lines {
		if line.Rank == 1 {
			p.Index = append(p.Index, line)
		}
	}
	for _, size := range []SizeLink{
		{"small", words.T("public.size_small"), false},
		{"", words.T("public.size_normal"), false},
		{"large", words.T("public.size_large"), false},
		{"larger", words.T("public.size_larger"), false},
	} {
		size.Here = size.Value == kit.ReadersDisplay(r).Text
		p.Sizes = append(p.Sizes, size)
	}
	return s.Render(w, r, http.StatusOK, p)
}

// publicGone tells of a reply that was public once; others were never there.
func (s *Room) publicGone(w http.ResponseWriter, r *http.Request, missing error) error {
	gone, err := s.store.PublicTakenDown(r.Context(), r.PathValue("id"))
	if err != nil || !gone {
		return missing
	}
	words := s.Words(r)
	p := &publicErrorPage{Frame: kit.Frame{Title: words.T("public.gone.title")}, Text: words.T("public.gone.text")}
	return s.Render(w, r, http.StatusGone, p)
}

// publicSections reads a reply's text in its heading structure. A sub-heading before the first heading counts as one, so
// that no level of the page is skipped.
func publicSections(body string) []PublicSection {
	var lines []PublicSection
	top := false
	for i, p := range replytext.Paragraphs(body) {
		line := PublicSection{ID: fmt.Sprintf("p%d", i+1), Rank: p.Rank, Text: p.Text, Cells: p.Cells, Head: p.Head, Last: p.Last, Enclosure: p.Enclosure}
		switch {
		case p.Rank == 1, p.Rank == 2 && !top:
			line.Level, top = 2, top || p.Rank == 1
		case p.Rank == 2:
			line.Level = 3
		}
		if line.Level > 0 {
			line.Lead, line.Text = p.Text[:p.Lead], p.Text[p.Lead:]
			line.RunIn = line.Text != ""
		}
		lines = append(lines, line)
	}
	return lines
}

// publicFacts lists what exists, in the order in which the pages of a gazette have it.
func publicFacts(w *locale.Words, reply store.PublicReply) []PublicFact {
	var known []PublicFact
	add := func(label, text string, isChinese bool) {
		if text != "" {
			known = append(known, PublicFact{label, text, isChinese})
		}
	}
	add(w.T("public.fact_number"), reply.NumberName, true)
	add(w.T("public.fact_session"), reply.SessionName, true)
	add(w.T("public.fact_deputy"), w.DeputyName(reply.LeadDeputy, len(reply.CoSigners)), true)
	add(w.T("public.fact_agency"), reply.Agency, true)
	add(w.T("public.fact_division"), reply.Division, true)
	add(w.T("public.fact_document_number"), reply.DocumentNumber, true)
	add(w.T("public.fact_signed_on"), w.FullDay(reply.SignedOn), false)
	add(w.T("public.fact_published_on"), w.FullDay(reply.PublishedOn), false)
	return known
}
