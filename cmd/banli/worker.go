package main

import (
	"context"

	"github.com/banli/banli/internal/app"
)

type workerCommand struct {
	Database  app.Database   `embed:"" group:"place"`
	Temporal  app.Temporal   `embed:"" group:"place"`
	Engine    app.EngineKeys `embed:"" group:"secrets"`
	Mail      app.Mail       `embed:"" group:"mail"`
	Push      app.Push       `embed:"" group:"push"`
	Seal      app.Seal       `embed:"" group:"seal"`
	Heads     app.Heads      `embed:"" group:"heads"`
	Retention app.Retention  `embed:"" group:"retention"`
}

func (c *workerCommand) Run(ctx context.Context) error {
	return run(ctx, app.Config{Database: c.Database, Temporal: c.Temporal, Engine: c.Engine, Mail: c.Mail, Push: c.Push, Seal: c.Seal, Heads: c.Heads, Retention: c.Retention, Work: true})
}
