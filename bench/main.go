// Command bench measures what an action costs: the ten-action lifecycle of a proposal through workflows.Client.Act, on a
// Postgres that syncs and a Temporal server of its own, beside two floors that take turns with it. README.md tells how
// to read its output. It may import everything but the mains; nothing may import it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/standalone"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/worker"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
)

type config struct {
	proposals int     // per variant in the closed loop; the open loop carries half as many
	callers   int     // of the closed loop
	rate      float64 // of the open loop, actions per second
	indexed   bool    // the engine's list of workflows shows number, stage and due day of a case
	pages     int     // at so many open cases the pages are measured, and nothing else; 0: they are not
	finished  int     // beside so many finished ones
}

// patience is the longest that the benchmark runs, less what stopping takes.
const patience = 220 * time.Second

// pagesPatience is the same where the pages are measured, for which many cases are recorded first.
const pagesPatience = 60 * time.Minute

func main() {
	var c config
	flag.IntVar(&c.proposals, "proposals", 256, "proposals per variant in the closed loop; half as many in the open loop")
	flag.IntVar(&c.callers, "callers", 32, "callers of the closed loop")
	flag.Float64Var(&c.rate, "rate", 40, "actions per second of the open loop")
	flag.BoolVar(&c.indexed, "indexed", true, "have the engine's list of workflows show number, stage and due day of each case")
	flag.IntVar(&c.pages, "pages", 0, "measure the pages of who supervises at so many open cases, and nothing else")
	flag.IntVar(&c.finished, "finished", 0, "with -pages: beside so many finished cases; about 500 are copied a second, 14 GB a million")
	flag.Parse()
	if flag.NArg() > 0 || c.proposals < 2*rounds || c.callers < 1 || c.rate <= 0 {
		fmt.Fprintf(os.Stderr, "bench: at least %d proposals, one caller and a rate above 0, and no arguments\n", 2*rounds)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	limit := patience
	if c.pages > 0 {
		limit = pagesPatience
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("gave up after %s: this machine is too busy to measure anything", limit))
	err := run(ctx, c)
	if cause := context.Cause(ctx); cause != nil && err != nil {
		err = cause // not what happened to be under way
	}
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run brings everything up in a folder of its own, measures, prints, and leaves nothing behind.
func run(ctx context.Context, c config) (err error) {
	dir, err := os.MkdirTemp("", "banli-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	engine, err := standalone.Start(ctx, standalone.Config{DataDir: dir, SearchAttributes: workflows.SearchAttributes, Progress: say, Log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	if err := store.Migrate(ctx, engine.DatabaseURL()); err != nil {
		return err
	}
	record, err := store.Open(ctx, engine.DatabaseURL())
	if err != nil {
		return err
	}
	defer record.Close()
	if c.pages > 0 {
		return measurePages(ctx, record, engine.DatabaseURL(), c.pages, c.finished, log)
	}
	temporal, err := client.DialContext(ctx, client.Options{
		HostPort: engine.TemporalAddress(), Namespace: engine.Namespace(), Logger: temporallog.NewStructuredLogger(log),
		// As internal/app does on loopback.
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}},
	})
	if err != nil {
		return err
	}
	defer temporal.Close()
	cases := &activities.Cases{Ledger: record, Calendar: calendar.National, Packs: rulepack.BuiltIn(), Now: time.Now, Indexed: c.indexed}
	w := worker.New(temporal, cases)
	w.RegisterWorkflow(bareUpdate)
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()
	meter, err := newMeter(ctx, engine.DatabaseURL(), filepath.Join(dir, "pg"))
	if err != nil {
		return err
	}
	defer meter.close()

	b := &bench{record: record, temporal: temporal, meter: meter, variants: variants(record, temporal, cases)}
	if b.crews, err = hire(ctx, record); err != nil {
		return err
	}
	return b.measure(ctx, c)
}

func say(line string) { fmt.Fprintln(os.Stderr, line) }
