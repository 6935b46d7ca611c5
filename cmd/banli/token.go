package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

type tokenCommand struct {
	Database app.Database `embed:""`
	Login    string       `arg:"" help:"Whose rights the token carries."`
	Name     string       `help:"What the token is for." default:"api"`
	Days     int          `help:"Days until it expires." default:"90"`
	Revoke   string       `help:"Revoke the token with this id instead of making one."`
}

func (c *tokenCommand) Run(ctx context.Context) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	if c.Revoke != "" {
		return record.RevokeToken(ctx, c.Revoke)
	}
	person, err := record.PersonByLogin(ctx, c.Login)
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code == proposal.NotFound {
		return fmt.Errorf("there is nobody with the login %q", c.Login)
	} else if err != nil {
		return err
	}
	token, secret, err := record.CreateToken(ctx, person.ID, c.Name, time.Now().AddDate(0, 0, c.Days))
	if err != nil {
		return err
	}
	fmt.Printf("id      %s\nexpires %s\ntoken   %s\n", token.ID, token.ExpiresAt.Format(time.DateOnly), secret)
	return nil
}
