package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/setup"
	"github.com/banli/banli/internal/store"
)

type setupCommand struct {
	Database app.Database `embed:""`
	Export   bool         `help:"Write the file of the running bureau instead."`
	File     string       `arg:"" optional:"" help:"The bureau's file, such as bureau.yaml (docs/bureau.schema.json)."`
}

// Run makes the bureau or brings it up to date; the same file again changes nothing.
func (c *setupCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *setupCommand) run(ctx context.Context, out io.Writer) error {
	if c.Export == (c.File != "") {
		return errors.New("give either a file, or --export")
	}
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	if c.Export {
		file, err := setup.Export(ctx, record)
		if err != nil {
			return err
		}
		if file.Bureau.Name == "" {
			return errors.New("no bureau is set up in this database")
		}
		return file.Write(out)
	}
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	file, err := setup.Parse(data, record.Rules.Set(), calendar.DateOf(time.Now()))
	if wrong := setup.Error(nil); errors.As(err, &wrong) {
		for _, w := range wrong {
			fmt.Fprintf(out, "%s:%d: %s\n", c.File, w.Line, w.Text)
		}
		return fmt.Errorf("%s is wrong in %d places; nothing was changed", c.File, len(wrong))
	} else if err != nil {
		return err
	}
	if err := record.Edit(ctx, "", func(e *store.Edit) error { return file.Apply(ctx, e) }); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d divisions, %d people\n", file.Bureau.Name, len(file.Divisions), len(file.People))
	return nil
}
