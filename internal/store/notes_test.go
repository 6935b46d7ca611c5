package store_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// A note is written once, is part of the chain, tells those whom it names, and names nobody who may not see the case.
func TestNotes(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Drafting)
	handler, supervisor, outsider := w.ID(proposal.Handler), w.ID(proposal.Supervisor), w.ID(fixture.OtherHandler)

	action := newID()
	no, err := w.AddNote(ctx, handler, id, action, " 数字请财务核。\n", []proposal.PersonID{supervisor, handler, supervisor})
	check(t, err)
	again, err := w.AddNote(ctx, handler, id, action, "数字请财务核。", nil)
	check(t, err)
	_, err = w.AddNote(ctx, handler, id, action, "another", nil)
	refused(t, err, proposal.SentOtherwise)
	c := w.read(t, id)
	if again != no || len(c.Notes) != 1 || c.Notes[0].Text != "数字请财务核。" || !slices.Equal(c.Notes[0].Mentions, []proposal.PersonID{supervisor, handler}) {
		t.Fatalf("note %d, then %d: %+v", no, again, c.Notes)
	}
	if last := c.Events[len(c.Events)-1]; last.Kind != proposal.EventNote || last.No != no || !strings.Contains(string(last.Input), "财务") {
		t.Errorf("event %+v", last)
	}
	told := w.count(t, `select count(*) from notices where kind = 'mention' and case_id = $1`, id)
	mine := w.count(t, `select count(*) from notices where kind = 'mention' and person = $1`, handler)
	if told != 1 || mine != 0 {
		t.Errorf("%d told, the writer %d times", told, mine)
	}
	report, err := w.VerifyChain(ctx, nil)
	check(t, err)
	if len(report.Breaks) > 0 {
		t.Errorf("chain broken: %+v", report.Breaks)
	}

	for _, bad := range []struct {
		text     string
		mentions []proposal.PersonID
		field    string
		code     proposal.FieldCode
	}{
		{"  ", nil, "text", proposal.FieldRequired},
		{strings.Repeat("长", store.MaxNote+1), nil, "text", proposal.FieldTooLong},
		{"a\x00b", nil, "text", proposal.FieldMalformed},
		{"请看", []proposal.PersonID{supervisor, outsider}, "mentions.1", proposal.MentionedCannotSee},
		{"请看", []proposal.PersonID{"nobody"}, "mentions.0", proposal.MentionedCannotSee},
		{"请看", []proposal.PersonID{store.DeputyAccount}, "mentions.0", proposal.MentionedCannotSee},
	} {
		_, err := w.AddNote(ctx, handler, id, newID(), bad.text, bad.mentions)
		if r := refused(t, err, proposal.InvalidInput); r.Fields[0].Field != bad.field || r.Fields[0].Code != bad.code {
			t.Errorf("%.10q %v: %v", bad.text, bad.mentions, r)
		}
	}
	_, err = w.AddNote(ctx, outsider, id, newID(), "我也说", nil)
	refused(t, err, proposal.NotFound)
	_, err = w.AddNote(ctx, w.ID(proposal.Publisher), id, newID(), "我也说", nil)
	refused(t, err, proposal.NotFound)
	if c = w.read(t, id); len(c.Notes) != 1 {
		t.Errorf("%d notes", len(c.Notes))
	}

	// Nothing of it reaches those who read only what is public; a masked reader reads no name.
	_, err = w.AddNote(ctx, handler, id, newID(), "倪琛善代表来过电话", nil)
	check(t, err)
	w.do(t, id, w.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: "来函"}))
	masked := w.read(t, id)
	p, err := w.Person(ctx, supervisor)
	check(t, err)
	if !masked.ShowTo(p.Person) || !masked.Masked || strings.Contains(masked.Notes[1].Text, "倪琛善") {
		t.Errorf("a masked reader reads %q", masked.Notes[1].Text)
	}
	answered := w.at(t, proposal.Answered)
	_, err = w.AddNote(ctx, w.ID(proposal.Liaison), answered, newID(), "只在局里说的话", nil)
	check(t, err)
	public := w.read(t, answered)
	p, err = w.Person(ctx, w.ID(proposal.Publisher))
	check(t, err)
	if !public.ShowTo(p.Person) || public.Notes != nil || slices.ContainsFunc(public.Events, func(e store.Event) bool { return e.Kind == proposal.EventNote }) {
		t.Error("the publisher learns of notes")
	}
}

// A link stands on both cases; who may not see the other is not told of it, and a pair is linked once at a time from whichever side.
func TestLinks(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	one, two := w.at(t, proposal.Drafting), w.register(t)
	liaison, handler := w.ID(proposal.Liaison), w.ID(proposal.Handler)

	action := newID()
	for range 2 { // once for an action id
		check(t, w.LinkCases(ctx, liaison, one, action, two, store.LastYear))
	}
	for _, side := range [][2]string{{one, two}, {two, one}} {
		c := w.read(t, side[0])
		if len(c.Links) != 1 || c.Links[0].CaseID != side[1] || c.Links[0].Kind != store.LastYear || !c.Links[0].EndedAt.IsZero() {
			t.Errorf("links %+v", c.Links)
		}
		if last := c.Events[len(c.Events)-1]; last.Kind != proposal.EventLink || last.LinkedWith() != side[1] {
			t.Errorf("event %+v", last)
		}
	}
	field := func(err error, code proposal.FieldCode) {
		t.Helper()
		if r := refused(t, err, proposal.InvalidInput); r.Fields[0].Field != "linked" || r.Fields[0].Code != code {
			t.Errorf("%v, want %s", r, code)
		}
	}
	field(w.LinkCases(ctx, liaison, two, newID(), one, store.Similar), proposal.CaseAlreadyLinked)
	field(w.LinkCases(ctx, liaison, one, newID(), one, store.Similar), proposal.CaseItself)
	field(w.LinkCases(ctx, liaison, one, newID(), newID(), store.Similar), proposal.UnknownValue)
	field(w.LinkCases(ctx, handler, one, newID(), two, store.Similar), proposal.UnknownValue) // not the handler's to see
	refused(t, w.LinkCases(ctx, handler, two, newID(), one, store.Similar), proposal.NotFound)
	refused(t, w.LinkCases(ctx, liaison, one, newID(), two, "twins"), proposal.InvalidInput)

	seen := w.read(t, one)
	p, err := w.Person(ctx, handler)
	check(t, err)
	if !seen.ShowTo(p.Person) || len(seen.Links) != 0 {
		t.Errorf("the handler is told of %+v", seen.Links)
	}
	found, err := w.CasesNumbered(ctx, p.Person, "第0002号")
	check(t, err)
	all, err := w.CasesNumbered(ctx, proposal.Person{Roles: []proposal.Role{proposal.Liaison}}, "第0002号")
	check(t, err)
	if len(found) != 0 || len(all) != 1 || all[0].CaseID != two {
		t.Errorf("by number: the handler finds %d, the liaison %+v", len(found), all)
	}

	check(t, w.UnlinkCases(ctx, liaison, two, newID(), one))
	refused(t, w.UnlinkCases(ctx, liaison, one, newID(), two), proposal.NotFound)
	// Two who link the same pair from either side wait for each other: one link, nobody waits for ever.
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		a, b := one, two
		if i%2 == 1 {
			a, b = b, a
		}
		wg.Go(func() { errs[i] = w.LinkCases(ctx, liaison, a, newID(), b, store.Similar) })
	}
	wg.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
			continue
		}
		field(err, proposal.CaseAlreadyLinked)
	}
	if n := w.count(t, `select count(*) from case_links where ended_at is null`); made != 1 || n != 1 {
		t.Errorf("%d links made, %d stand", made, n)
	}
	report, err := w.VerifyChain(ctx, nil)
	check(t, err)
	if len(report.Breaks) > 0 {
		t.Errorf("chain broken: %+v", report.Breaks)
	}
}
