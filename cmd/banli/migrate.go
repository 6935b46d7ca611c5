package main

import (
	"context"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/store"
)

type migrateCommand struct {
	Database app.Database `embed:""`
}

func (c *migrateCommand) Run(ctx context.Context) error {
	return store.Migrate(ctx, c.Database.URL)
}
