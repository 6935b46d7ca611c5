package store_test

import (
	"sync"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/replytext"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/google/go-cmp/cmp"
)

func TestSaveDraft(t *testing.T) {
	w := newWorld(t)
	ctx, me := t.Context(), w.ID(proposal.Handler)
	id := w.at(t, proposal.Drafting)
	before, err := w.State(ctx, id)
	check(t, err)

	first, action := fixture.Draft(2), newID()
	saved, err := w.SaveDraft(ctx, id, me, action, 0, first)
	check(t, err)
	if saved.Version != 1 || saved.SHA256 != first.SHA256() || saved.SavedBy != me || saved.Draft.Version != 1 {
		t.Errorf("saved %+v", saved)
	}
	same, err := w.SaveDraft(ctx, id, me, newID(), 1, first)
	check(t, err)
	second := first
	second.Body += "\n另附清单。"
	next, err := w.SaveDraft(ctx, id, me, newID(), 1, second)
	check(t, err)
	if same.Version != 1 || next.Version != 2 {
		t.Errorf("versions %d and %d, want 1 and 2", same.Version, next.Version)
	}
	again, err := w.SaveDraft(ctx, id, me, action, 0, first) // a retry that comes late
	check(t, err)
	if again.Version != 1 {
		t.Errorf("the retry answers version %d, want 1", again.Version)
	}
	after, err := w.State(ctx, id)
	check(t, err)
	if after.Seq != before.Seq {
		t.Errorf("seq went from %d to %d", before.Seq, after.Seq)
	}
	c, err := w.Case(ctx, id)
	check(t, err)
	if len(c.Drafts) != 2 || c.Drafts[0].Version != 2 || c.Draft.Draft.Body != second.Body {
		t.Errorf("drafts %+v", c.Drafts)
	}
	if report, err := w.VerifyChain(ctx, nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// What is read back hashes to what was saved, missing parts included: the hash is what people sign.
func TestDraftSurvivesExactly(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	for i, d := range []proposal.Draft{
		{},
		{Body: "a\r\n\tb  c ", Answers: []proposal.PointAnswer{}},
		{Body: "<&>\u2028", Answers: []proposal.PointAnswer{{Point: 1}, {Point: 2, Sections: []int{}}}, Commitments: []replytext.Promise{}},
		{Openness: proposal.ClosedReply, Ground: "security", Reason: "理由", Commitments: []replytext.Promise{{Text: "x", DueOn: calendar.NewDate(2026, 5, 1)}, {Text: "y"}}},
		fixture.Draft(2),
	} {
		saved, err := w.SaveDraft(t.Context(), id, w.ID(proposal.Handler), newID(), i, d)
		check(t, err)
		read, err := w.Draft(t.Context(), id, saved.Version)
		check(t, err)
		if read.Draft.SHA256() != d.SHA256() || read.SHA256 != d.SHA256() {
			t.Errorf("%s", cmp.Diff(d, read.Draft))
		}
	}
}

func TestSaveDraftRefuses(t *testing.T) {
	w := newWorld(t)
	ctx, me, d := t.Context(), w.ID(proposal.Handler), fixture.Draft(2)
	id := w.at(t, proposal.Drafting)
	save := func(caseID string, by proposal.PersonID, base int, d proposal.Draft) error {
		_, err := w.SaveDraft(ctx, caseID, by, newID(), base, d)
		return err
	}
	refused(t, save(newID(), me, 0, d), proposal.NotFound)
	refused(t, save(id, w.ID(proposal.DivisionHead), 0, d), proposal.Forbidden)
	refused(t, save(w.at(t, proposal.Consulting), me, 0, d), proposal.NotInStage)
	refused(t, save(id, me, 0, proposal.Draft{Body: "\xff"}), proposal.InvalidInput)
	refused(t, save(id, me, 0, proposal.Draft{Openness: "half"}), proposal.InvalidInput)
	refused(t, save(id, me, 0, proposal.Draft{Class: "\xff"}), proposal.InvalidInput)
	_, err := w.Draft(ctx, id, 1)
	refused(t, err, proposal.NotFound)

	// The handler changed while the first one was writing: the newer text is not overwritten unseen.
	check(t, save(id, me, 0, d))
	w.do(t, id, w.Next(t, w.Store, id))
	w.do(t, id, w.Action(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "补充数据。"}))
	other := w.person(t, "other", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading})
	w.sql.Exec(ctx, `update cases set state = jsonb_set(state, '{handler}', to_jsonb($2::text)) where id = $1`, id, other)
	d.Body += "\n补充。"
	if r := refused(t, save(id, other, 0, d), proposal.StaleForm); r.By != me || r.At.IsZero() {
		t.Errorf("told %+v", r)
	}
	check(t, save(id, other, 1, d))
}

// Two windows of one officer save at the same time: two versions, nothing lost.
func TestSaveDraftRace(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			d := fixture.Draft(2)
			d.ContactPhone = string(rune('0' + i))
			if _, err := w.SaveDraft(t.Context(), id, w.ID(proposal.Handler), newID(), 0, d); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	c, err := w.Case(t.Context(), id)
	check(t, err)
	if len(c.Drafts) != 8 || c.Drafts[0].Version != 8 {
		t.Errorf("%d drafts", len(c.Drafts))
	}
}
