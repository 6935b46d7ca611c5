package store_test

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

func TestReadOneNotice(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	w.do(t, id, w.Action(proposal.Urge, proposal.Liaison, &proposal.UrgeNote{Text: "请抓紧。"}))
	handler := w.ID(proposal.Handler)
	told, err := w.Notices(t.Context(), handler, store.NoticeFilter{Kind: proposal.NoticeUrge, Limit: 10})
	check(t, err)
	if len(told.Items) != 1 {
		t.Fatalf("%d notices", len(told.Items))
	}
	notice := told.Items[0].ID
	check(t, w.ReadNotices(t.Context(), handler, notice-1))
	before := w.count(t, `select count(*) from notice_reads`)
	unread := func() int {
		t.Helper()
		n, err := w.UnreadNotices(t.Context(), handler)
		check(t, err)
		return n
	}
	check(t, w.ReadNotice(t.Context(), w.ID(proposal.Publisher), notice)) // not theirs
	check(t, w.ReadNotice(t.Context(), handler, notice+1000))
	if unread() != 1 || w.count(t, `select count(*) from notice_reads`) != before {
		t.Error("somebody else's reading counts")
	}
	for range 2 {
		check(t, w.ReadNotice(t.Context(), handler, notice))
	}
	if unread() != 0 {
		t.Error("still unread")
	}
}
