package store_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// oldCase is a case as the program before the whole procedure left it.
type oldCase struct {
	id        string
	stage     string
	published bool
	closedOn  string
}

// A record from before the whole procedure goes on under it: nothing that happened is touched, a reply that waits for its
// publication now waits for the deputy too, and what was closed stays closed.
func TestMigrateOldCases(t *testing.T) {
	server := testkit.Postgres(t)
	check(t, server.Exec(t.Context(), "create database migrate_old"))
	dsn := server.DSN("migrate_old")
	sql := oldDatabase(t, dsn)
	waiting := oldCase{id: newID(), stage: "publication"}
	filing := oldCase{id: newID(), stage: "closure", published: true}
	closed := oldCase{id: newID(), stage: "closed", published: true, closedOn: "2026-04-10"}
	drafting := oldCase{id: newID(), stage: "drafting"}
	liaison, publisher, handler := newID(), newID(), newID()
	for id, role := range map[string]string{liaison: "liaison", publisher: "publisher", handler: "handler"} {
		_, err := sql.Exec(t.Context(), `insert into people (id, login, name, roles, division) values ($1, $2::text, $2::text, array[$2::text], 'jiceng')`, id, role)
		check(t, err)
	}
	for i, c := range []oldCase{waiting, filing, closed, drafting} {
		insertOld(t, sql, c, i+1, liaison, handler)
	}
	_, err := sql.Exec(t.Context(), `insert into api_tokens (id, sha256, person, name, created_at, expires_at)
		values (gen_random_uuid(), sha256('secret'), $1, '报表', now(), now() + interval '1 day')`, liaison) // nothing told of tokens then
	check(t, err)
	sql.Close(t.Context())
	check(t, store.Migrate(t.Context(), dsn))

	s, err := store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(s.Close)
	now := time.Date(2026, 4, 20, 2, 30, 0, 0, time.UTC)
	s.Now = func() time.Time { return now }
	w := &world{Store: s, now: now, cases: &activities.Cases{Ledger: s, Calendar: calendar.National, Packs: builtIn{}, Now: s.Now}}
	check(t, s.SaveBureau(t.Context(), "", fixture.Body))
	w.Bureau = fixture.Bureau{
		proposal.Liaison:   {Person: proposal.Person{ID: proposal.PersonID(liaison)}},
		proposal.Publisher: {Person: proposal.Person{ID: proposal.PersonID(publisher)}},
	}
	report, err := s.VerifyChain(t.Context(), nil)
	if err != nil || len(report.Breaks) > 0 || report.Events != 4 {
		t.Errorf("chain: %+v, %v", report, err)
	}
	if changes, broken, err := s.VerifyStaffChain(t.Context()); err != nil || broken > 0 || changes < 3 {
		t.Errorf("%d changes of the bureau, broken at %d, %v", changes, broken, err)
	}
	breaks, err := s.VerifyRows(t.Context())
	check(t, err)
	for _, b := range breaks {
		if b.CaseID == "" {
			t.Errorf("after an upgrade: %+v", b)
		}
	}

	c := w.read(t, waiting.id)
	st := c.State
	if c.Stage != proposal.Answered || st.Seq != 1 || st.Round != 1 || st.Body != assembly.NPC || st.Level != assembly.CityLevel || st.Handling != proposal.SoleHandling ||
		!st.Intersession || st.ClockOf(proposal.PublicationClock, "1") == nil || c.DueClock != proposal.PublicationClock {
		t.Errorf("waiting: %+v", st)
	}
	if p, f := st.Strand(proposal.PublicationStrand, "1"), st.Strand(proposal.FeedbackStrand, "1"); p == nil || p.Status != proposal.StrandUnpublished || f == nil || f.Status != proposal.StrandAsked {
		t.Errorf("strands %+v", st.Strands)
	}
	if c.Task == nil || c.Task.Ask != proposal.AskToPublish || c.Task.Ref != "1" {
		t.Errorf("task %+v", c.Task)
	}
	w.do(t, waiting.id, w.Next(t, s, waiting.id)) // published
	w.do(t, waiting.id, w.Action(proposal.NoteSilence, proposal.Liaison, &proposal.SilenceNote{}))
	w.do(t, waiting.id, w.Next(t, s, waiting.id)) // closed
	if c = w.read(t, waiting.id); c.Stage != proposal.Closed || !c.Published || c.Task != nil {
		t.Errorf("at the end: %s, published %v, task %+v", c.Stage, c.Published, c.Task)
	}

	for _, old := range []oldCase{filing, closed} {
		c := w.read(t, old.id)
		if f := c.State.Strand(proposal.FeedbackStrand, "1"); f != nil || !c.Published {
			t.Errorf("%s: feedback %+v, published %v", old.stage, f, c.Published)
		}
		w.do(t, old.id, w.Action(proposal.TakeDown, proposal.Publisher, &proposal.Takedown{Reason: "含个人信息。"}))
	}
	w.do(t, filing.id, w.Next(t, s, filing.id))
	c = w.read(t, drafting.id)
	if c.Stage != proposal.Drafting || len(c.State.Strands) != 0 || c.State.Round != 1 || c.Task.Ask != proposal.AskOf(proposal.Drafting) {
		t.Errorf("drafting: %+v, task %+v", c.State, c.Task)
	}
	if want := (proposal.Described{Particulars: proposal.Particulars{Delegation: "和平代表团"}}); c.Described != want {
		t.Errorf("registered with %+v, want %+v", c.Described, want)
	}
	open, err := s.OpenPositions(t.Context(), "", 10)
	if err != nil || len(open) != 1 || open[0].CaseID != drafting.id {
		t.Errorf("open: %+v, %v", open, err)
	}
}

// Leaders in charge were called deputy_head: people and tasks get the new word, and lie in the same pool; the record keeps its hashes.
func TestMigrateLeaderInCharge(t *testing.T) {
	server := testkit.Postgres(t)
	check(t, server.Exec(t.Context(), "create database migrate_leader"))
	dsn := server.DSN("migrate_leader")
	sql := oldDatabase(t, dsn)
	liaison, leader := newID(), newID()
	for id, roles := range map[string][]string{liaison: {"liaison"}, leader: {"supervisor", "deputy_head"}} {
		_, err := sql.Exec(t.Context(), `insert into people (id, login, name, roles, field) values ($1, $2, $2, $3, '{jiceng}')`, id, roles[0], roles)
		check(t, err)
	}
	c := oldCase{id: newID(), stage: "drafting"}
	insertOld(t, sql, c, 1, liaison, liaison)
	_, err := sql.Exec(t.Context(), `update tasks set role = 'deputy_head', person = null`)
	check(t, err)
	check(t, store.Migrate(t.Context(), dsn))

	s, err := store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(s.Close)
	p, err := s.Person(t.Context(), proposal.PersonID(leader))
	if err != nil || !slices.Equal(p.Roles, []proposal.Role{proposal.Supervisor, proposal.LeaderInCharge}) {
		t.Errorf("the leader has the roles %v, %v", p.Roles, err)
	}
	var role, pool string
	check(t, sql.QueryRow(t.Context(), `select role, pool from tasks`).Scan(&role, &pool))
	sql.Close(t.Context())
	if role != string(proposal.LeaderInCharge) || pool != "jiceng" {
		t.Errorf("the task is for %s of %q", role, pool)
	}
	if report, err := s.VerifyChain(t.Context(), nil); err != nil || len(report.Breaks) > 0 || report.Events != 1 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// oldDatabase is at the version before the whole procedure.
func oldDatabase(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	check(t, err)
	db := stdlib.OpenDB(*config)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, os.DirFS("migrations"), goose.WithDisableGlobalRegistry(true))
	check(t, err)
	_, err = provider.UpTo(t.Context(), 4)
	check(t, err)
	sql, err := pgx.Connect(t.Context(), dsn)
	check(t, err)
	_, err = sql.Exec(t.Context(), `insert into divisions (code, name) values ('jiceng', '基层处')`)
	check(t, err)
	_, err = sql.Exec(t.Context(), `insert into number_series values ('沈民函', 2026, 0)`)
	check(t, err)
	return sql
}

// insertOld puts in a case with one event, a signed draft, its number and, if it is public, its page.
func insertOld(t *testing.T, sql *pgx.Conn, c oldCase, n int, liaison, handler string) {
	t.Helper()
	draft := fixture.Draft(1)
	day := calendar.NewDate(2026, 4, 8)
	state := map[string]any{
		"stage": c.stage, "seq": 1, "pack": "shenyang-1", "assigned_on": "2026-03-02", "lead": "jiceng", "handler": handler,
		"last": map[string]any{"seq": 1, "kind": "dispatch", "by": liaison, "at": "2026-04-08T02:00:00Z"},
	}
	due, dueClock := any("infinity"), any(nil)
	if c.stage == "drafting" {
		due, dueClock = "2026-06-02", "reply"
		state["clocks"] = []any{map[string]any{"kind": "reply", "rule": "reply", "span": calendar.National().AddMonths(calendar.NewDate(2026, 3, 2), 3)}}
	} else {
		state["draft"], state["draft_sha256"], state["drafter"], state["openness"] = 1, draft.SHA256(), handler, "open"
		state["signed_on"], state["dispatched_on"] = day, day
		state["number"] = proposal.DocumentNumber{Series: "沈民函", Year: 2026, Serial: n}
		state["clocks"] = []any{map[string]any{"kind": "publication", "rule": "publication", "span": calendar.National().AddWorkdays(day, 20)}}
	}
	if c.published {
		state["published_on"] = day
		state["clocks"].([]any)[0].(map[string]any)["met"] = day
	}
	if c.closedOn != "" {
		state["closed_on"] = c.closedOn
	}
	if c.stage == "publication" {
		due, dueClock = calendar.National().AddWorkdays(day, 20).End, "publication"
	}
	encoded, err := json.Marshal(state)
	check(t, err)
	e := proposal.Event{CaseID: c.id, No: 1, ActionID: uuid.NewString(), Kind: "register", By: proposal.PersonID(liaison), At: day.Start(), To: "registered", Input: json.RawMessage(`{}`)}
	hash := e.Hash("")
	for _, statement := range []struct {
		text string
		args []any
	}{
		{
			`insert into cases (id, body, level, term, session, intersession, number, subject, lead_deputy, delegation, source_id, original_text, handling_type, assigned_on,
				registered_at, state, stage, seq, lead_division, handler, reply_due, due, due_clock, last_by, last_at, last_kind, closed_on, event_count, head)
			values ($1, 'npc', 'city', 16, 3, true, $2, '社工待遇', '倪琛善', '和平代表团', '', '原文', 'alone', '2026-03-02', '2026-03-02', $3, $4, 1, 'jiceng', $5,
				'2026-06-02', $6, $7, $8, '2026-04-08', 'dispatch', $9, 1, $10)`,
			[]any{c.id, string(rune('0' + n)), encoded, c.stage, handler, due, dueClock, liaison, nilIfEmpty(c.closedOn), hash},
		},
		{`insert into events values ($1, 1, $2, 'register', $3, $4, null, '', 'registered', '{}', '{}', $5)`, []any{c.id, e.ActionID, liaison, e.At, hash}},
		{
			`insert into drafts values ($1, 1, $2, $3, $4, $5, $6, '[]', 'open', '', '', $7, $8, '2026-04-01')`,
			[]any{c.id, draft.Body, draft.ContactName, draft.ContactPhone, draft.Answers, draft.Class, draft.SHA256(), handler},
		},
	} {
		_, err := sql.Exec(t.Context(), statement.text, statement.args...)
		check(t, err)
	}
	if c.stage != "closed" {
		_, err = sql.Exec(t.Context(), `insert into tasks (case_id, stage, role, division, person, due, opened_at) values ($1, $2, $3, $4, $5, $6, '2026-04-08')`,
			c.id, c.stage, map[string]string{"publication": "publisher", "closure": "liaison", "drafting": "handler"}[c.stage],
			map[string]any{"drafting": "jiceng"}[c.stage], map[string]any{"drafting": handler}[c.stage], due)
		check(t, err)
	}
	if c.published {
		_, err = sql.Exec(t.Context(), `insert into publications values ($1, 1, $2, 'title', 'subject', 'session', 'number', 'noun', 'document', 'deputy', '{}', 'body',
			'agency', 'division', 'name', 'phone', '2026-04-08', '2026-04-08', '2026-04-08')`, c.id, draft.SHA256())
		check(t, err)
	}
}

func nilIfEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}
