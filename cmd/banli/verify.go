package main

import (
	"context"
	"os"

	"github.com/banli/banli/internal/app"
)

type verifyCommand struct {
	Database app.Database `embed:""`
}

func (c *verifyCommand) Run(ctx context.Context) error {
	return app.Verify(ctx, c.Database.URL, os.Stdout)
}
