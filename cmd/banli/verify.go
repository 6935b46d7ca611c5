package main

import (
	"context"
	"errors"
	"os"

	"github.com/banli/banli/internal/app"
)

type verifyCommand struct {
	Database  app.Database `embed:""`
	Heads     string       `type:"existingfile" placeholder:"FILE" help:"Signed heads, which a worker wrote with --heads: hold the record against them too."`
	PublicKey string       `name:"heads-public-key" type:"existingfile" placeholder:"FILE" help:"Public half of the key that signed them."`
}

// Validate refuses heads without the key that says whether they are true.
func (c *verifyCommand) Validate() error {
	if (c.Heads == "") != (c.PublicKey == "") {
		return errors.New("--heads and --heads-public-key go together")
	}
	return nil
}

func (c *verifyCommand) Run(ctx context.Context) error {
	err := app.Verify(ctx, c.Database.URL, os.Stdout)
	if c.Heads != "" {
		err = errors.Join(err, app.VerifyHeads(ctx, c.Database.URL, c.Heads, c.PublicKey, os.Stdout))
	}
	return err
}
