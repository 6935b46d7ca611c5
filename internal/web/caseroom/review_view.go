package caseroom

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/paper"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
	"github.com/banli/banli/internal/web/reply"
)

// ReviewView is what whoever decides on a reply needs beside it: what changed since they last saw it, what was found in it and how
// that was answered, who had it before.
type ReviewView struct {
	Version  int
	Written  string             // who drafted and who passed it, in words
	Since    string             // which version the reader saw before, and when
	Changed  *reply.CompareView // nil if there is nothing to compare with
	Checks   []CheckLine
	Unsolved int // of these, how many nobody answered for
	Answered string
	Pages    int
	Lines    []ReviewLine
	End      *ReplyEnd
	EditPath string // approve with edits; "" for who may not
	EditDo   string
}

// ReplyEnd is what stands below the last line of a reply that is decided on: there its reader says that they read it.
type ReplyEnd struct {
	SHA256 string // what the decision is for, ticked by whoever read it
	Read   bool
	Path   string // notes it and opens the next reply, of those that are decided many at a time; "" for the others
}

// CheckLine is something that was found in the reply, and what was said about it.
type CheckLine struct {
	Text, Where, Answer string
	Must                bool
	Figure              string // a figure without a source
}

// ReviewLine is a paragraph of the reply with the comments on it.
type ReviewLine struct {
	reply.Paragraph
	No       int
	Comments []reply.CommentView
}

// addReview adds what stands beside the reply, and notes that the officer was shown it.
func (s *Room) addReview(r *http.Request, p *casePage, f *casefile.File) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !f.As(who.Person).SeesAll(f.State) {
		return nil
	}
	p.Comments, p.Figures = reply.NewCommentsView(words, f, who, *f.Draft), reply.NewFiguresView(words, f, who, f.Draft.Draft)
	var before store.Seen
	if r.Method == http.MethodGet && !kit.Refreshes(r) {
		var err error
		if before, err = s.store.SeeDraft(r.Context(), who.ID, f.CaseID, f.Draft.Version); err != nil {
			return err
		}
	}
	if p.Form == nil || p.Form.Row().Page != kinds.ReviewPage || p.Reply == nil {
		return nil
	}
	v := &ReviewView{Version: f.Draft.Version, Written: written(f, words), Answered: answeredPoints(f, words), Pages: len(paper.Lay(reply.OnPaper(s.PaperWords(), f, *f.Draft, f.Addressee())))}
	p.Review = v
	for i, line := range p.Reply.Lines {
		v.Lines = append(v.Lines, ReviewLine{line, i, p.Comments.OpenOn(i)})
	}
	may, err := s.mayEdit(r.Context(), p.Form.Kind, f, who)
	if err != nil {
		return err
	}
	if kind := p.Form.Kind; may == nil {
		v.EditPath, v.EditDo = "/cases/"+f.CaseID+"/edit", words.T("edit.open."+string(kind))
	}
	read, err := s.store.ReadDrafts(r.Context(), who.ID, map[string]int{f.CaseID: f.Draft.Version})
	if err != nil {
		return err
	}
	if v.End = replyEnd(p.Form, f, read[f.CaseID]); v.End != nil && v.End.Read {
		p.Form.lacks = slices.DeleteFunc(p.Form.lacks, func(l Lack) bool { return l.Place == "sha256" })
	}
	if err := s.addSince(r, v, f, before); err != nil {
		return err
	}
	return s.addChecks(r, v, f)
}

func replyEnd(form *CaseForm, f *casefile.File, read bool) *ReplyEnd {
	if text, _ := form.Row().Field("sha256"); text.Control != kinds.AtEnd {
		return nil
	}
	end := &ReplyEnd{SHA256: f.State.DraftSHA256, Read: read || form.Has("sha256", f.State.DraftSHA256)}
	if !read && form.Row().Decide == kinds.Together {
		end.Path = "/cases/" + f.CaseID + "/read"
	}
	return end
}

// addSince compares the reply with the version that the reader saw before.
func (s *Room) addSince(r *http.Request, v *ReviewView, f *casefile.File, before store.Seen) error {
	words := s.Words(r)
	if before.Version == 0 {
		v.Since = words.T("review.first_time", "Version", v.Version)
		return nil
	}
	old, err := s.version(r, f, before.Version)
	if err != nil {
		return err
	}
	v.Changed = reply.CompareDrafts(f, words, old, *f.Draft)
	v.Changed.Rows = slices.DeleteFunc(v.Changed.Rows, func(row reply.CompareRow) bool { return !row.Changed })
	v.Since = words.T("review.since", "When", words.Moment(before.At), "Version", before.Version, "N", v.Changed.Places)
	return s.nameChanges(r.Context(), words, f, v.Changed)
}

// addChecks lists what is found in the reply under review with the reasons that its drafter gave, and the figures without a
// source.
func (s *Room) addChecks(r *http.Request, v *ReviewView, f *casefile.File) error {
	who, words := kit.OfficerOf(r), s.Words(r)
	if !who.SeesName(f.State) { // what the register wants in place of words would name the deputy
		return nil
	}
	facts, err := s.store.DraftFacts(r.Context(), f.CaseID)
	if err != nil {
		return err
	}
	acks, by := acks(f, words)
	for _, found := range proposal.ExamineDraft(f.Draft.Draft, f.State, *s.ExamineFacts(f, facts, f.Days)) {
		if found.Code == proposal.DraftNotAgreed {
			continue
		}
		line := CheckLine{Text: casefile.FindingText(words, found, found.Unit), Must: found.Mark == nil || found.Mark.Level == replytext.MandatoryMark}
		if m := found.Mark; m != nil {
			if m.Field == "body" {
				line.Where = words.T("finding.paragraph", "No", m.Paragraph+1)
			}
			if reason := acks[m.Key()]; reason != "" {
				line.Answer = words.T("review.answered", "Who", by, "Reason", reason)
			}
		}
		v.Checks = append(v.Checks, line)
	}
	listed := map[string]bool{}
	for _, m := range replytext.Unsourced(f.Draft.Draft.Body, f.Sourced()) {
		if !listed[m.Text] {
			v.Checks = append(v.Checks, CheckLine{Text: casefile.MarkText(words, m), Where: words.T("finding.paragraph", "No", m.Paragraph+1), Figure: m.Text})
		}
		listed[m.Text] = true
	}
	for _, line := range v.Checks {
		if line.Answer == "" {
			v.Unsolved++
		}
	}
	return nil
}

// acks are the reasons for which reminders were left, by the finding's key, and who gave them.
func acks(f *casefile.File, w *locale.Words) (reasons map[string]string, by string) {
	reasons = map[string]string{}
	e := f.LastEvent(proposal.Submit)
	if e == nil {
		return reasons, ""
	}
	if in, ok := casefile.EventInput(*e).(*proposal.Submission); ok {
		for _, a := range in.Acks {
			reasons[a.Finding] = a.Reason
		}
	}
	return reasons, w.Name(f.People[e.By])
}

// written says who drafted the reply and who passed it.
func written(f *casefile.File, w *locale.Words) string {
	people := []string{w.T("review.drafted", "Who", f.PersonName(w, f.State.Drafter))}
	for _, p := range f.State.Passed {
		people = append(people, w.T("review.passed."+string(p.Stage), "Who", f.PersonName(w, p.By)))
	}
	return w.List(people)
}

// answeredPoints says how many points the reply answers, and what the deputy wishes.
func answeredPoints(f *casefile.File, w *locale.Words) string {
	answered := 0
	for _, a := range f.Draft.Draft.Answers {
		if a.Status != "" && len(a.Sections) > 0 {
			answered++
		}
	}
	return w.T("review.points", "Answered", strconv.Itoa(answered), "Points", strconv.Itoa(len(f.Points)), "Wish", w.T("wish."+locale.WishKey(f.Wish)))
}
