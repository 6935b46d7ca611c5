package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"github.com/jackc/pgx/v5"
)

// said runs a program and returns what it printed.
func said(t *testing.T, name string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, binary(name), args...).CombinedOutput()
	return string(out), err
}

// TestBackupIsCarriedOnElsewhere backs a system up while people work, restores it elsewhere, where the engine is empty, and carries its open cases on.
func TestBackupIsCarriedOnElsewhere(t *testing.T) {
	t.Parallel()
	here, p := filepath.Join(t.TempDir(), "data"), freePorts(t)
	run := up(t, here, p, "--no-demo")
	bureau := fixture.New(t, run.store(t))
	var cases []*traveller
	desk := run.cases(t, p)
	for i := range 8 {
		r := fixture.Registration(fmt.Sprintf("%04d", i+1), calendar.DateOf(time.Now()))
		c := &traveller{id: workflows.CaseID(r.RegisterKey)}
		cases = append(cases, c)
		if _, err := desk.Act(t.Context(), c.id, bureau.Register(r)); err != nil {
			t.Fatal(err)
		}
		for range i { // each stands at another step
			if _, err := desk.Act(t.Context(), c.id, bureau.Next(t, run.store(t), c.id)); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop := travel(t, bureau, run.store(t), desk, cases[4:])
	file := filepath.Join(t.TempDir(), "backup.zip")
	out, err := said(t, "banli-standalone", "backup", "--data", here, file)
	stop()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(out)
	if at, ok, err := run.store(t).LastBackup(t.Context()); err != nil || !ok || time.Since(at) > patience {
		t.Errorf("the system remembers a backup of %v, %v, %v", at, ok, err)
	}

	elsewhere, q := filepath.Join(t.TempDir(), "elsewhere"), freePorts(t)
	out, err = said(t, "banli-standalone", "restore", "--data", elsewhere, file)
	if err != nil || !strings.Contains(out, "every hash holds") {
		t.Fatalf("%v\n%s", err, out)
	}
	other := up(t, elsewhere, q, "--no-demo")
	record, engine := other.store(t), other.cases(t, q)
	open := 0
	for _, c := range cases {
		state := stateOf(t, record, c.id)
		if c.answered = state.Seq; state.Finished() {
			continue
		}
		open++
		for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
			if position, running, err := engine.Position(t.Context(), c.id); err == nil && running && position.Seq == state.Seq {
				break
			} else if time.Since(begun) > patience {
				t.Fatalf("%s is not taken up from its row: %+v, running %v, %v", c.id, position, running, err)
			}
		}
	}
	if open < 4 {
		t.Errorf("%d cases were open", open)
	}
	arrive(t, bureau, record, engine, cases)
	if report := other.banli(t, "", "verify"); !strings.Contains(report, "every hash holds") {
		t.Error(report)
	}
	for _, c := range cases[:4] { // what is done there is not done here
		if state := stateOf(t, run.store(t), c.id); state.Stage == proposal.Closed {
			t.Errorf("%s is closed where it was backed up", c.id)
		}
	}
}

// TestBackupOfOnesOwnPostgres moves a record from one database to another by the banli command, and is refused where it must be.
func TestBackupOfOnesOwnPostgres(t *testing.T) {
	t.Parallel()
	signed := filepath.Join(t.TempDir(), "heads")
	run := up(t, filepath.Join(t.TempDir(), "data"), freePorts(t), "--no-demo", "--heads", signed, "--heads-key", signed+".key")
	fixture.New(t, run.store(t))
	file := filepath.Join(t.TempDir(), "backup.zip")
	t.Log(run.banli(t, "", "backup", file))
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is open to others: %v, %v", info, err)
	}
	conn, err := pgx.Connect(t.Context(), run.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), `create database elsewhere`); err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(run.database)
	if err != nil {
		t.Fatal(err)
	}
	address.Path = "/elsewhere"
	if out, err := said(t, "banli", "restore", "--database-url", address.String(), file); err != nil || !strings.Contains(out, "every hash holds") {
		t.Errorf("%v\n%s", err, out)
	}
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) { // the worker signs the day's head at its start
		out, err := said(t, "banli", "verify", "--database-url", address.String(), "--heads", signed, "--heads-public-key", signed+".key.pub")
		if err == nil && strings.Contains(out, "signed heads: 1") {
			break
		} else if time.Since(begun) > patience {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for _, c := range []struct{ args, says string }{
		{"restore --database-url " + address.String() + " " + file, "the database is not empty"},
		{"backup --database-url " + run.database + " " + file, "is there already"},
		{"restore --database-url " + address.String() + " " + binary("banli"), "no backup of Banli"},
	} {
		if out, err := said(t, "banli", strings.Fields(c.args)...); err == nil || !strings.Contains(out, c.says) {
			t.Errorf("%s: %v\n%s\nwant %q", c.args, err, out, c.says)
		}
	}
}
