package store_test

import (
	"sync"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

func TestParagraphs(t *testing.T) {
	w := newWorld(t)
	ctx, head := t.Context(), w.ID(proposal.DivisionHead)
	p := store.StandardParagraph{Topic: "社区减负", Title: "准入清单", Text: "我市建立社区工作准入制度。", Source: "清单通知", Division: fixture.Leading, ValidUntil: calendar.NewDate(2026, 4, 30)}
	action := newID()
	first, err := w.SaveParagraph(ctx, head, action, p)
	check(t, err)
	again, err := w.SaveParagraph(ctx, head, action, p)
	check(t, err)
	if first.ID != action || again.ID != first.ID || first.Edition != 1 || first.Line != first.ID {
		t.Fatalf("%+v, again %+v", first, again)
	}
	ours := p
	ours.Division, ours.Topic, ours.Title, ours.Text, ours.ValidUntil = "", "致谢", "通用致谢", "感谢您的关心。", calendar.NewDate(2027, 12, 31)
	_, err = w.SaveParagraph(ctx, head, newID(), ours)
	check(t, err)

	titles := func(f store.ParagraphFilter) (all []string) {
		list, err := w.Paragraphs(ctx, f)
		check(t, err)
		for _, p := range list {
			all = append(all, p.Title)
		}
		return all
	}
	for want, f := range map[int]store.ParagraphFilter{
		2: {}, 1: {Text: "准入"}, 0: {Text: "100%"},
	} {
		if got := titles(f); len(got) != want {
			t.Errorf("%+v finds %q", f, got)
		}
	}
	if got := titles(store.ParagraphFilter{Division: fixture.Other}); len(got) != 1 || got[0] != "通用致谢" {
		t.Errorf("another division reads %q", got)
	}

	// A new edition; the old one stays as it was, and is no longer to be used.
	id := w.at(t, proposal.Drafting)
	me := w.Bureau[proposal.Handler].Person
	used, err := w.UseParagraph(ctx, me, id, first.ID)
	check(t, err)
	if !used.Usable(calendar.DateOf(w.now)) {
		t.Error("not usable")
	}
	next := first
	next.Text, next.ValidUntil = "我市建立社区工作准入制度，每年核定一次。", calendar.NewDate(2026, 12, 31)
	second, err := w.SaveParagraph(ctx, head, newID(), next)
	check(t, err)
	if second.Edition != 2 || second.Line != first.ID || second.Cases != 1 {
		t.Errorf("%+v", second)
	}
	if _, err := w.SaveParagraph(ctx, head, newID(), next); refused(t, err, proposal.StaleForm).By != head {
		t.Error("nobody is named")
	}
	old, err := w.UseParagraph(ctx, me, id, first.ID)
	check(t, err)
	if old.Usable(calendar.DateOf(w.now)) || old.Newer != 2 || old.Text != p.Text {
		t.Errorf("the old edition %+v", old)
	}
	uses, err := w.ParagraphsUsed(ctx, id)
	check(t, err)
	if len(uses) != 1 || uses[0].ID != first.ID || uses[0].UsedBy != me.ID || uses[0].Newer != 2 {
		t.Errorf("uses %+v", uses)
	}
	if _, err := w.UseParagraph(ctx, w.Bureau[fixture.OtherHandler].Person, id, second.ID); err == nil {
		t.Error("used in a case that the person may not see")
	}

	// It expires at the end of its last day.
	if !second.Usable(calendar.NewDate(2026, 12, 31)) || second.Usable(calendar.NewDate(2027, 1, 1)) {
		t.Error("the last day")
	}
	refused(t, w.RetireParagraph(ctx, head, first.ID, " "), proposal.InvalidInput)
	for range 2 {
		check(t, w.RetireParagraph(ctx, head, first.ID, "政策已变。"))
	}
	if got := titles(store.ParagraphFilter{}); len(got) != 1 {
		t.Errorf("in use %q", got)
	}
	if got := titles(store.ParagraphFilter{Retired: true}); len(got) != 2 {
		t.Errorf("all %q", got)
	}
	_, err = w.SaveParagraph(ctx, head, newID(), second)
	refused(t, err, proposal.StaleForm)
	for _, bad := range []func(*store.StandardParagraph){
		func(p *store.StandardParagraph) { p.Topic = " " }, func(p *store.StandardParagraph) { p.Text = "" },
		func(p *store.StandardParagraph) { p.ValidUntil = calendar.Date{} }, func(p *store.StandardParagraph) { p.ValidUntil = calendar.NewDate(2026, 4, 19) },
	} {
		broken := p
		bad(&broken)
		_, err := w.SaveParagraph(ctx, head, newID(), broken)
		refused(t, err, proposal.InvalidInput)
	}
}

// Two people renew one paragraph at once: one edition, and the other is told whose.
func TestParagraphRace(t *testing.T) {
	w := newWorld(t)
	p := store.StandardParagraph{Topic: "x", Title: "y", Text: "z", ValidUntil: calendar.NewDate(2026, 12, 31)}
	first, err := w.SaveParagraph(t.Context(), w.ID(proposal.Handler), newID(), p)
	check(t, err)
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { _, errs[i] = w.SaveParagraph(t.Context(), w.ID(proposal.Handler), newID(), first) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		refused(t, err, proposal.StaleForm)
	}
	if n := w.count(t, `select count(*) from standard_paragraphs`); won != 1 || n != 2 {
		t.Errorf("%d won, %d editions", won, n)
	}
}
