package app_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
)

// A worker signs a head of the record on the first look of each day, and the record is held against it.
func TestTheDaysHeadIsSigned(t *testing.T) {
	database, _ := fixture.Database(t)
	folder := t.TempDir()
	files := app.Heads{File: filepath.Join(folder, "heads"), Key: filepath.Join(folder, "heads.key")}
	program, err := app.New(t.Context(), app.Config{
		Database: app.Database{URL: database}, Temporal: app.Temporal{Address: engine.Address(t), Namespace: engine.Namespace},
		Heads: files, Work: true, Log: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	defer program.Close()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- program.Run(ctx) }()
	for begun := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(files.File); err == nil && strings.HasSuffix(string(data), "\n") {
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("no head is signed")
		}
	}
	stop()
	must(t, <-ended)
	var said strings.Builder
	must(t, app.VerifyHeads(t.Context(), database, files.File, files.Key+".pub", &said))
	if !strings.HasPrefix(said.String(), "signed heads: 1, the last of ") {
		t.Error(said.String())
	}
}
