package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/demo"
	"github.com/banli/banli/internal/standalone"
	"github.com/banli/banli/internal/store"
	"golang.org/x/sync/errgroup"
)

type upCommand struct {
	Data          string `group:"place" env:"BANLI_DATA" default:"data" type:"path" help:"Folder of the database and everything else that is kept."`
	Listen        string `group:"web" env:"BANLI_LISTEN" default:"127.0.0.1:8080" help:"host:port of the web server."`
	TemporalPort  int    `group:"place" env:"BANLI_TEMPORAL_PORT" default:"7233" help:"Port of the Temporal frontend on 127.0.0.1."`
	Demo          bool   `group:"demo" env:"BANLI_DEMO" default:"true" negatable:"" help:"Load the demonstration bureau."`
	DemoForAll    bool   `group:"demo" env:"BANLI_DEMO_FOR_ALL" help:"Load it although others can reach the address: everybody knows its passwords."`
	SecureCookies bool   `group:"web" env:"BANLI_SECURE_COOKIES" help:"Send cookies over TLS only; set it behind a TLS proxy. Implied by --tls-cert."`

	TLS       app.TLS        `embed:"" group:"web"`
	Sessions  app.Sessions   `embed:"" group:"sessions"`
	Secrets   app.Secrets    `embed:"" group:"secrets"`
	Engine    app.EngineKeys `embed:"" group:"secrets"`
	Provider  app.Provider   `embed:"" group:"provider"`
	Mail      app.Mail       `embed:"" group:"mail"`
	Push      app.Push       `embed:"" group:"push"`
	Seal      app.Seal       `embed:"" group:"seal"`
	Heads     app.Heads      `embed:"" group:"heads"`
	Retention app.Retention  `embed:"" group:"retention"`
}

// Validate refuses to open accounts whose password stands in the documentation to a whole network.
func (c *upCommand) Validate() error {
	if !c.Demo || c.DemoForAll {
		return nil
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil // who listens says what is wrong with it
	}
	if addr, err := netip.ParseAddr(host); host == "localhost" || err == nil && addr.IsLoopback() {
		return nil
	}
	return fmt.Errorf("others can reach %s, and everybody knows the passwords of the demonstration: say --no-demo, or --demo-for-all", c.Listen)
}

// Run starts everything, in the order in which one thing needs another, and stops it in reverse.
func (c *upCommand) Run(ctx context.Context) (err error) {
	begun := time.Now()
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	codec := ""
	if c.Engine.File != "" {
		codec = app.CodecPath
	}
	engine, err := standalone.Start(ctx, standalone.Config{
		DataDir: c.Data, TemporalPort: c.TemporalPort, UIPath: app.EnginePath, Codec: codec, SearchAttributes: app.SearchAttributes, Progress: say, Log: log,
	})
	if err != nil {
		return err
	}
	defer func() {
		say("Stopping …")
		err = errors.Join(err, engine.Close())
	}()
	if err := store.Migrate(ctx, engine.DatabaseURL()); err != nil {
		return fmt.Errorf("bring the database schema up to date: %w", err)
	}
	if err := store.Grant(ctx, engine.DatabaseURL(), standalone.ProgramRole); err != nil {
		return fmt.Errorf("let the program work with the database: %w", err)
	}
	program, err := app.New(ctx, app.Config{
		Database:  app.Database{URL: engine.ProgramURL()},
		Temporal:  app.Temporal{Address: engine.TemporalAddress(), Namespace: engine.Namespace()},
		Web:       app.Web{Listen: c.Listen, SecureCookies: c.SecureCookies, TLS: c.TLS},
		Sessions:  c.Sessions,
		Secrets:   app.Secrets{Keys: cmp.Or(c.Secrets.Keys, filepath.Join(c.Data, "secrets.key"))},
		Engine:    c.Engine,
		Provider:  c.Provider,
		EngineUI:  engine.UI(),
		Mail:      c.Mail,
		Push:      c.Push,
		Seal:      c.Seal,
		Heads:     c.Heads,
		Retention: c.Retention,
		Serve:     true, Work: true,
		Log: log,
	})
	if err != nil {
		return err
	}
	defer program.Close()
	if err := engine.Announce(program.Site() + "/"); err != nil {
		return err
	}

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return program.Run(ctx) })
	group.Go(func() error {
		select {
		case <-engine.Lost():
			return errors.New("the database has ended: see the log beside its folder, then start again")
		case <-ctx.Done():
			return nil
		}
	})
	group.Go(func() error {
		setup, until := "", time.Time{}
		if !c.Demo {
			var err error
			if setup, until, err = program.SetupAddress(ctx); err != nil {
				return err
			}
		}
		c.announce(program, engine, time.Since(begun))
		if setup != "" {
			fmt.Printf("  Set up the bureau 建立本单位 (until %s)\n    %s\n\n", until.Local().Format(time.DateTime), setup)
		}
		if !c.Demo {
			return nil
		}
		load(ctx, program)
		return nil
	})
	return group.Wait()
}

func say(line string) { fmt.Println(line) }

func (c *upCommand) announce(program *app.App, engine *standalone.Instance, took time.Duration) {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	defer out.Flush()
	fmt.Fprintf(out, "\nBanli 办理 is up after %.1f s. Ctrl-C stops everything.\n\n", took.Seconds())
	fmt.Fprintf(out, "  Desk 工作台\t%s/\n", program.Site())
	fmt.Fprintf(out, "  Public site 公开\t%s/public/\n", program.Site())
	fmt.Fprintf(out, "  Temporal Web UI\t%s%s/, for administrators and supervisors\n", program.Site(), app.EnginePath)
	fmt.Fprintf(out, "  Temporal\t%s, namespace %s\n", engine.TemporalAddress(), engine.Namespace())
	fmt.Fprintf(out, "  Database\t%s\n\n", engine.DatabaseURL())
	if !c.Demo {
		return
	}
	fmt.Fprintf(out, "  Log in as 登录\tpassword 密码 %s\n", demo.Password)
	for _, account := range demo.Accounts() {
		fmt.Fprintf(out, "    %s\t%s\t%s\n", account.Login, account.Name, account.Title)
	}
	fmt.Fprintln(out)
}

// load carries the demonstration cases forward, beside the running program. It goes on where an earlier start stopped. What it
// cannot do is said and keeps nobody from working.
func load(ctx context.Context, program *app.App) {
	shown := -1
	err := demo.Load(ctx, program.Store, program.Cases, time.Now, func(done, total int) {
		if percent := done * 100 / total; percent/10 != shown/10 || done == total {
			shown = percent
			fmt.Printf("Demonstration bureau: %d of %d cases\n", done, total)
		}
	})
	if err == nil {
		_, err = program.Cases.Reconcile(ctx) // so that the overview's report speaks of these cases
	}
	if err != nil && ctx.Err() == nil {
		fmt.Fprintf(os.Stderr, "The demonstration bureau is not complete; the next start goes on with it: %v\n", err)
	}
}
