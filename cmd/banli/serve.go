package main

import (
	"context"
	"log/slog"

	"github.com/banli/banli/internal/app"
)

type serveCommand struct {
	Database app.Database `embed:""`
	Temporal app.Temporal `embed:""`
	Web      app.Web      `embed:""`
	Rules    app.Rules    `embed:""`
	Mail     app.Mail     `embed:""`
}

func (c *serveCommand) Run(ctx context.Context) error {
	return run(ctx, app.Config{Database: c.Database, Temporal: c.Temporal, Web: c.Web, Rules: c.Rules, Mail: c.Mail, Serve: true})
}

func run(ctx context.Context, config app.Config) error {
	config.Log = slog.Default()
	program, err := app.New(ctx, config)
	if err != nil {
		return err
	}
	defer program.Close()
	return program.Run(ctx)
}
