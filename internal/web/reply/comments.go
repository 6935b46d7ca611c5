package reply

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/compare"

	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// CommentsView is what was said about the reply, in the order of its paragraphs, and the form for more.
type CommentsView struct {
	CaseID, Back  string
	Version       int
	Open, Settled []CommentView
	May           bool // say something
	ActionID      string
	Paragraphs    []kit.Choice
	typed         url.Values
	errors        []kit.FieldMessage
	wrong         string // the comment whose answer was refused; "" for a new one
	Notice, Left  string // why an answer to a settled comment was not kept, and its words
}

// CommentView is one comment and its answers.
type CommentView struct {
	ID, Quote, Text, Who, When string
	Where                      string // which paragraph, in words
	Gone                       bool   // the words stand in the reply no more
	Anchor                     compare.Anchor
	Made                       string // on which version, if not on this one
	Answers                    []AnswerView
	MaySettle                  bool
	ActionID                   string // of an answer; "" if none may be given
	Path                       string
	Typed, Error               string
}

// AnswerView is an answer to a comment.
type AnswerView struct {
	Who, When, Text string
	Settles         bool
}

// NewCommentsView draws the comments on a version; nil for who may not read them.
func NewCommentsView(w *locale.Words, f *casefile.File, who *store.Person, d store.SavedDraft) *CommentsView {
	me := f.As(who.Person)
	if !me.SeesAll(f.State) {
		return nil
	}
	v := &CommentsView{CaseID: f.CaseID, Back: "/cases/" + f.CaseID, Version: d.Version, May: me.MayComment(f.State), ActionID: kit.NewActionID()}
	var texts []string
	for i, p := range replytext.Paragraphs(d.Draft.Body) {
		texts = append(texts, p.Text)
		v.Paragraphs = append(v.Paragraphs, kit.Choice{Value: fmt.Sprint(i), Name: w.T("comment.paragraph", "No", i+1, "Text", casefile.Excerpt(p.Text))})
	}
	for _, c := range f.Comments {
		view := CommentView{
			ID: c.ID, Quote: c.Quote, Text: c.Text, Who: w.Name(f.People[c.By]), When: w.Moment(c.At),
			MaySettle: v.May && me.MaySettle(f.State, c.By), Path: "/cases/" + f.CaseID + "/comments/" + c.ID,
		}
		if v.May && c.Settled() == nil {
			view.ActionID = kit.NewActionID()
		}
		at, found := compare.Find(texts, c.Quote, compare.Anchor{Paragraph: c.Paragraph, From: c.From, To: c.To})
		view.Anchor, view.Gone = at, !found
		if found {
			view.Where = w.T("finding.paragraph", "No", at.Paragraph+1)
		}
		if c.Version != d.Version {
			view.Made = w.T("case.version", "Version", c.Version)
		}
		for _, a := range c.Answers {
			view.Answers = append(view.Answers, AnswerView{w.Name(f.People[a.By]), w.Moment(a.At), a.Text, a.Settles})
		}
		if c.Settled() == nil {
			v.Open = append(v.Open, view)
		} else {
			v.Settled = append(v.Settled, view)
		}
	}
	slices.SortStableFunc(v.Open, func(a, b CommentView) int { return a.Anchor.Paragraph - b.Anchor.Paragraph })
	return v
}

// Refuse puts what was typed back, with what is wrong with it.
func (v *CommentsView) Refuse(comment string, typed url.Values, errors []kit.FieldMessage) {
	v.typed, v.errors, v.wrong = typed, errors, comment
	for i := range v.Open {
		if v.Open[i].ID == comment && len(errors) > 0 {
			v.Open[i].Typed, v.Open[i].Error = typed.Get("text"), errors[0].Text
			return
		}
	}
	if comment != "" && len(errors) > 0 {
		v.Notice, v.Left = errors[0].Text, typed.Get("text")
	}
}

// Error is what is wrong with a new comment.
func (v *CommentsView) Error() string {
	if v.wrong != "" || len(v.errors) == 0 {
		return ""
	}
	return v.errors[0].Text
}

// Typed is what was typed into the new comment.
func (v *CommentsView) Typed(name string) string {
	if v.wrong != "" {
		return ""
	}
	return v.typed.Get(name)
}

// OpenOn are the open comments of a paragraph.
func (v *CommentsView) OpenOn(paragraph int) (open []CommentView) {
	if v == nil {
		return nil
	}
	for _, c := range v.Open {
		if !c.Gone && c.Anchor.Paragraph == paragraph {
			open = append(open, c)
		}
	}
	return open
}
