package main

import (
	"context"
	"errors"
	"os"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/standalone"
)

type backupCommand struct {
	Data string `env:"BANLI_DATA" default:"data" type:"path" help:"Folder of the system, which may be running."`
	File string `arg:"" type:"path" help:"The new file, such as banli-2026-11-29.zip."`
}

func (c *backupCommand) Run(ctx context.Context) (err error) {
	if _, err := os.Stat(c.Data); err != nil {
		return err // a folder that is not there must not be made and backed up
	}
	engine, err := standalone.StartDatabase(ctx, standalone.Config{DataDir: c.Data, Progress: say})
	if held := (*standalone.HeldError)(nil); errors.As(err, &held) && held.Database != "" {
		return app.Backup(ctx, held.Database, c.File, os.Stdout)
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	return app.Backup(ctx, engine.DatabaseURL(), c.File, os.Stdout)
}

type restoreCommand struct {
	Data string `env:"BANLI_DATA" default:"data" type:"path" help:"Folder of the new system, in which there is nothing yet."`
	File string `arg:"" type:"existingfile" help:"A file that a backup wrote."`
}

func (c *restoreCommand) Run(ctx context.Context) (err error) {
	engine, err := standalone.StartDatabase(ctx, standalone.Config{DataDir: c.Data, Progress: say})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, engine.Close()) }()
	return app.Restore(ctx, engine.DatabaseURL(), c.File, os.Stdout)
}
