package store_test

import (
	"slices"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// Whoever is away leaves what only they could do; a cover takes it over, from the day on which the cover is in force; a day off moves deadlines. The cases
// stay as they are.
func TestSuppose(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	whole := func(proposal.State) bool { return true }
	drafting, review := w.at(t, proposal.Drafting), w.at(t, proposal.OfficeReview)
	handler := w.ID(proposal.Handler)
	suppose := func(of store.Supposition) store.Supposed {
		t.Helper()
		of.Of = whole
		if of.From.IsZero() {
			of.From, of.To = calendar.NewDate(2026, 4, 27), calendar.NewDate(2026, 5, 8)
		}
		got, err := w.Suppose(ctx, of)
		check(t, err)
		if got.Open != 2 {
			t.Fatalf("%d cases were looked at", got.Open)
		}
		return got
	}
	before, err := w.State(ctx, drafting)
	check(t, err)

	if got := suppose(store.Supposition{}); len(got.Cases) > 0 || got.Loads[handler].Held != 1 {
		t.Errorf("nothing is supposed, and %+v is different; the handler holds %+v", got.Cases, got.Loads[handler])
	}
	got := suppose(store.Supposition{Away: []proposal.PersonID{handler}})
	if len(got.Cases) != 1 || got.Cases[0].CaseID != drafting || got.Cases[0].Nobody[0].Ask != proposal.AskOf(proposal.Drafting) || got.Cases[0].Nobody[0].Of != handler {
		t.Fatalf("the handler is away: %+v", got.Cases)
	}
	reviewers := []proposal.PersonID{w.ID(proposal.OfficeReviewer)}
	got = suppose(store.Supposition{Away: reviewers})
	if len(got.Cases) != 2 {
		t.Fatalf("the only reviewer is away: %+v", got.Cases)
	}
	for _, c := range got.Cases {
		switch c.CaseID {
		case review:
			if len(c.Nobody) != 1 || c.Nobody[0].Role != proposal.OfficeReviewer || len(c.Later) > 0 {
				t.Errorf("nobody can do %+v of what waits for review, %v later", c.Nobody, c.Later)
			}
		case drafting:
			if len(c.Nobody) > 0 || !slices.Equal(c.Later, []proposal.Role{proposal.OfficeReviewer}) {
				t.Errorf("what is drafted lacks %v later, %+v today", c.Later, c.Nobody)
			}
		}
	}
	more := []proposal.Person{{ID: "one more", Roles: []proposal.Role{proposal.OfficeReviewer}}}
	if got := suppose(store.Supposition{Away: reviewers, More: more}); len(got.Cases) > 0 || got.Loads["one more"].Alone != 1 {
		t.Errorf("one more reviews, and %+v is left; they are alone with %+v", got.Cases, got.Loads["one more"])
	}

	peer := w.person(t, "peer", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: w.Bureau[proposal.Handler].Division})
	_, err = w.SaveProxy(ctx, w.Bureau[proposal.Handler].Person, store.Proxy{
		Principal: handler, Proxy: peer, From: calendar.NewDate(2026, 4, 27), To: calendar.NewDate(2026, 5, 6), Reason: "休假",
	})
	check(t, err)
	got = suppose(store.Supposition{Away: []proposal.PersonID{handler}})
	if len(got.Cases) != 1 || got.Cases[0].Nobody[0].From != calendar.NewDate(2026, 5, 7) {
		t.Errorf("covered until 6 May: %+v", got.Cases)
	}
	if load := got.Loads[peer]; load == nil || load.From[handler] != 1 || load.Held != 0 {
		t.Errorf("the cover has %+v", load)
	}

	days := calendar.National()
	due := before.ReplyDue().Due()
	got = suppose(store.Supposition{Days: days.Supposing([]calendar.Date{due}, nil)})
	if len(got.Cases) != 2 || !slices.ContainsFunc(got.Cases[0].Moved, func(m proposal.MovedClock) bool {
		return m.Kind == proposal.ReplyClock && m.From == due && m.To.After(due)
	}) {
		t.Errorf("%s is off: %+v", due, got.Cases)
	}
	after, err := w.State(ctx, drafting)
	check(t, err)
	if after.Seq != before.Seq || after.ReplyDue().Due() != due {
		t.Error("what was only supposed has changed the case")
	}
}

// The hands that replies went through are told apart, and so are the replies in which somebody had a part.
func TestHandsOfReplies(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.at(t, proposal.Answered)
	w.at(t, proposal.SignOff)
	every, from := store.TaskFilter{Box: store.Every}, calendar.NewDate(2026, 4, 1)
	supervisor := w.ID(proposal.Supervisor)
	hands, err := w.Hands(ctx, supervisor, every, from)
	check(t, err)
	for at, want := range map[store.Gate]struct {
		role proposal.Role
		n    int
	}{
		store.DraftingGate: {proposal.Handler, 2}, store.Gate(proposal.OfficeReview): {proposal.OfficeReviewer, 2},
		store.Gate(proposal.SignOff): {proposal.LeaderInCharge, 1}, store.Gate(proposal.Dispatching): {proposal.Liaison, 1},
	} {
		if got := hands[at][w.ID(want.role)]; got != want.n || len(hands[at]) != 1 {
			t.Errorf("%s: %v, want %d by the %s", at, hands[at], want.n, want.role)
		}
	}
	for role, want := range map[proposal.Role]int{proposal.Handler: 1, proposal.OfficeReviewer: 1, proposal.LeaderInCharge: 1, proposal.Auditor: 0} {
		got, err := w.AnswersThrough(ctx, supervisor, every, []proposal.PersonID{w.ID(role)}, from)
		check(t, err)
		n := 0
		for _, d := range got {
			n += d.N
		}
		if n != want {
			t.Errorf("in %d answers the %s had a part, want %d", n, role, want)
		}
	}
	if late, err := w.Hands(ctx, supervisor, every, calendar.NewDate(2026, 6, 1)); err != nil || len(late) > 0 {
		t.Errorf("nothing went through since June: %v, %v", late, err)
	}
}
