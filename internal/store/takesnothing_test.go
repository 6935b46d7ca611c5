package store_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
)

func causeOf(err error) proposal.Cause {
	refusal := (*proposal.Refusal)(nil)
	if !errors.As(err, &refusal) || refusal.Code != proposal.EngineUnavailable {
		return "none"
	}
	return refusal.Cause
}

// A database that takes nothing says why, and what was refused is done once when it takes it again.
func TestADatabaseThatTakesNothing(t *testing.T) {
	for cause, does := range map[proposal.Cause]func(t *testing.T, w *world) (undo func()){
		proposal.SchemaApart: func(t *testing.T, w *world) func() {
			w.exec(t, `alter table actions rename to actions_elsewhere`)
			return func() { w.exec(t, `alter table actions_elsewhere rename to actions`) }
		},
		proposal.ReadOnly: func(t *testing.T, w *world) func() {
			base := pgx.Identifier{w.sql.Config().Database}.Sanitize()
			w.exec(t, `alter database `+base+` set default_transaction_read_only = on`)
			w.exec(t, `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
			return func() {
				w.exec(t, `alter database `+base+` reset default_transaction_read_only`)
				w.exec(t, `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`)
			}
		},
		proposal.DiskFull: fullDisk,
	} {
		t.Run(string(cause), func(t *testing.T) {
			w := newWorld(t)
			id := w.register(t)
			a := w.Next(t, w.Store, id)
			other := w.register(t)
			waits := w.Next(t, w.Store, other)
			check(t, w.SaveAction(t.Context(), other, waits))
			undo := does(t, w)
			a.Input.(*proposal.RoutingOpinion).Opinion = strings.Repeat("拟", 500)
			err := w.SaveAction(t.Context(), id, a)
			for range 5 { // a connection that was cut is one that passes
				if causeOf(err) == "" {
					err = w.SaveAction(t.Context(), id, a)
				}
			}
			if got := causeOf(err); got != cause {
				t.Errorf("the cause is %q, want %q: %v", got, cause, err)
			}
			// What was saved before is no refusal, which the engine would keep for ever. The events do not lie on the disk that is full.
			if o, err := w.cases.Record(t.Context(), ledger.Command{CaseID: other, ActionID: waits.ID, Kind: waits.Kind}); o.Refusal != nil || err == nil && cause != proposal.DiskFull {
				t.Errorf("recorded: %+v, %v", o, err)
			}
			undo()
			for range 5 {
				if err = w.SaveAction(t.Context(), id, a); err == nil {
					break
				}
			}
			w.do(t, id, a)
			w.do(t, other, waits)
		})
	}
}

func (w *world) exec(t *testing.T, sql string) {
	t.Helper()
	_, err := w.sql.Exec(context.Background(), sql)
	check(t, err)
}

// fullDisk puts the table of the actions on a disk of one megabyte, and fills it.
func fullDisk(t *testing.T, w *world) (undo func()) {
	t.Helper()
	owner, err := user.Lookup("postgres")
	if os.Getuid() != 0 || err != nil {
		t.Skip("only root can make a small disk that Postgres writes to")
	}
	dir, err := os.MkdirTemp("", "banli-small-disk-")
	check(t, err)
	t.Cleanup(func() { os.Remove(dir) })
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m,mode=0700,uid="+owner.Uid+",gid="+owner.Gid, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no small disk can be made here: %s", out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%s", out)
		}
	})
	w.exec(t, `create tablespace small_disk location '`+dir+`'`)
	t.Cleanup(func() {
		w.exec(t, `alter table actions set tablespace pg_default`)
		w.exec(t, `drop table if exists filler`)
		w.exec(t, `drop tablespace small_disk`)
	})
	w.exec(t, `alter table actions set tablespace small_disk`)
	w.exec(t, `create table filler (t text) tablespace small_disk`)
	for err == nil {
		_, err = w.sql.Exec(t.Context(), `insert into filler select repeat(md5(g::text), 20) from generate_series(1, 10) g`)
	}
	// What is left of the last page of the actions is filled too.
	for n := 0; n < 200 && err != nil; n++ {
		_, taken := w.sql.Exec(t.Context(), `insert into actions select (jsonb_populate_record(a, jsonb_build_object('id', gen_random_uuid()))).* from actions a limit 1`)
		if taken != nil {
			break
		}
	}
	return func() { w.exec(t, `drop table filler`) }
}
