package main

import (
	"context"
	"errors"
	"os"

	"github.com/banli/banli/internal/app"
)

type verifyCommand struct {
	Database  string `name:"database-url" env:"DATABASE_URL" placeholder:"postgres://…" help:"The Postgres database of Banli's record."`
	File      string `type:"existingfile" placeholder:"FILE" help:"Verify the record of one case, which banli case wrote, without the database."`
	Heads     string `type:"existingfile" placeholder:"FILE" help:"Signed heads, which a worker wrote with --heads: hold the record against them too."`
	PublicKey string `name:"heads-public-key" type:"existingfile" placeholder:"FILE" help:"Public half of the key that signed them."`
}

// Validate refuses heads without the key that says whether they are true, and a key without heads; the file of a case has some in it.
func (c *verifyCommand) Validate() error {
	switch {
	case c.File == "" && c.Database == "":
		return errors.New("give --database-url, or --file for one case")
	case c.Heads != "" && c.PublicKey == "", c.PublicKey != "" && c.Heads == "" && c.File == "":
		return errors.New("--heads and --heads-public-key go together")
	}
	return nil
}

func (c *verifyCommand) Run(ctx context.Context) error {
	if c.File != "" {
		return app.VerifyCase(c.File, c.Heads, c.PublicKey, os.Stdout)
	}
	err := app.Verify(ctx, c.Database, os.Stdout)
	if c.Heads != "" {
		err = errors.Join(err, app.VerifyHeads(ctx, c.Database, c.Heads, c.PublicKey, os.Stdout))
	}
	return err
}

type caseCommand struct {
	Database  app.Database `embed:""`
	ID        string       `arg:"" help:"Of the case, as it stands in the address of its page."`
	File      string       `arg:"" type:"path" help:"The new file. It holds names and telephones."`
	Heads     string       `and:"heads" type:"existingfile" placeholder:"FILE" help:"Signed heads, which a worker wrote with --heads: put them into the file too."`
	PublicKey string       `and:"heads" name:"heads-public-key" type:"existingfile" placeholder:"FILE" help:"Public half of the key that signed them."`
}

func (c *caseCommand) Run(ctx context.Context) error {
	return app.WriteCase(ctx, c.Database.URL, c.ID, c.File, c.Heads, c.PublicKey, os.Stdout)
}
