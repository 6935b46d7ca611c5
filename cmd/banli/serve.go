package main

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/banli/banli/internal/app"
)

type serveCommand struct {
	Database app.Database   `embed:"" group:"place"`
	Temporal app.Temporal   `embed:"" group:"place"`
	Web      app.Web        `embed:"" group:"web"`
	Sessions app.Sessions   `embed:"" group:"sessions"`
	Secrets  app.Secrets    `embed:"" group:"secrets"`
	Engine   app.EngineKeys `embed:"" group:"secrets"`
	Provider app.Provider   `embed:"" group:"provider"`
	Mail     app.Mail       `embed:"" group:"mail"`
	Push     app.Push       `embed:"" group:"push"`
	Seal     app.Seal       `embed:"" group:"seal"`
}

func (c *serveCommand) Run(ctx context.Context) error {
	return run(ctx, app.Config{Database: c.Database, Temporal: c.Temporal, Web: c.Web, Sessions: c.Sessions, Secrets: c.Secrets, Engine: c.Engine, Provider: c.Provider, Mail: c.Mail, Push: c.Push, Seal: c.Seal, Serve: true})
}

func run(ctx context.Context, config app.Config) error {
	config.Log = slog.Default()
	program, err := app.New(ctx, config)
	if err != nil {
		return err
	}
	defer program.Close()
	if config.Serve {
		address, until, err := program.SetupAddress(ctx)
		if err != nil {
			return err
		}
		if address != "" {
			fmt.Printf("No administrator can log in yet. Set the bureau up, until %s, at %s\n", until.Local().Format(time.DateTime), address)
		}
	}
	return program.Run(ctx)
}
