package app_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// away is a record that is not reached at first.
type away struct{ tries atomic.Int32 }

func (a *away) Record(context.Context, ledger.Command) (ledger.Outcome, error) {
	if a.tries.Add(1) == 1 {
		return ledger.Outcome{}, temporal.NewNonRetryableApplicationError("the record is away", "away", nil)
	}
	return ledger.Outcome{Position: ledger.Position{Stage: proposal.Registered, Seq: 1}}, nil
}

// TestAFailedUpdateIsTriedAgain: the engine keeps the answer to an update under its id, also that it failed. Pressing again must not meet it for ever.
func TestAFailedUpdateIsTriedAgain(t *testing.T) {
	c, err := client.Dial(client.Options{HostPort: engine.Address(t), Namespace: engine.Namespace})
	must(t, err)
	t.Cleanup(c.Close)
	w := worker.New(c, &away{})
	must(t, w.Start())
	t.Cleanup(w.Stop)
	dsn, bureau := fixture.Database(t)
	record, err := store.Open(t.Context(), dsn)
	must(t, err)
	t.Cleanup(record.Close)
	cases := &workflows.Client{Temporal: c, Actions: record}
	r := fixture.Registration("21", calendar.DateOf(time.Now()))
	p, err := cases.Act(t.Context(), workflows.CaseID(r.RegisterKey), bureau.Register(r))
	if err != nil || p.Seq != 1 {
		t.Errorf("the second try: %+v, %v", p, err)
	}
}
