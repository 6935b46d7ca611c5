package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/proposal"
)

// Sixteen reviewers reach for one task: one has it, the others are told who and when.
func TestClaimRace(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.OfficeReview)
	var people []proposal.PersonID
	for i := range 16 {
		people = append(people, w.person(t, fmt.Sprintf("reviewer%d", i), proposal.Person{Roles: []proposal.Role{proposal.OfficeReviewer}}))
	}
	errs := make([]error, len(people))
	var wg sync.WaitGroup
	for i, p := range people {
		wg.Go(func() { errs[i] = w.ClaimTask(t.Context(), p, id, newID(), proposal.TaskKey{}) })
	}
	wg.Wait()
	c, err := w.Case(t.Context(), id)
	check(t, err)
	for i, err := range errs {
		if people[i] == c.Task.ClaimedBy {
			check(t, err)
			continue
		}
		refusal := refused(t, err, proposal.ClaimedByOther)
		if refusal.By != c.Task.ClaimedBy || !refusal.At.Equal(w.now.Truncate(time.Microsecond)) {
			t.Errorf("told %+v", refusal)
		}
	}
	if c.Task.ClaimedBy == "" || w.count(t, `select count(*) from events where kind = 'claim'`) != 1 {
		t.Errorf("claimed by %q", c.Task.ClaimedBy)
	}
}

// Claims and releases write events and leave the state's sequence alone, so that nobody's open form turns stale.
func TestClaimAndRelease(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.OfficeReview)
	before, err := w.State(ctx, id)
	check(t, err)
	first := w.ID(proposal.OfficeReviewer)
	second := w.person(t, "second", proposal.Person{Roles: []proposal.Role{proposal.OfficeReviewer}})

	claim, release := newID(), newID()
	check(t, w.ClaimTask(ctx, first, id, claim, proposal.TaskKey{}))
	check(t, w.ClaimTask(ctx, first, id, claim, proposal.TaskKey{}))   // a double click
	check(t, w.ClaimTask(ctx, first, id, newID(), proposal.TaskKey{})) // it is mine already
	refused(t, w.ReleaseTask(ctx, second, id, newID(), proposal.TaskKey{}), proposal.ClaimedByOther)
	o, err := w.send(ctx, id, by(second, w.Next(t, w.Store, id)))
	check(t, err)
	if refusal := refused(t, o.Refusal, proposal.ClaimedByOther); refusal.By != first {
		t.Errorf("told %+v", refusal)
	}
	check(t, w.ReleaseTask(ctx, w.ID(proposal.Liaison), id, release, proposal.TaskKey{})) // nobody's absence parks a case
	check(t, w.ReleaseTask(ctx, w.ID(proposal.Liaison), id, release, proposal.TaskKey{}))
	check(t, w.ReleaseTask(ctx, first, id, newID(), proposal.TaskKey{})) // nobody has it
	check(t, w.ClaimTask(ctx, second, id, newID(), proposal.TaskKey{}))

	// The first claim's id must not answer for another kind of act, nor for another case.
	refused(t, w.ReleaseTask(ctx, second, id, claim, proposal.TaskKey{}), proposal.InvalidInput)
	refused(t, w.ClaimTask(ctx, second, w.register(t), claim, proposal.TaskKey{}), proposal.InvalidInput)

	after, err := w.State(ctx, id)
	check(t, err)
	if after.Seq != before.Seq {
		t.Errorf("seq went from %d to %d", before.Seq, after.Seq)
	}
	if n := w.count(t, `select count(*) from events where case_id = $1 and kind in ('claim', 'release')`, id); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
	if report, err := w.VerifyChain(ctx, nil); err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

func TestClaimRefuses(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.DivisionReview)
	if r := refused(t, w.ClaimTask(ctx, w.ID(proposal.Handler), id, newID(), proposal.TaskKey{}), proposal.Forbidden); r.Role != proposal.DivisionHead {
		t.Errorf("got %+v", r)
	}
	elsewhere := w.person(t, "elsewhere", proposal.Person{Roles: []proposal.Role{proposal.DivisionHead}, Division: "yanglao"})
	refused(t, w.ClaimTask(ctx, elsewhere, id, newID(), proposal.TaskKey{}), proposal.Forbidden)
	refused(t, w.ClaimTask(ctx, "nonsense", id, newID(), proposal.TaskKey{}), proposal.Forbidden)
	refused(t, w.ClaimTask(ctx, w.ID(proposal.DivisionHead), "nonsense", newID(), proposal.TaskKey{}), proposal.NotFound)
	refused(t, w.ClaimTask(ctx, w.ID(proposal.DivisionHead), newID(), newID(), proposal.TaskKey{}), proposal.NotFound)
	refused(t, w.ClaimTask(ctx, w.ID(proposal.DivisionHead), id, "nonsense", proposal.TaskKey{}), proposal.InvalidInput)

	drafting := w.at(t, proposal.Drafting) // the handler's by name
	if r := refused(t, w.ClaimTask(ctx, elsewhere, drafting, newID(), proposal.TaskKey{}), proposal.ClaimedByOther); r.By != w.ID(proposal.Handler) {
		t.Errorf("got %+v", r)
	}
	check(t, w.ClaimTask(ctx, w.ID(proposal.Handler), drafting, newID(), proposal.TaskKey{}))

	closed := w.at(t, proposal.Closed)
	refused(t, w.ClaimTask(ctx, w.ID(proposal.Liaison), closed, newID(), proposal.TaskKey{}), proposal.NotInStage)
	check(t, w.ReleaseTask(ctx, w.ID(proposal.Liaison), closed, newID(), proposal.TaskKey{}))
}

// Every look at contact data is written down, and those who may not see the case see nothing.
func TestViewContact(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Consulting)
	for range 2 {
		contact, err := w.ViewContact(ctx, id, w.ID(proposal.Handler))
		if err != nil || contact.Number != "13900000392" {
			t.Errorf("got %q, %v", contact, err)
		}
	}
	elsewhere := w.person(t, "elsewhere", proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: "yanglao"})
	_, err := w.ViewContact(ctx, id, elsewhere)
	refused(t, err, proposal.NotFound)
	_, err = w.ViewContact(ctx, newID(), w.ID(proposal.Handler))
	refused(t, err, proposal.NotFound)
	if n := w.count(t, `select count(*) from contact_views v join events e on e.case_id = v.case_id and e.no = v.event_no
		where v.person = $1 and e.kind = 'view_contact'`, w.ID(proposal.Handler)); n != 2 {
		t.Errorf("%d looks, want 2", n)
	}
}
