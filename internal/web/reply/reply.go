// Package reply draws the reply to a proposal as people write, read and compare it: the form of a draft with what the checks found, the reply as it
// will be read and as it is printed, versions side by side, comments and the sources of figures.
//
// The case room and the site import it, and any room that shows a reply may. It reads no request and no database, and must never
// import a room.
package reply

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// View is a draft as it will be read. Title, addressee and signature follow from the case; they are Chinese in
// every language of the screens.
type View struct {
	Version   int
	Saved     string
	Title     string
	Addressee string
	Terms     []casefile.Line // result class, commitments, openness: decided with the reply, not written in it
	Lines     []Paragraph
	Ask       []casefile.Line // whom to ask
	Agency    string
	Date      string // of the signature; empty before it
}

// Paragraph is one paragraph: Lead is its heading part, Points those that it answers. With Cells it is a row of a table, Head its first one, Last its last.
type Paragraph struct {
	Rank       int
	Lead, Text string
	Points     []int
	Cells      []string
	Head, Last bool
	Enclosure  bool
}

// Draw draws a draft as it will be read: what is said about it in the reader's words, what stands on it in those of the paper.
func Draw(w, paper *locale.Words, f *casefile.File, d store.SavedDraft) *View {
	v := &View{
		Version: d.Version, Saved: w.T("case.saved", "Who", w.Name(f.People[d.SavedBy]), "When", w.Moment(d.SavedAt)),
		Title: f.Pack.ReplyTitle(f.Key, f.HandlingType, f.Title), Addressee: f.Addressee(),
		Ask: casefile.WithText([]casefile.Line{
			{Label: paper.T("public.reply_division"), Text: f.LetterLead().ZH},
			{Label: paper.T("public.reply_contact"), Text: d.Draft.ContactName},
			{Label: paper.T("public.reply_phone"), Text: d.Draft.ContactPhone},
		}),
		Agency: f.Pack.Agency, Date: paper.FullDay(f.State.SignedOn),
		Terms: replyTerms(w, f.Pack, d.Draft),
	}
	for i, p := range replytext.Paragraphs(d.Draft.Body) {
		line := Paragraph{Rank: p.Rank, Lead: p.Text[:p.Lead], Text: p.Text[p.Lead:], Cells: p.Cells, Head: p.Head, Last: p.Last, Enclosure: p.Enclosure}
		for _, a := range d.Draft.Answers {
			for _, section := range a.Sections {
				if section == i {
					line.Points = append(line.Points, a.Point)
				}
			}
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

// replyTerms is what a reviewer and a signer decide on beside the words of the reply.
func replyTerms(w *locale.Words, pack *proposal.Pack, d proposal.Draft) []casefile.Line {
	var terms []casefile.Line
	if class, ok := pack.Class(d.Class); ok {
		terms = append(terms, casefile.Line{Label: w.T("form.class"), Text: class.Code + " " + class.Name})
	}
	for _, p := range d.Commitments {
		terms = append(terms, casefile.Line{Label: w.T("form.promise"), Text: w.T("case.promise", "Text", p.Text, "Date", w.FullDay(p.DueOn))})
	}
	for _, a := range d.Answers {
		if a.Reason != "" {
			terms = append(terms, casefile.Line{Label: w.T("case.why_not", "No", a.Point), Text: a.Reason})
		}
	}
	if d.Openness != "" {
		terms = append(terms, casefile.Line{Label: w.T("case.openness_proposed"), Text: w.T("openness." + string(d.Openness))})
	}
	if ground, ok := pack.Ground(d.Ground); ok && d.Openness != proposal.OpenReply {
		terms = append(terms, casefile.Line{Label: w.T("form.ground"), Text: ground.Name}, casefile.Line{Label: w.T("form.reason"), Text: d.Reason})
	}
	return casefile.WithText(terms)
}

// OnPaper is a version as it goes on paper to one addressee: number and date stand on it once they are given, for the version that
// they were given to.
func OnPaper(words *locale.Words, f *casefile.File, d store.SavedDraft, addressee string) paper.Reply {
	l := paper.Reply{
		Title: f.Pack.ReplyTitle(f.Key, f.HandlingType, f.Title), Addressee: addressee, Agency: f.Pack.Agency,
		Ask: []string{
			words.T("public.reply_division") + f.LetterLead().ZH, words.T("public.reply_contact") + d.Draft.ContactName,
			words.T("public.reply_phone") + d.Draft.ContactPhone,
		},
	}
	ours := f.HandlingType != proposal.CoHandling // an opinion goes to the unit that leads: result, openness and copies are of its reply
	if class, ok := f.Pack.Class(d.Draft.Class); ok && ours {
		l.Marks = append(l.Marks, words.T("preview.class")+class.Code)
	}
	if d.Draft.Openness != "" && ours {
		l.Marks = append(l.Marks, words.T("preview.openness")+words.T("openness."+string(d.Draft.Openness)))
	}
	if d.Version == f.State.Draft {
		l.Number, l.Date = f.State.Number.String(), words.FullDay(f.State.SignedOn)
	}
	if copies := f.Pack.Reply[f.State.Body].Copies; len(copies) > 0 && ours {
		l.Copies = words.T("preview.copies", "List", strings.Join(copies, words.T("preview.copies_join")))
	}
	if rules := f.Pack.Reply[f.State.Body]; rules.Form == proposal.PlainForm {
		l.Plain = true
		if rules.Signer && l.Date != "" {
			l.Signer = f.People[f.State.Signer].ZH
		}
	}
	paragraphs := replytext.Paragraphs(d.Draft.Body)
	paragraphs, l.Enclosures = replytext.Enclosures(paragraphs)
	l.Paragraphs = ParagraphsOnPaper(paragraphs)
	return l
}

// ParagraphsOnPaper are paragraphs as they are printed.
func ParagraphsOnPaper(paragraphs []replytext.Paragraph) (printed []paper.Paragraph) {
	for _, p := range paragraphs {
		printed = append(printed, paper.Paragraph{Rank: p.Rank, Lead: p.Lead, Text: p.Text, Cells: p.Cells, Head: p.Head})
	}
	return printed
}

// AllOnPaper are the printed replies of a version, one for each addressee.
func AllOnPaper(words *locale.Words, f *casefile.File, d store.SavedDraft) []paper.Reply {
	var all []paper.Reply
	for _, addressee := range f.Addressees() {
		all = append(all, OnPaper(words, f, d, addressee))
	}
	return all
}

// Sheets is the reply to one addressee as it is laid out; its pages count from 1.
type Sheets struct {
	Addressee string
	Agency    string
	Plain     bool     // the plain form, not that of a letter
	Marks     []string // class and openness, upper right of the first page
	Pages     []paper.Page
}

// Lay lays replies out, and counts all pages.
func Lay(all []paper.Reply) (laid []Sheets, pages int) {
	for _, one := range all {
		s := Sheets{one.Addressee, one.Agency, one.Plain, one.Marks, paper.Lay(one)}
		laid, pages = append(laid, s), pages+len(s.Pages)
	}
	return laid, pages
}

// FileTitle is a reply by its number, or the case's while it has none, and its title.
func FileTitle(f *casefile.File, l paper.Reply) string {
	return cmp.Or(l.Number, f.Key.NumberName()) + " " + l.Title
}

// FileNames are those of the replies to the addressees of a case, without endings. Two of them may be called the same: each has its place in the list
// before its name.
func FileNames(f *casefile.File, all []paper.Reply) (names []string) {
	for i, one := range all {
		name := FileTitle(f, one)
		if len(all) > 1 {
			name = strconv.Itoa(i+1) + " " + strings.TrimSuffix(one.Addressee, "：") + " " + name
		}
		names = append(names, name)
	}
	return names
}

// Versions are the saved versions, newest first.
func Versions(w *locale.Words, f *casefile.File) []VersionView {
	var list []VersionView
	for _, d := range f.Drafts {
		v := VersionView{Version: d.Version, When: w.Moment(d.SavedAt), Who: w.Name(f.People[d.SavedBy])}
		if d.Version == f.State.Draft {
			v.Note = w.T("case.version_in_review")
			if f.State.Signer != "" {
				v.Note = w.T("case.version_signed")
			}
		}
		list = append(list, v)
	}
	return list
}

// VersionView is one saved version of the draft.
type VersionView struct {
	Version         int
	When, Who, Note string
}
