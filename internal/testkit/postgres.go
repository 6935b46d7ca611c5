// Package testkit gives tests a real Postgres: one server process per test
// binary, and for each test a database of its own, cloned from one that was
// migrated once. The engine for workflow tests is in testkit/engine, apart
// because it links the Temporal server; this package must never import it, nor
// anything of Banli but internal/standalone/postgres.
package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/banli/banli/internal/standalone/postgres"
)

// Main is for a package's TestMain: it runs the tests, stops what they started
// and removes its files. Without it Postgres still dies with the test binary,
// and the next run that needs one removes the files.
func Main(m interface{ Run() int }) {
	code := m.Run()
	if cluster.server != nil {
		_ = cluster.server.Stop(context.Background())
		os.RemoveAll(cluster.dir)
	}
	os.Exit(code)
}

// cluster is this test binary's Postgres.
var cluster struct {
	once   sync.Once
	dir    string
	lock   *os.File // held as long as this process lives: see sweep
	server *postgres.Server
	err    error
}

// Postgres is the server that all tests of this binary share. It is as fast as
// it gets and survives no power cut.
func Postgres(t testing.TB) *postgres.Server {
	t.Helper()
	cluster.once.Do(startCluster)
	if cluster.err != nil {
		t.Fatalf("no Postgres for the tests: %v", cluster.err)
	}
	return cluster.server
}

const dirPattern = "banli-test-"

func startCluster() {
	sweep()
	if cluster.dir, cluster.err = os.MkdirTemp("", dirPattern); cluster.err != nil {
		return
	}
	if cluster.lock, cluster.err = tryLock(cluster.dir); cluster.err != nil {
		return
	}
	cluster.server, cluster.err = postgres.Start(context.Background(), postgres.Config{
		Dir: filepath.Join(cluster.dir, "pg"), Volatile: true,
		Progress: func(line string) { fmt.Fprintln(os.Stderr, "testkit:", line) },
	})
}

// sweep removes the folders of test binaries that ended without Main, or were killed.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), dirPattern+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || time.Since(info.ModTime()) < time.Minute {
			continue // made a moment ago by a binary that has yet to lock it
		}
		lock, err := tryLock(dir)
		if err != nil {
			continue // in use, or another user's
		}
		os.RemoveAll(dir)
		lock.Close()
	}
}

// tryLock takes the folder's lock, which the kernel lets go when the process ends.
func tryLock(dir string) (*os.File, error) {
	lock, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

// template is the migrated database that Database clones.
var template struct {
	once sync.Once
	err  error
}

const templateName = "template_banli"

var databases atomic.Int64

// Database makes a database for this test and returns how pgx reaches it. The
// first call runs migrate (store.Migrate, as a rule), every call clones the
// result; so all tests of a package pass the same function. The database is
// dropped when the test ends, connections or not.
func Database(t testing.TB, migrate func(ctx context.Context, dsn string) error) string {
	t.Helper()
	server := Postgres(t)
	template.once.Do(func() { template.err = makeTemplate(context.Background(), server, migrate) })
	if template.err != nil {
		t.Fatalf("migrate the tests' database: %v", template.err)
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := server.Exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+templateName); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return server.DSN(name)
}

func makeTemplate(ctx context.Context, server *postgres.Server, migrate func(context.Context, string) error) error {
	if err := server.EnsureDatabase(ctx, templateName, nil); err != nil {
		return err
	}
	if err := migrate(ctx, server.DSN(templateName)); err != nil {
		return err
	}
	// A template can only be cloned while nobody is connected, and a pool that
	// migrate has just closed may not be gone yet.
	for _, statement := range []string{
		"ALTER DATABASE " + templateName + " ALLOW_CONNECTIONS false",
		"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" + templateName + "'",
	} {
		if err := server.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
