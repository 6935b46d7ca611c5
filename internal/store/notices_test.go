package store_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// told are the kinds of what a person was told of a case and is not over, the newest first.
func (w *world) told(t testing.TB, who proposal.PersonID, caseID string) (kinds []proposal.NoticeKind) {
	t.Helper()
	page, err := w.Notices(t.Context(), who, store.NoticeFilter{Limit: 500})
	check(t, err)
	for _, n := range page.Items {
		if n.CaseID == caseID && n.Over == "" {
			kinds = append(kinds, n.Kind)
		}
	}
	return kinds
}

func (w *world) unread(t testing.TB, who proposal.PersonID) int {
	t.Helper()
	n, err := w.UnreadNotices(t.Context(), who)
	check(t, err)
	return n
}

// R9: whoever has the case hears of an urge; the notice is there until it was read, and nobody reads it for another.
func TestNotices(t *testing.T) {
	w := newWorld(t)
	ctx, handler := t.Context(), w.ID(proposal.Handler)
	id := w.at(t, proposal.Drafting)
	office := w.at(t, proposal.OfficeReview)
	w.do(t, id, w.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"}))
	w.do(t, office, w.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "请抓紧。"}))
	if told := w.told(t, handler, id); !slices.Equal(told, []proposal.NoticeKind{proposal.NoticeUrge}) {
		t.Fatalf("told %v", told)
	}
	first := w.ID(proposal.OfficeReviewer)
	second := w.person(t, "reviewer2", proposal.Person{Roles: []proposal.Role{proposal.OfficeReviewer}})
	page, err := w.Notices(ctx, first, store.NoticeFilter{})
	check(t, err)
	before := w.unread(t, handler)
	check(t, w.ReadNotices(ctx, first, page.Items[0].ID))
	check(t, w.ReadNotices(ctx, first, page.Items[0].ID))
	if w.unread(t, first) != 0 || w.unread(t, second) != 1 || w.unread(t, handler) != before {
		t.Errorf("unread: %d, %d, %d", w.unread(t, first), w.unread(t, second), w.unread(t, handler))
	}
	w.now = w.now.AddDate(0, 4, 0)
	if w.unread(t, second) != 0 {
		t.Error("a notice of four months ago is news")
	}
	_, err = w.Notices(ctx, first, store.NoticeFilter{After: "x"})
	refused(t, err, proposal.InvalidInput)
}

// What an officer must hear comes once and to nobody who did it: a task by name, what was sent back with the reason, the way of
// the draft, an opinion, the rating.
func TestNoticesOfWorkDone(t *testing.T) {
	w := newWorld(t)
	handler, head := w.ID(proposal.Handler), w.ID(proposal.DivisionHead)
	id := w.at(t, proposal.Consulting)
	if told := w.told(t, handler, id); !slices.Equal(told, []proposal.NoticeKind{proposal.NoticeAssigned}) {
		t.Fatalf("a new handler is told %v", told)
	}
	w.advance(t, id, proposal.OfficeReview)
	if told := w.told(t, handler, id); !slices.Equal(told, []proposal.NoticeKind{proposal.NoticeProgress}) {
		t.Errorf("after the first review the drafter is told %v", told)
	}
	w.do(t, id, w.Action(proposal.SendBack, proposal.OfficeReviewer, &proposal.SendingBack{To: proposal.DivisionReview, Reason: "数字没有出处。"}))
	if told := w.told(t, head, id); !slices.Contains(told, proposal.NoticeReturned) {
		t.Errorf("who had passed the draft is told %v when it comes back", told)
	}
	w.do(t, id, w.Action(proposal.SendBack, proposal.DivisionHead, &proposal.SendingBack{To: proposal.Drafting, Reason: "请补出处。"}))
	page, err := w.Notices(t.Context(), handler, store.NoticeFilter{Kind: proposal.NoticeReturned})
	check(t, err)
	if len(page.Items) != 1 {
		t.Fatalf("%d times sent back", len(page.Items))
	}
	n := page.Items[0]
	if n.By.EN != string(proposal.DivisionHead) || !strings.Contains(string(n.Input), "请补出处。") || n.Over != "" {
		t.Errorf("sent back by %v, %s, %q", n.By, n.Input, n.Over)
	}
	if told := w.told(t, head, id); slices.Contains(told, proposal.NoticeReturned) {
		t.Error("what the head sent on is still the head's")
	}
	w.advance(t, id, proposal.DivisionReview)
	if told := w.told(t, handler, id); slices.Contains(told, proposal.NoticeReturned) {
		t.Error("what was sent back is drafted anew and still to be done")
	}
	w.advance(t, id, proposal.Answered)
	page, err = w.Notices(t.Context(), handler, store.NoticeFilter{Kind: proposal.NoticeProgress, Unread: true})
	check(t, err)
	if len(page.Items) != 1 || page.Items[0].Did != string(proposal.Dispatch) {
		t.Errorf("%d unread steps of the draft, want the last", len(page.Items))
	}
	w.do(t, id, w.Rate(proposal.BasicallySatisfied))
	if told := w.told(t, handler, id); !slices.Contains(told, proposal.NoticeRated) {
		t.Errorf("told %v", told)
	}
	if told := w.told(t, w.ID(proposal.Assembly), id); len(told) > 0 {
		t.Errorf("who rated is told %v", told)
	}
}

// Every notice goes with its action: whoever repeats the action writes none again.
func TestNoticesOnce(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Accepting)
	a := w.Next(t, w.Store, id)
	for range 3 {
		w.do(t, id, a)
	}
	if n := w.count(t, `select count(*) from notices where case_id = $1 and kind = 'assigned'`, id); n != 1 {
		t.Errorf("%d notices of one action", n)
	}
}

func TestOpinionArrived(t *testing.T) {
	w := newWorld(t)
	id := w.coHandled(t, proposal.DivisionReview)
	page, err := w.Notices(t.Context(), w.ID(proposal.Handler), store.NoticeFilter{Kind: proposal.NoticeOpinion})
	check(t, err)
	if len(page.Items) != 1 || page.Items[0].CaseID != id {
		t.Errorf("%d opinions arrived", len(page.Items))
	}
}

// Opening the case reads what was told of it, and of nothing else. A kind that was muted is neither listed nor counted; what asks
// for something cannot be muted.
func TestReadCaseNoticesAndMuted(t *testing.T) {
	w := newWorld(t)
	ctx, handler := t.Context(), w.ID(proposal.Handler)
	one, two := w.at(t, proposal.Consulting), w.at(t, proposal.OfficeReview)
	if n := w.unread(t, handler); n != 2 {
		t.Fatalf("%d unread", n)
	}
	check(t, w.ReadCaseNotices(ctx, handler, one))
	if n := w.unread(t, handler); n != 1 {
		t.Errorf("%d unread after one case was opened", n)
	}
	chosen, err := w.Settings(ctx, handler)
	check(t, err)
	chosen.Channels = map[proposal.NoticeKind]store.Channel{proposal.NoticeProgress: store.Muted}
	check(t, w.SaveSettings(ctx, handler, chosen))
	if w.unread(t, handler) != 0 || len(w.told(t, handler, two)) != 0 {
		t.Errorf("a muted kind is told: %v", w.told(t, handler, two))
	}
	chosen.Channels[proposal.NoticeUrge] = store.Muted
	refused(t, w.SaveSettings(ctx, handler, chosen), proposal.InvalidInput)
	chosen.Channels = nil
	for _, at := range []int{-15, 7, 24 * 60} {
		chosen.DigestAt = at
		refused(t, w.SaveSettings(ctx, handler, chosen), proposal.InvalidInput)
	}
}

// Who may not open the case any more learns nothing of it; who may not know the deputy's name does not read it in a reason.
func TestNoticesKeepSecrets(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id, r := w.registration()
	r.Secrecy = true
	w.do(t, id, w.Register(r))
	w.advance(t, id, proposal.OfficeReview)
	w.do(t, id, w.Action(proposal.AddReviewer, proposal.OfficeReviewer, &proposal.AddedReviewer{Person: w.ID(proposal.LegalReviewer), Reason: "倪琛善代表的件，请看。"}))
	page, err := w.Notices(ctx, w.ID(proposal.LegalReviewer), store.NoticeFilter{})
	check(t, err)
	if len(page.Items) != 1 || strings.Contains(string(page.Items[0].Input), "倪琛善") || !strings.Contains(string(page.Items[0].Input), "代表的件") {
		t.Errorf("told %+v", page.Items)
	}

	handler := w.ID(proposal.Handler)
	other := w.at(t, proposal.Consulting) // the newest
	before := w.unread(t, handler)
	w.do(t, other, w.Action(proposal.Reroute, proposal.LeaderInCharge, &proposal.Rerouting{Lead: "yanglao", Reason: "属养老服务。"}))
	page, err = w.Notices(ctx, handler, store.NoticeFilter{Limit: 1})
	check(t, err)
	if len(page.Items) != 1 || page.Items[0].CaseID != id {
		t.Errorf("the first page begins with %+v, not with what the reader may open", page.Items)
	}
	if after := w.unread(t, handler); after != before-1 {
		t.Errorf("%d unread, %d before one of the cases became another division's", after, before)
	}
}

// A later reminder of a clock takes the place of the earlier, and both are over once the clock's duty is done.
func TestRemindersGiveWay(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	handler := w.ID(proposal.Handler)
	for _, days := range []int{40, 60} {
		w.now = w.now.Add(time.Duration(days) * 24 * time.Hour)
		state, err := w.State(t.Context(), id)
		check(t, err)
		for next := state.NextRing(); next != nil && !next.RingsAt().After(w.now); next = state.NextRing() {
			w.do(t, id, proposal.Action{ID: newID(), Kind: proposal.Ring, Input: &proposal.RungClock{Clock: next.Kind, Ref: next.Ref}})
			state, err = w.State(t.Context(), id)
			check(t, err)
		}
	}
	page, err := w.Notices(t.Context(), handler, store.NoticeFilter{Limit: 500})
	check(t, err)
	standing := map[proposal.ClockKind]int{}
	for _, n := range page.Items {
		if n.Clock != "" && n.Over == "" {
			standing[n.Clock]++
		}
	}
	if len(standing) == 0 {
		t.Fatal("nothing was reminded of")
	}
	for clock, n := range standing {
		if n != 1 {
			t.Errorf("%d reminders of the %s clock stand", n, clock)
		}
	}
	w.advance(t, id, proposal.Closing)
	for _, kind := range w.told(t, handler, id) {
		if kind.Asks() {
			t.Errorf("a %s notice of an answered case stands", kind)
		}
	}
}
