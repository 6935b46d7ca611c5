package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
)

// While the database is away everything says EngineUnavailable, except the ledger's transaction: only trying again tells whether
// that was committed, so it must not look like an answer.
func TestOutage(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.OfficeReview)
	next := w.Next(t, w.Store, id)
	check(t, w.SaveAction(t.Context(), id, next))
	var database string
	check(t, w.sql.QueryRow(t.Context(), `select current_database()`).Scan(&database))
	admin := testkit.Postgres(t)

	record := func(ctx context.Context) (ledger.Outcome, error) {
		return w.cases.Record(ctx, ledger.Command{CaseID: id, ActionID: next.ID})
	}
	away := func(t *testing.T) {
		t.Helper()
		ctx, today := t.Context(), calendar.DateOf(w.now)
		for name, err := range map[string]error{
			"ping":        w.Ping(ctx),
			"save action": w.SaveAction(ctx, id, next),
			"claim":       w.ClaimTask(ctx, w.ID(proposal.OfficeReviewer), id, newID(), proposal.TaskKey{}),
			"case":        second(w.Case(ctx, id)),
			"state":       second(w.State(ctx, id)),
			"tasks":       second(w.Tasks(ctx, w.ID(proposal.Liaison), store.TaskFilter{Box: store.Todo})),
			"notices":     second(w.Notices(ctx, w.ID(proposal.Liaison), store.NoticeFilter{})),
			"unread":      second(w.UnreadNotices(ctx, w.ID(proposal.Liaison))),
			"proxies":     second(w.Proxies(ctx, "")),
			"draft facts": second(w.DraftFacts(ctx, id)),
			"deputy link": third(w.OpenDeputyLink(ctx, "x", "192.0.2.1")),
			"search":      second(w.SearchCases(ctx, w.Bureau[proposal.Liaison].Person, store.CaseFilter{})),
			"overview":    second(w.Overview(ctx, today, today)),
			"public":      second(w.PublicList(ctx, store.PublicFilter{})),
			"login":       second(w.Authenticate(ctx, "liaison", "x", "", "")),
			"token":       second(w.PersonByToken(ctx, "x")),
			"draft":       second(w.SaveDraft(ctx, id, w.ID(proposal.Handler), newID(), 0, proposal.Draft{})),
			"verify":      second(w.VerifyChain(ctx, nil)),
		} {
			var refusal *proposal.Refusal
			if !errors.As(err, &refusal) || refusal.Code != proposal.EngineUnavailable {
				t.Errorf("%s: got %v", name, err)
			}
		}
		if o, err := record(ctx); err == nil || o.Refusal != nil {
			t.Errorf("record: got %+v, %v", o, err)
		}
	}
	t.Run("server", func(t *testing.T) {
		check(t, admin.Exec(t.Context(), `alter database `+database+` allow_connections false`))
		check(t, admin.Exec(t.Context(), `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '`+database+`'`))
		away(t)
		check(t, admin.Exec(t.Context(), `alter database `+database+` allow_connections true`))
		if _, err := record(t.Context()); err != nil {
			t.Errorf("after the outage: %v", err)
		}
	})
	t.Run("nobody there", func(t *testing.T) {
		_, err := store.Open(t.Context(), "postgres://banli@127.0.0.1:1/banli?connect_timeout=2")
		refused(t, err, proposal.EngineUnavailable)
		refused(t, store.Migrate(t.Context(), "postgres://banli@127.0.0.1:1/banli?connect_timeout=2"), proposal.EngineUnavailable)
	})
	t.Run("caller gone", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := w.Case(ctx, id); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("closed", func(t *testing.T) {
		w.Store.Close()
		away(t)
	})
}

func second[T any](_ T, err error) error { return err }

func third[T, U any](_ T, _ U, err error) error { return err }
