package store_test

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
)

func TestOpenStates(t *testing.T) {
	w := newWorld(t)
	fresh, review := w.register(t), w.at(t, proposal.DivisionReview)
	w.at(t, proposal.Returned)
	seen, after := map[string]string{}, ""
	for {
		page, err := w.OpenStates(t.Context(), after, 1)
		check(t, err)
		if len(page) == 0 {
			break
		}
		after = page[0].CaseID
		seen[after] = page[0].Draft.Class
		if page[0].State.Pack != "shenyang-1" || page[0].Number == "" || (page[0].Draft.Version > 0) != (after == review) {
			t.Errorf("open: %+v", page[0])
		}
	}
	if _, ok := seen[fresh]; !ok || len(seen) != 2 || seen[review] == "" {
		t.Errorf("open cases and their classes: %v", seen)
	}
}
