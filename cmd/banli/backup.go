package main

import (
	"context"
	"os"

	"github.com/banli/banli/internal/app"
)

type backupCommand struct {
	Database app.Database `embed:""`
	File     string       `arg:"" type:"path" help:"The new file, such as banli-2026-11-29.zip."`
}

func (c *backupCommand) Run(ctx context.Context) error {
	return app.Backup(ctx, c.Database.URL, c.File, os.Stdout)
}

type restoreCommand struct {
	Database app.Database `embed:""`
	File     string       `arg:"" type:"existingfile" help:"A file that banli backup wrote."`
}

func (c *restoreCommand) Run(ctx context.Context) error {
	return app.Restore(ctx, c.Database.URL, c.File, os.Stdout)
}
