package store_test

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
)

func TestCaseHeads(t *testing.T) {
	w := newWorld(t)
	first, second := w.register(t), w.at(t, proposal.Drafting)
	heads, err := w.CaseHeads(t.Context(), []string{first, second, "", "nonsense", newID()})
	check(t, err)
	if len(heads) != 2 || heads[first].State.Stage != proposal.Registered || heads[second].State.Stage != proposal.Drafting {
		t.Errorf("%+v", heads)
	}
	if h := heads[first]; h.Key.Number != "0001" || h.Subject != "缓解社工压力提高社工待遇" {
		t.Errorf("%+v", h)
	}
}
