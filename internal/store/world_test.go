package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// patience is how long a busy machine may take with what is done at once.
const patience = 30 * time.Second

// world is a bureau on a database of its own, at a time that stands still unless the test moves it. Cases are moved by
// activities.Record on the real store, without an engine.
type world struct {
	*store.Store
	fixture.Bureau
	cases *activities.Cases
	sql   *pgx.Conn // past the store, for what only an intruder does
	now   time.Time
	taken int // numbers of registrations
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dsn, bureau := fixture.Database(t)
	s, err := store.Open(t.Context(), fixture.AsProgram(dsn))
	check(t, err)
	t.Cleanup(s.Close)
	conn, err := pgx.Connect(t.Context(), dsn)
	check(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	w := &world{Store: s, Bureau: bureau, sql: conn, now: time.Date(2026, 4, 20, 2, 30, 0, 123456789, time.UTC)}
	s.Now = func() time.Time { return w.now }
	w.cases = &activities.Cases{Ledger: s, Calendar: calendar.National, Packs: builtIn{}, Now: s.Now}
	return w
}

// builtIn are the packs that come with the program; every registration is pinned to the one that the tests reckon by.
type builtIn struct{}

func (builtIn) ByID(id string) (*proposal.Pack, bool) {
	pack, ok := rulepack.BuiltIn()[id]
	return pack, ok
}

func (p builtIn) For(string, calendar.Date) (*proposal.Pack, bool) { return p.ByID("shenyang-1") }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// registration has a number of its own and an id to register it under.
func (w *world) registration() (caseID string, r *proposal.Registration) {
	w.taken++
	r = fixture.Registration(fmt.Sprintf("%04d", w.taken), calendar.NewDate(2026, 3, 2))
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.RegisterKey.String())).String(), r
}

func (w *world) register(t testing.TB) (caseID string) {
	t.Helper()
	id, r := w.registration()
	w.do(t, id, w.Register(r))
	return id
}

func (w *world) send(ctx context.Context, caseID string, a proposal.Action) (ledger.Outcome, error) {
	if err := w.SaveAction(ctx, caseID, a); err != nil {
		return ledger.Outcome{}, err
	}
	return w.cases.Record(ctx, ledger.Command{CaseID: caseID, ActionID: a.ID, Kind: a.Kind})
}

// do records an action that must be accepted.
func (w *world) do(t testing.TB, caseID string, a proposal.Action) ledger.Position {
	t.Helper()
	outcome, err := w.send(t.Context(), caseID, a)
	check(t, err)
	if outcome.Refusal != nil {
		t.Fatalf("%s: %v", a.Kind, outcome.Refusal)
	}
	return outcome.Position
}

// advance carries a case along the straight way until it waits in the stage.
func (w *world) advance(t testing.TB, caseID string, to proposal.Stage) {
	t.Helper()
	for {
		state, err := w.State(t.Context(), caseID)
		check(t, err)
		if state.Stage == to {
			return
		}
		w.do(t, caseID, w.Next(t, w.Store, caseID))
	}
}

// at makes a case that stands in the stage, off the straight way too.
func (w *world) at(t testing.TB, stage proposal.Stage) (caseID string) {
	t.Helper()
	id, r := w.registration()
	r.Money = stage == proposal.LegalReview
	w.do(t, id, w.Register(r))
	switch stage {
	case proposal.ReturnReview, proposal.ReturnDecision, proposal.Returned:
		w.returned(t, id, stage)
		return id
	case proposal.Withdrawn:
		w.do(t, id, w.Action(proposal.Withdraw, proposal.Liaison, &proposal.Withdrawal{Letter: "四月二日来函", Agreed: []string{"倪琛善", "王桂兰"}}))
		return id
	case proposal.ReportingUp:
		for range 2 {
			w.advance(t, id, proposal.Answered)
			w.do(t, id, w.Rate(proposal.NotSatisfied))
		}
		return id
	}
	w.advance(t, id, stage)
	return id
}

// returned asks the assembly to take the case back. The return window of the others is over: this one's is asked for in time.
func (w *world) returned(t testing.TB, id string, stage proposal.Stage) {
	t.Helper()
	now := w.now
	w.now = calendar.NewDate(2026, 3, 3).Start().Add(10 * time.Hour)
	defer func() { w.now = now }()
	w.do(t, id, w.Action(proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{
		Reason: "属市人社局职责", LegalDuty: "《社会保险法》第七条", Suggested: "市人社局",
	}))
	if stage == proposal.ReturnReview {
		return
	}
	w.do(t, id, w.Next(t, w.Store, id))
	if stage == proposal.Returned {
		w.do(t, id, w.Action(proposal.DecideReturn, proposal.Assembly, &proposal.ReturnVerdict{Granted: true, Text: "同意退回"}))
	}
}

// person makes somebody besides the bureau's one of each role.
func (w *world) person(t testing.TB, login string, p proposal.Person) proposal.PersonID {
	t.Helper()
	id, err := w.UpsertPerson(t.Context(), store.Person{Person: p, Login: login, Name: store.Name{ZH: login}, Active: true}, "")
	check(t, err)
	return id
}

func (w *world) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	check(t, w.sql.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused asserts that the error is a refusal with the code, and returns it.
func refused(t testing.TB, err error, code proposal.RefusalCode) *proposal.Refusal {
	t.Helper()
	var refusal *proposal.Refusal
	if !errors.As(err, &refusal) || refusal.Code != code {
		t.Fatalf("got %v, want the refusal %s", err, code)
	}
	return refusal
}

// violates asserts that Postgres refused by the named constraint or, for triggers, with the condition code.
func violates(t testing.TB, err error, constraint string) {
	t.Helper()
	var violation *pgconn.PgError
	if !errors.As(err, &violation) || violation.ConstraintName != constraint && violation.Code != constraint {
		t.Errorf("got %v, want a violation of %s", err, constraint)
	}
}

// by is the same action of somebody else.
func by(person proposal.PersonID, a proposal.Action) proposal.Action {
	a.By = person
	return a
}
