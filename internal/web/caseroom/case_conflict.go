package caseroom

import (
	"net/http"
	"slices"

	"github.com/banli/banli/internal/compare"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// conflictPage tells the loser of a race who won, what that changed, and that every word is still there.
type conflictPage struct {
	*casePage
	Headline  string
	NotDone   string
	Stands    string // where the case stands now, in words
	Situation []casefile.Fact
	Order     []casefile.PastEvent // who was first, ending with the reader's own press
	Mine      []MyWords
	Marked    string // what is marked in them, in words
	Kept      *kit.Kept
	Continue  string // where the kept words go on; empty if this officer has no form for them now
}

func (*conflictPage) Template() string { return "conflict.html" }

// MyWords are what the reader wrote in one field and did not get through.
type MyWords struct {
	Label string
	Reply bool // the text of a reply
	Rows  [][]compare.Run
}

// recentEvents is how many of the last acts tell who was first.
const recentEvents = 4

// showConflict draws the page; kind is "" for a press that has no form, doing what it would have done.
func (s *Room) showConflict(w http.ResponseWriter, r *http.Request, f *casefile.File, kind proposal.Kind, doing string, refusal *proposal.Refusal) error {
	words, who := s.Words(r), kit.OfficerOf(r)
	p := &conflictPage{casePage: s.newCasePage(words, f, who), Kept: s.Keep(r)}
	s.offerForm(words, p.casePage, f, who, wantedOf(kind, r.PostForm))
	p.Mine, p.Marked = myWords(words, f, p.Kept)
	p.NotDone = words.T("conflict.not_done", "Action", doing)
	if len(p.Mine) == 0 {
		p.NotDone = words.T("conflict.not_done_bare", "Action", doing)
	}
	p.Headline = s.conflictHeadline(r, f, refusal)
	p.Situation = situation(f, words, p.casePage)
	p.Stands = words.T("stage." + string(f.State.Stage))
	if f.Draft != nil && f.Whole {
		p.Stands = words.T("conflict.stands", "Version", f.Draft.Version, "Stage", p.Stands)
	}
	p.Order = p.Past[:min(recentEvents, len(p.Past))]
	slices.Reverse(p.Order)
	p.Order = append(p.Order, casefile.PastEvent{When: words.Moment(s.Now()), Who: words.T("conflict.you"), What: words.T("conflict.pressed", "Action", doing)})
	if p.Form != nil && p.Form.Kind == kind {
		p.Continue = "/cases/" + f.CaseID + "/form/" + string(kind)
	}
	return s.Render(w, r, http.StatusConflict, p)
}

// conflictHeadline names who acted, how long ago, and what they did.
func (s *Room) conflictHeadline(r *http.Request, f *casefile.File, refusal *proposal.Refusal) string {
	words, who := s.Words(r), kit.OfficerOf(r)
	switch refusal.Code {
	case proposal.TextChanged, proposal.SentOtherwise:
		return words.T(refusal.Key() + ".title")
	case proposal.NotUnderWay, proposal.AlreadyUnderWay:
		if refusal.By == "" {
			return words.T(refusal.Key() + ".title")
		}
	case proposal.ClaimedByOther:
		return words.T("conflict.claimed", "Who", s.PersonName(r, refusal.By))
	}
	did := words.T("action." + string(refusal.Did))
	if e := f.LastEvent(refusal.Did); refusal.Did != "" && e != nil && e.By == refusal.By {
		did = casefile.PastEventOf(words, f, *e).What
	} else if refusal.Did == "" && f.Draft != nil { // somebody saved a version of the draft
		did = words.T("event.saved", "Version", f.Draft.Version)
	}
	if refusal.By == who.ID {
		return words.T("conflict.self", "Ago", words.Ago(refusal.At), "Time", words.Moment(refusal.At), "Did", did)
	}
	return words.T("conflict.first", "Who", s.PersonName(r, refusal.By), "Ago", words.Ago(refusal.At), "Time", words.Moment(refusal.At), "Did", did)
}

// situation is what matters of the case as it is now: why it was sent back, what reviewers say of the draft, whose turn it is and by
// when.
func situation(f *casefile.File, w *locale.Words, p *casePage) []casefile.Fact {
	var facts []casefile.Fact
	if p.SentBack != nil {
		facts = append(facts, casefile.Fact{Label: "reason", Text: p.SentBack.Reason})
	}
	for _, c := range f.Comments {
		if c.Settled() == nil {
			facts = append(facts, casefile.Fact{Label: "comment", Text: w.T("conflict.comment_text", "Quote", c.Quote, "Who", w.Name(f.People[c.By]), "Text", c.Text)})
		}
	}
	turn := p.Waiting
	if len(p.Dues) > 0 {
		due := p.Dues[0]
		turn = w.T("conflict.turn_due", "Turn", turn, "Clock", w.T("clock."+string(due.Clock)), "Date", due.Date, "Words", due.Words)
	}
	return append(facts, casefile.Fact{Label: "turn", Text: turn})
}

// myWords shows what was typed. The text of a reply is told apart from the newest version: what is new in it is marked.
func myWords(w *locale.Words, f *casefile.File, kept *kit.Kept) (mine []MyWords, marked string) {
	if kept == nil {
		return nil, ""
	}
	for _, shown := range kept.Shown {
		words := MyWords{Label: shown.Label, Rows: [][]compare.Run{{{Op: compare.Same, Text: shown.Value}}}}
		if shown.Name == "body" {
			words.Reply = true
			words.Rows, marked = newParagraphs(w, f.Draft, shown.Value)
		}
		mine = append(mine, words)
	}
	return mine, marked
}

// newParagraphs are the paragraphs of a text that the newest version does not have as they stand; all of them if there is no version.
func newParagraphs(w *locale.Words, newest *store.SavedDraft, text string) (rows [][]compare.Run, marked string) {
	if newest == nil {
		return [][]compare.Run{{{Op: compare.Same, Text: text}}}, ""
	}
	added := 0
	for _, row := range compare.Texts(newest.Draft.Body, text) {
		var runs []compare.Run
		changed := false
		for _, run := range row.Runs {
			changed = changed || run.Op != compare.Same
			if run.Op != compare.Gone {
				runs = append(runs, run)
			}
			if run.Op == compare.Added {
				added++
			}
		}
		if changed && len(runs) > 0 {
			rows = append(rows, runs)
		}
	}
	if len(rows) == 0 {
		return nil, w.T("conflict.nothing_new", "Version", newest.Version)
	}
	return rows, w.T("conflict.marked", "N", added, "Version", newest.Version)
}
