package main

import (
	"context"
	"os"

	"github.com/banli/banli/internal/app"
)

type recountCommand struct {
	Database app.Database `embed:""`
}

func (c *recountCommand) Run(ctx context.Context) error {
	return app.Recount(ctx, c.Database.URL, os.Stdout)
}
