package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// The tests of this package work as a role that owns nothing. What it may not do, Postgres refuses before any trigger is asked.
func TestTheProgramOwnsNothing(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	w.at(t, proposal.Drafting)
	conn, err := pgx.Connect(ctx, fixture.AsProgram(w.sql.Config().ConnString()))
	check(t, err)
	defer conn.Close(context.WithoutCancel(ctx))
	var added []string
	check(t, w.sql.QueryRow(ctx, `
		select array_agg(distinct tgrelid::regclass::text) from pg_trigger where tgfoid = 'refuse_change'::regproc and tgtype & 16 > 0`).Scan(&added))
	if len(added) < 15 {
		t.Fatalf("only %v are added to", added)
	}
	statements := []string{
		`set session_replication_role = replica`, `drop trigger events_append_only on events`, `alter table events disable trigger all`, `truncate events cascade`,
		`create table mine (id int)`, `alter role banli_program superuser`, `insert into goose_db_version (version_id, is_applied) values (999, true)`,
		`create or replace function refuse_change() returns trigger language plpgsql as 'begin return new; end'`,
	}
	for _, table := range added {
		statements = append(statements, `delete from `+table, `alter table `+table+` owner to banli_program`)
	}
	for _, statement := range append(statements, `update events set input = '{}'`, `update drafts set body = ''`, `update staff_events set now = '{}'`) {
		_, err := conn.Exec(ctx, statement)
		if refused := (*pgconn.PgError)(nil); !errors.As(err, &refused) || refused.Code != "42501" {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if err := store.Grant(ctx, w.sql.Config().ConnString(), "nobody_there"); err == nil {
		t.Error("a role that is not there is let in")
	}
	owner := testkit.Postgres(t).User()
	if err := store.Grant(ctx, w.sql.Config().ConnString(), owner); err == nil || !strings.Contains(err.Error(), "every right of the owner") {
		t.Errorf("the owner as the program: %v", err)
	}
}
