package store_test

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
)

func TestWholeProcess(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Closed)
	_ = id
}
