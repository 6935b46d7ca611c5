// Package engine gives tests a real Temporal server: one per test binary, in the
// test's own process, on testkit's Postgres. It is apart from testkit because
// it links the whole server.
package engine

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/standalone/temporal"
	"github.com/banli/banli/internal/testkit"
	"github.com/banli/banli/workflows"
)

// Namespace is the one namespace of the engine. Tests that share it keep apart
// by workflow ids and task queues.
const Namespace = "banli"

var (
	once   sync.Once
	server *temporal.Server
	failed error
)

// Address starts the engine at the first call and returns the host:port of its
// frontend. The engine runs until the test binary ends.
func Address(t testing.TB) string {
	t.Helper()
	postgres := testkit.Postgres(t)
	once.Do(func() {
		server, failed = temporal.Start(context.Background(), temporal.Config{
			Postgres:  postgres,
			Namespace: Namespace, Retention: 24 * time.Hour,
			UIPath: "/engine", SearchAttributes: workflows.SearchAttributes,
			Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		})
	})
	if failed != nil {
		t.Fatalf("no Temporal for the tests: %v", failed)
	}
	return server.Address()
}

// UI is the engine's Web UI, for requests under /engine.
func UI(t testing.TB) http.Handler {
	t.Helper()
	Address(t)
	return server.UI()
}

// Main is for a package's TestMain, in place of testkit.Main: it runs the
// tests, stops the engine, and then does what testkit.Main does.
func Main(m *testing.M) {
	testkit.Main(stopAfter{m})
}

type stopAfter struct{ m *testing.M }

func (s stopAfter) Run() int {
	code := s.m.Run()
	if server != nil {
		server.Stop()
	}
	return code
}
