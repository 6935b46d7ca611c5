// Package standalone is everything that Banli otherwise expects from its
// surroundings, kept in one folder: a Postgres cluster as a child process, and
// the Temporal server with its Web UI in this process, on the same cluster.
//
// It links the whole Temporal server, so only cmd/banli-standalone imports it.
// It knows nothing of Banli's own tables, workflows and pages.
package standalone

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	enumspb "go.temporal.io/api/enums/v1"

	"github.com/banli/banli/internal/standalone/postgres"
	"github.com/banli/banli/internal/standalone/temporal"
)

const (
	// Namespace is the Temporal namespace of Banli's workflows.
	Namespace = "banli"
	// retention is how long the engine shows closed workflows. The record itself
	// is in Postgres and stays.
	retention = 90 * 24 * time.Hour

	applicationDatabase = "banli"
)

// Config says where the data is and where the engine listens.
type Config struct {
	// DataDir holds everything that is kept. It is made when it does not exist.
	DataDir string
	// TemporalPort is on 127.0.0.1. 0: any free port.
	TemporalPort int
	// UIPath is the address under which the Web UI will be served.
	UIPath string
	// Codec is the address at which the Web UI has payloads decoded. Empty: they are not encrypted.
	Codec string
	// SearchAttributes are by what workflows are found in the engine.
	SearchAttributes map[string]enumspb.IndexedValueType
	// Progress hears, in one plain line each, what is going on. nil: nobody listens.
	Progress func(string)
	// Log hears the engine's warnings and errors. nil: slog.Default().
	Log *slog.Logger
}

func (c Config) say(line string) {
	if c.Progress != nil {
		c.Progress(line)
	}
}

// Instance is what Start started.
type Instance struct {
	lock     *lock
	postgres *postgres.Server
	temporal *temporal.Server
	close    sync.Once
	closeErr error
}

// Start takes the data folder for this process and brings up Postgres with
// Banli's database (empty at first) and Temporal with its Web UI. Whatever fails, the error is one
// line that a user can act on, and nothing is left running.
func Start(ctx context.Context, cfg Config) (instance *Instance, err error) {
	i, err := StartDatabase(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = i.Close()
		}
	}()
	cfg.say("Starting the Temporal engine …")
	i.temporal, err = temporal.Start(ctx, temporal.Config{
		Postgres: i.postgres, Port: cfg.TemporalPort, UIPath: cfg.UIPath, Codec: cfg.Codec, SearchAttributes: cfg.SearchAttributes,
		Namespace: Namespace, Retention: retention, Log: cfg.Log,
	})
	if err != nil {
		return nil, err
	}
	return i, nil
}

// StartDatabase is Start without the engine, for what works on the record alone.
func StartDatabase(ctx context.Context, cfg Config) (instance *Instance, err error) {
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	i := &Instance{}
	defer func() {
		if err != nil {
			_ = i.Close()
		}
	}()
	if i.lock, err = acquire(cfg.DataDir); err != nil {
		return nil, err
	}
	cfg.say("Starting Postgres …")
	i.postgres, err = postgres.Start(ctx, postgres.Config{
		Dir: filepath.Join(cfg.DataDir, "pg"), Progress: cfg.say,
	})
	if err != nil {
		return nil, err
	}
	if err := i.postgres.EnsureDatabase(ctx, applicationDatabase, nil); err != nil {
		return nil, err
	}
	if err := i.postgres.EnsureProgramRole(ctx); err != nil {
		return nil, err
	}
	i.lock.holder.Database = i.DatabaseURL()
	if err := i.lock.describe(nil); err != nil {
		return nil, err
	}
	return i, nil
}

// Announce records the addresses of this instance: a second start on the same
// data folder names them to its user.
func (i *Instance) Announce(addresses ...string) error { return i.lock.describe(addresses) }

// ProgramURL is how the program reaches it, as ProgramRole.
func (i *Instance) ProgramURL() string { return i.postgres.ProgramDSN(applicationDatabase) }

// ProgramRole is the role of the program in the database. It owns nothing.
const ProgramRole = postgres.ProgramRole

// DatabaseURL is how pgx reaches Banli's own database, as its owner.
func (i *Instance) DatabaseURL() string { return i.postgres.DSN(applicationDatabase) }

// TemporalAddress is the host:port of the Temporal frontend.
func (i *Instance) TemporalAddress() string { return i.temporal.Address() }

// UI is the Temporal Web UI, for requests under Config.UIPath that somebody has looked at.
func (i *Instance) UI() http.Handler { return i.temporal.UI() }

// Namespace is the Temporal namespace of Banli's workflows.
func (i *Instance) Namespace() string { return Namespace }

// Lost is closed when Postgres has ended and does not come up again. Before
// Close that is a failure after which the program can only stop.
func (i *Instance) Lost() <-chan struct{} { return i.postgres.Ended() }

// Close stops the engine, then Postgres, and lets the data folder go. Stop
// workers, clients and pools before. Closing twice is harmless.
func (i *Instance) Close() error {
	i.close.Do(func() {
		if i.temporal != nil {
			i.temporal.Stop()
		}
		if i.postgres != nil {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			i.closeErr = i.postgres.Stop(ctx)
		}
		if i.lock != nil {
			i.lock.release()
		}
	})
	return i.closeErr
}
