package main

import (
	"context"

	"github.com/banli/banli/internal/app"
)

type workerCommand struct {
	Database  app.Database  `embed:""`
	Temporal  app.Temporal  `embed:""`
	Mail      app.Mail      `embed:""`
	Push      app.Push      `embed:""`
	Seal      app.Seal      `embed:""`
	Heads     app.Heads     `embed:""`
	Retention app.Retention `embed:""`
}

func (c *workerCommand) Run(ctx context.Context) error {
	return run(ctx, app.Config{Database: c.Database, Temporal: c.Temporal, Mail: c.Mail, Push: c.Push, Seal: c.Seal, Heads: c.Heads, Retention: c.Retention, Work: true})
}
