package main

import (
	"context"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/store"
)

type migrateCommand struct {
	Database    app.Database `embed:""`
	ProgramRole string       `name:"program-role" env:"BANLI_PROGRAM_ROLE" placeholder:"ROLE" help:"A role of the database, which is there and owns nothing: let it work with the record. Give serve and worker a DATABASE_URL that logs in as this role."`
}

func (c *migrateCommand) Run(ctx context.Context) error {
	if err := store.Migrate(ctx, c.Database.URL); err != nil || c.ProgramRole == "" {
		return err
	}
	return store.Grant(ctx, c.Database.URL, c.ProgramRole)
}
