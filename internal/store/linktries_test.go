package store_test

import (
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

func TestOpenDeputyLink(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Answered)
	secret, made, err := w.MakeDeputyLink(t.Context(), w.ID(proposal.Liaison), id, "", newID())
	check(t, err)
	open := func(secret, from string) (store.DeputyLink, time.Time, error) {
		return w.OpenDeputyLink(t.Context(), secret, from)
	}
	link, rests, err := open(secret, "192.0.2.1")
	check(t, err)
	if link != made || !rests.IsZero() {
		t.Errorf("%+v, want %+v; rests %v", link, made, rests)
	}
	w.now = made.ExpiresAt.Add(time.Hour) // one that has expired is still known, so that the deputy can be told
	if link, _, err = open(secret, "192.0.2.1"); err != nil || link.CaseID != id {
		t.Errorf("%+v, %v", link, err)
	}
	for range 20 {
		_, _, err = open("AAAA", "192.0.2.1")
		refused(t, err, proposal.NotFound)
	}
	if link, _, err = open(secret, "192.0.2.1"); err != nil || link.CaseID != id { // strangers behind the same address lock nobody's link
		t.Errorf("after twenty guesses: %+v, %v", link, err)
	}
	link, rests, err = open("AAAA", "192.0.2.1")
	check(t, err)
	if link.CaseID != "" || !rests.Equal(w.now.UTC().Truncate(time.Microsecond).Add(15*time.Minute)) {
		t.Errorf("after twenty guesses: %+v, rests until %v", link, rests)
	}
	if link, _, err = open(secret, "192.0.2.2"); err != nil || link.CaseID != id {
		t.Errorf("from another address: %+v, %v", link, err)
	}
	w.now = w.now.Add(16 * time.Minute)
	if link, _, err = open(secret, "192.0.2.1"); err != nil || link.CaseID != id {
		t.Errorf("after the rest: %+v, %v", link, err)
	}
}
