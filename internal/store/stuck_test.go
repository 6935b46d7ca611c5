package store_test

import (
	"slices"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// What was found of a case holds until something happens to it, or somebody comes or goes.
func TestStuckCasesAreFoundAsTheyBecomeSo(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	stuck := func(when string, want ...string) {
		t.Helper()
		got, err := w.StuckCases(ctx)
		check(t, err)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%s: stuck are %v, want %v", when, got, want)
		}
		f := store.TaskFilter{Box: store.Every, Only: store.OnlyStuck}
		if counts, err := w.CountTasks(ctx, w.ID(proposal.Liaison), []store.TaskFilter{f}); err != nil || counts[0] != len(want) {
			t.Fatalf("%s: the list has %v cases, %v", when, counts, err)
		}
		lacking, err := w.Lacking(ctx)
		if err != nil || len(lacking[proposal.OfficeReviewer]) != len(want) {
			t.Fatalf("%s: lacking %v, %v", when, lacking, err)
		}
	}
	review, other := w.at(t, proposal.OfficeReview), w.at(t, proposal.DivisionReview)
	stuck("everybody is there")
	reviewer := w.Bureau[proposal.OfficeReviewer]
	reviewer.Active = false
	_, err := w.UpsertPerson(ctx, reviewer, "")
	check(t, err)
	stuck("the reviewer has left", review)
	w.advance(t, other, proposal.OfficeReview)
	stuck("another comes to the reviewer", review, other)
	w.person(t, "reviewer_2", proposal.Person{Roles: []proposal.Role{proposal.OfficeReviewer}})
	stuck("another reviewer has come")
}
