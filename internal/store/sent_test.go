package store_test

import (
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// An id that was used is answered as before for the same words, and refused for others: nobody reads that words were kept which
// are nowhere.
func TestOtherWordsUnderOneID(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Assigning)
	a := w.Action(proposal.ApproveAssignment, proposal.LeaderInCharge, &proposal.Instruction{Text: "同意。"})
	w.do(t, id, a)
	check(t, w.SaveAction(ctx, id, a))
	for name, other := range map[string]proposal.Action{
		"other words":  {ID: a.ID, Kind: a.Kind, By: a.By, Input: &proposal.Instruction{Text: "请抓紧办理。"}},
		"another kind": {ID: a.ID, Kind: proposal.Urge, By: a.By, Input: &proposal.UrgeNote{}},
		"for somebody": {ID: a.ID, Kind: a.Kind, By: a.By, For: w.ID(proposal.BureauHead), Input: a.Input},
	} {
		if refusal := refused(t, w.SaveAction(ctx, id, other), proposal.SentOtherwise); refusal == nil {
			t.Error(name)
		}
	}
	// The event of a correction tells more than was said: what the fact was.
	mend := w.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{Fact: proposal.FactDelegation, Value: "沈河代表团", Reason: "录入有误", Source: "原件"})
	w.do(t, id, mend)
	check(t, w.SaveAction(ctx, id, mend))
	mend.Input = &proposal.Amendment{Fact: proposal.FactDelegation, Value: "沈河代表团", Reason: "录入有误", Source: "原件", Sure: true}
	refused(t, w.SaveAction(ctx, id, mend), proposal.SentOtherwise)
	handler := w.ID(proposal.Handler)
	w.advance(t, id, proposal.Drafting)
	draft, saving := fixture.Draft(2), newID()
	_, err := w.SaveDraft(ctx, id, handler, saving, 0, draft)
	check(t, err)
	_, err = w.SaveDraft(ctx, id, handler, saving, 0, draft)
	check(t, err)
	draft.Body += "\n另一段。"
	_, err = w.SaveDraft(ctx, id, handler, saving, 0, draft)
	refused(t, err, proposal.SentOtherwise)
	note := newID()
	_, err = w.AddNote(ctx, handler, id, note, "先打电话。", nil)
	check(t, err)
	_, err = w.AddNote(ctx, handler, id, note, "先打电话。", nil)
	check(t, err)
	_, err = w.AddNote(ctx, handler, id, note, "不打电话。", nil)
	refused(t, err, proposal.SentOtherwise)
}

// An id is 36 characters: other spellings of one, which only some readers know, name nothing.
func TestSpellingsOfIDs(t *testing.T) {
	w := newWorld(t)
	ctx, id := t.Context(), w.register(t)
	for _, spelling := range []string{"urn:uuid:" + id, "{" + id + "}", strings.ReplaceAll(id, "-", "")} {
		_, err := w.Case(ctx, spelling)
		refused(t, err, proposal.NotFound)
		a := w.Action(proposal.ProposeAssignment, proposal.Liaison, &proposal.RoutingOpinion{Lead: fixture.Leading, Opinion: "请基层处主办。"})
		a.ID = spelling
		refused(t, w.SaveAction(ctx, id, a), proposal.InvalidInput)
	}
}
