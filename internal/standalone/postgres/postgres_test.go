package postgres_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/banli/banli/internal/standalone/postgres"
)

// holdDir tells a copy of this test binary to start the cluster there and to
// hold it until it is killed.
const holdDir = "BANLI_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdDir); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

func hold(dir string) {
	if _, err := postgres.Start(context.Background(), postgres.Config{Dir: dir, Volatile: true}); err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println("started")
	select {}
}

func start(t *testing.T, dir string) *postgres.Server {
	t.Helper()
	server, err := postgres.Start(t.Context(), postgres.Config{Dir: dir, Volatile: true, Progress: func(line string) { t.Log(line) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return server
}

func query[T any](t *testing.T, server *postgres.Server, sql string) (value T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), server.DSN("banli"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if err := conn.QueryRow(t.Context(), sql).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// serverOf is the process that works in dir, which Postgres writes into the first line of its pid file.
func serverOf(t *testing.T, dir string) (pid int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(text), &pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

// alive is false for a zombie too: nobody may be there to reap an orphan.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

func TestStartKeepsDataAndStopLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pg")
	server := start(t, dir)
	for range 2 { // the second time it exists
		if err := server.EnsureDatabase(t.Context(), "banli", nil); err != nil {
			t.Fatal(err)
		}
	}
	if got := query[int](t, server, `WITH made AS (SELECT 1) SELECT length('建议') FROM made`); got != 2 {
		t.Errorf("length('建议') = %d, want 2: the encoding is not UTF-8", got)
	}
	if got := query[string](t, server, `SHOW listen_addresses`); got != "" {
		t.Errorf("listens on %q, want no TCP at all", got)
	}
	if got := query[string](t, server, `SELECT datctype FROM pg_database WHERE datname = current_database()`); got != "C.UTF-8" {
		t.Errorf("ctype %q, want C.UTF-8", got)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the cluster's folder has mode %v (%v), want 0700", info.Mode().Perm(), err)
	}
	if info, err := os.Stat(server.Socket()); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder has mode %v (%v), want 0700", info.Mode().Perm(), err)
	}
	pid, socket := serverOf(t, dir), server.Socket()
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if alive(pid) {
		t.Errorf("process %d is still there", pid)
	}
	if _, err := os.Stat(socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the socket's folder is still there: %v", err)
	}

	again := start(t, dir)
	if got := query[string](t, again, `SELECT current_database()::text`); got != "banli" {
		t.Errorf("after a restart: database %q, want banli", got)
	}
}

func TestADatabaseIsThereOnlyWhenItIsFilled(t *testing.T) {
	server := start(t, filepath.Join(t.TempDir(), "pg"))
	interrupted := errors.New("interrupted")
	calls := 0
	for _, outcome := range []error{interrupted, interrupted, nil, errors.New("called for a database that exists")} {
		err := server.EnsureDatabase(t.Context(), "banli", func(unfinished string) error {
			calls++
			conn, err := pgx.Connect(t.Context(), server.DSN(unfinished))
			if err != nil {
				return err
			}
			defer conn.Close(t.Context())
			if _, err := conn.Exec(t.Context(), `CREATE TABLE filled AS SELECT 3`); err != nil {
				return err
			}
			return outcome
		})
		if calls < 3 && !errors.Is(err, interrupted) || calls == 3 && err != nil {
			t.Fatalf("call %d: error %v", calls, err)
		}
	}
	if calls != 3 {
		t.Errorf("filled %d times, want 3", calls)
	}
	query[int](t, server, `SELECT * FROM filled`)
}

// killHolder starts a holder of dir, lets use work on it, and kills the holder
// with signal 9. It returns the pid of the holder's Postgres.
func killHolder(t *testing.T, dir string) int {
	t.Helper()
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holdDir+"="+dir)
	output, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(output).ReadString('\n'); line != "started\n" {
		t.Fatalf("the holder said %q", line)
	}
	pid := serverOf(t, dir)
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	return pid
}

func TestPostgresDiesWithItsParentAndStartsAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pg")
	orphan := killHolder(t, dir)
	start(t, dir) // at once, with the orphan perhaps still writing
	if alive(orphan) {
		t.Errorf("process %d outlived its parent and the start of its successor", orphan)
	}
}

// A server process that somebody kills is started again where it was; one that is killed again and again is given up.
func TestPostgresIsStartedAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pg")
	server := start(t, dir)
	if err := server.EnsureDatabase(t.Context(), "banli", nil); err != nil {
		t.Fatal(err)
	}
	for kill := range 3 {
		killed := serverOf(t, dir)
		if err := syscall.Kill(killed, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if kill == 2 {
			break
		}
		for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
			conn, err := pgx.Connect(t.Context(), server.DSN("banli"))
			if err == nil {
				conn.Close(t.Context())
				break
			}
			if time.Since(begun) > time.Minute {
				t.Fatalf("Postgres is not back: %v", err)
			}
		}
		select {
		case <-server.Ended():
			t.Fatal("it counts as ended and answers")
		default:
		}
		if serverOf(t, dir) == killed {
			t.Error("the process that was killed answers")
		}
	}
	select {
	case <-server.Ended():
	case <-time.After(time.Minute):
		t.Error("a third kill within a minute is not the end")
	}
	again := start(t, dir)
	query[int](t, again, `SELECT 1`)
}

func TestStalePIDFileOfAnUnrelatedProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pg")
	server := start(t, dir)
	pidFile := filepath.Join(dir, "postmaster.pid")
	text, err := os.ReadFile(pidFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n")
	if err := os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n%s", os.Getpid(), rest), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestInterruptedCreationIsDoneAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pg")
	if err := os.MkdirAll(filepath.Join(dir+".new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		file string // that lies in the folder
		text string
		want string
	}{
		"another major version": {"PG_VERSION", "9\n", "was written by Postgres 9"},
		"an unreadable version": {"PG_VERSION", "nine\n", "which Banli cannot read"},
		"somebody else's files": {"letter.docx", "", "is not empty and holds no Postgres cluster"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "pg")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			refuses(t, dir, c.want)
		})
	}
}

func TestABrokenClusterIsReportedInPostgresOwnWords(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pg")
	if err := start(t, dir).Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "postgresql.conf")); err != nil {
		t.Fatal(err)
	}
	refuses(t, dir, "starting Postgres failed: ")
}

// refuses expects Start to fail with one line that contains want.
func refuses(t *testing.T, dir, want string) {
	t.Helper()
	_, err := postgres.Start(t.Context(), postgres.Config{Dir: dir, Volatile: true})
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("error %v, want one that says %q", err, want)
	}
	t.Log(err)
	if strings.Contains(err.Error(), "\n") {
		t.Errorf("the error has more than one line: %q", err)
	}
}

func TestStartIsInterruptible(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := postgres.Start(ctx, postgres.Config{Dir: filepath.Join(t.TempDir(), "pg"), Volatile: true})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the context's", err)
	}
}
