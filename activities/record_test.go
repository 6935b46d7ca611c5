package activities_test

import (
	"context"
	"testing"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
)

// silent is a record that does not answer.
type silent struct{ ledger.Ledger }

func (silent) WithCase(context.Context, string, string, func(ledger.LockedCase) error) error {
	return &proposal.Refusal{Code: proposal.EngineUnavailable, Cause: proposal.DiskFull}
}

// That no answer came is an error, which is tried again. As a refusal the engine would keep it for ever.
func TestNoAnswerIsNoRefusal(t *testing.T) {
	cases := activities.Cases{Ledger: silent{}}
	if o, err := cases.Record(t.Context(), ledger.Command{}); err == nil || o.Refusal != nil {
		t.Errorf("got %+v, %v", o, err)
	}
}
