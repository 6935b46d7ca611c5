package store_test

import (
	"sync"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

func TestComments(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.OfficeReview)
	reviewer, handler := w.ID(proposal.OfficeReviewer), w.ID(proposal.Handler)
	on := store.Comment{Version: 1, Paragraph: 2, From: 11, Quote: "274项", Text: "请注明出处。"}

	action := newID()
	check(t, w.SaveComment(ctx, reviewer, id, action, on))
	check(t, w.SaveComment(ctx, reviewer, id, action, on)) // a retry
	elsewhere := on
	elsewhere.From = 1 // the words do not stand there: the whole paragraph is meant
	second := newID()
	check(t, w.SaveComment(ctx, reviewer, id, second, elsewhere))
	check(t, w.AnswerComment(ctx, handler, id, newID(), action, "出自清单通知。", false))

	c := w.read(t, id)
	if len(c.Comments) != 2 || c.Comments[0].Quote != "274项" || c.Comments[0].To != 15 || c.Comments[1].Quote != "" || len(c.OpenComments()) != 2 {
		t.Fatalf("comments %+v", c.Comments)
	}
	if a := c.Comments[0].Answers; len(a) != 1 || a[0].By != handler || a[0].Settles {
		t.Errorf("answers %+v", a)
	}

	// One by one, by who made it or who writes the reply, with words, once.
	refused(t, w.AnswerComment(ctx, w.ID(proposal.DivisionHead), id, newID(), action, "可以了。", true), proposal.Forbidden)
	refused(t, w.AnswerComment(ctx, handler, id, newID(), action, "", true), proposal.InvalidInput)
	check(t, w.AnswerComment(ctx, handler, id, newID(), action, "已补出处。", true))
	if r := refused(t, w.AnswerComment(ctx, reviewer, id, newID(), action, "好。", false), proposal.NotUnderWay); r.By != handler || r.At.IsZero() {
		t.Errorf("told %+v", r)
	}
	c = w.read(t, id)
	if len(c.OpenComments()) != 1 || c.Comments[0].Settled() == nil {
		t.Errorf("comments %+v", c.Comments)
	}

	for name, err := range map[string]error{
		"no words":           w.SaveComment(ctx, reviewer, id, newID(), store.Comment{Version: 1}),
		"no such paragraph":  w.SaveComment(ctx, reviewer, id, newID(), store.Comment{Version: 1, Paragraph: 99, Text: "x"}),
		"an id used before":  w.SaveComment(ctx, reviewer, w.at(t, proposal.OfficeReview), action, on),
		"too many words":     w.SaveComment(ctx, reviewer, id, newID(), store.Comment{Version: 1, Text: string(make([]rune, proposal.MaxNote+1))}),
		"an id of no action": w.SaveComment(ctx, reviewer, id, "x", on),
	} {
		t.Run(name, func(t *testing.T) { refused(t, err, proposal.InvalidInput) })
	}
	refused(t, w.SaveComment(ctx, reviewer, id, newID(), store.Comment{Version: 9, Text: "x"}), proposal.NotFound)
	refused(t, w.SaveComment(ctx, w.ID(proposal.Supervisor), id, newID(), on), proposal.Forbidden)
	refused(t, w.SaveComment(ctx, w.ID(fixture.OtherHandler), id, newID(), on), proposal.NotFound)
	refused(t, w.SaveComment(ctx, w.ID(proposal.Publisher), id, newID(), on), proposal.NotFound)
	refused(t, w.AnswerComment(ctx, reviewer, w.at(t, proposal.OfficeReview), newID(), second, "x", false), proposal.NotFound)
	w.advance(t, id, proposal.Numbering)
	refused(t, w.SaveComment(ctx, reviewer, id, newID(), on), proposal.NotInStage)
	if report, err := w.VerifyChain(ctx, nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// Who may not know the deputy reads no name of theirs in what was said about the reply.
func TestCommentsAreMasked(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.OfficeReview)
	check(t, w.SaveComment(ctx, w.ID(proposal.OfficeReviewer), id, newID(), store.Comment{Version: 1, Text: "倪琛善代表要的是数字。"}))
	check(t, w.SaveFigure(ctx, w.ID(proposal.Handler), id, newID(), store.Figure{Words: "274项", Source: "倪琛善代表来信"}))
	w.do(t, id, w.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: "代表来电要求。"}))
	c := w.read(t, id)
	if !c.ShowTo(w.Bureau[proposal.OfficeReviewer].Person) || c.Comments[0].Text != "＊＊＊代表要的是数字。" || c.Figures[0].Source != "＊＊＊代表来信" {
		t.Errorf("the reviewer reads %+v, %+v", c.Comments, c.Figures)
	}
	c = w.read(t, id)
	if !c.ShowTo(w.Bureau[proposal.Liaison].Person) || c.Comments[0].Text != "倪琛善代表要的是数字。" {
		t.Errorf("the liaison reads %+v", c.Comments)
	}
}

// Two people settle one comment at once: one of them does, the other is told.
func TestSettleRace(t *testing.T) {
	w := newWorld(t)
	id, comment := w.at(t, proposal.OfficeReview), newID()
	check(t, w.SaveComment(t.Context(), w.ID(proposal.OfficeReviewer), id, comment, store.Comment{Version: 1, Text: "请核。"}))
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, who := range []proposal.Role{proposal.OfficeReviewer, proposal.Handler} {
		wg.Go(func() { errs[i] = w.AnswerComment(t.Context(), w.ID(who), id, newID(), comment, "已核。", true) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("settled twice or never: %v, %v", errs[0], errs[1])
	}
	if n := w.count(t, `select count(*) from draft_comment_answers where comment = $1`, comment); n != 1 {
		t.Errorf("%d answers", n)
	}
}

func TestFigures(t *testing.T) {
	w := newWorld(t)
	ctx, handler := t.Context(), w.ID(proposal.Handler)
	id := w.at(t, proposal.Drafting)
	action := newID()
	for range 2 {
		check(t, w.SaveFigure(ctx, handler, id, action, store.Figure{Words: "274项减至22项", Source: "清单通知"}))
	}
	check(t, w.SaveFigure(ctx, handler, id, newID(), store.Figure{Words: "5450元/月", Source: "财务处报表"}))
	check(t, w.SaveFigure(ctx, handler, id, newID(), store.Figure{Words: "274项减至22项", Source: "沈社建〔2019〕1号", URL: "https://example.gov.cn/1"}))
	c := w.read(t, id)
	if len(c.Figures) != 2 || c.Figures[1].Source != "沈社建〔2019〕1号" {
		t.Errorf("figures %+v", c.Figures)
	}
	for _, bad := range []store.Figure{{Source: "x"}, {Words: "1个"}, {Words: "1个", Source: "x", URL: "javascript:alert(1)"}, {Words: "1个", Source: "x", URL: "报告"}} {
		refused(t, w.SaveFigure(ctx, handler, id, newID(), bad), proposal.InvalidInput)
	}
	refused(t, w.SaveFigure(ctx, w.ID(fixture.OtherHandler), id, newID(), store.Figure{Words: "1个", Source: "x"}), proposal.NotFound)
}

func TestSeeDraft(t *testing.T) {
	w := newWorld(t)
	ctx, reviewer := t.Context(), w.ID(proposal.OfficeReviewer)
	id := w.at(t, proposal.Drafting)
	d := fixture.Draft(2)
	for i := range 3 {
		d.Body += "\n补充。"
		_, err := w.SaveDraft(ctx, id, w.ID(proposal.Handler), newID(), i, d)
		check(t, err)
	}
	for _, step := range []struct{ version, before int }{{1, 0}, {1, 0}, {3, 1}, {3, 1}, {2, 1}} {
		before, err := w.SeeDraft(ctx, reviewer, id, step.version)
		check(t, err)
		if before.Version != step.before || (step.before > 0) == before.At.IsZero() {
			t.Errorf("shown %d, told %+v, want %d", step.version, before, step.before)
		}
	}
	if _, err := w.SeeDraft(ctx, reviewer, id, 99); err != nil { // no such version: nothing was seen
		t.Error(err)
	}
	read, err := w.ReadDrafts(ctx, reviewer, map[string]int{id: 3})
	check(t, err)
	if len(read) > 0 {
		t.Error("what was shown counts as read")
	}
	check(t, w.ReadDraft(ctx, reviewer, id, 3))
	check(t, w.ReadDraft(ctx, reviewer, id, 3))
	check(t, w.ReadDraft(ctx, reviewer, id, 99)) // no such version: nothing was read
	read, err = w.ReadDrafts(ctx, reviewer, map[string]int{id: 3, newID(): 1})
	check(t, err)
	other, err := w.ReadDrafts(ctx, w.ID(proposal.LeaderInCharge), map[string]int{id: 3})
	check(t, err)
	if !read[id] || len(read) != 1 || len(other) != 0 {
		t.Errorf("read %v, by another %v", read, other)
	}
}
