package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/directory"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

type directoryCommand struct {
	List   directoryListCommand   `cmd:"" help:"List a directory, without how anybody is reached."`
	Import directoryImportCommand `cmd:"" help:"Add and change entries as an .xlsx table says. Its head is that of the page's empty table."`
	Export directoryExportCommand `cmd:"" help:"Write a directory as an .xlsx table that can be imported again. It is recorded as a look at everybody in it."`
}

type directoryListCommand struct {
	Database app.Database   `embed:""`
	Kind     directory.Kind `arg:"" enum:"deputies,members,units,assigners" help:"deputies, members, units or assigners."`
}

func (c *directoryListCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *directoryListCommand) run(ctx context.Context, out io.Writer) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	items, _, err := record.Directory(ctx, store.DirectoryFilter{Kind: c.Kind})
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, i := range items {
		state := ""
		if !i.EndedOn.IsZero() {
			state = "not offered from " + i.EndedOn.String()
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", i.Name, i.Level, i.Get("term"), i.Group, i.Post, state)
	}
	return table.Flush()
}

type directoryImportCommand struct {
	Database app.Database   `embed:""`
	Kind     directory.Kind `arg:"" enum:"deputies,members,units,assigners" help:"deputies, members, units or assigners."`
	File     []byte         `arg:"" type:"filecontent" help:"The table."`
	Check    bool           `help:"Say what would come of it; change nothing."`
}

// errOnlyChecked rolls back what --check has tried.
var errOnlyChecked = errors.New("only checked")

// Run imports all rows or none: a script must not leave half a list behind.
func (c *directoryImportCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *directoryImportCommand) run(ctx context.Context, out io.Writer) error {
	cells, err := sheet.Read(c.File)
	if errors.Is(err, sheet.ErrUnreadable) {
		return fmt.Errorf("this is no .xlsx table, or one of more than %d rows", sheet.MaxRows)
	} else if err != nil {
		return err
	}
	languages, err := catalogues()
	if err != nil {
		return err
	}
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	var refused error
	added, changed, all := 0, 0, 0
	err = record.Edit(ctx, "", func(e *store.Edit) error {
		known, err := e.Entries(ctx, c.Kind)
		if err != nil {
			return err
		}
		rows, missing := directory.Read(c.Kind, cells, known, languages)
		if refused = wrongRows(rows, missing); refused != nil {
			return nil
		}
		all = len(rows)
		if added, changed, err = e.SaveRows(ctx, rows); err == nil && c.Check {
			err = errOnlyChecked
		}
		return err
	})
	if errors.Is(err, errOnlyChecked) {
		err = nil
	}
	if err = errors.Join(refused, err); err == nil {
		_, err = fmt.Fprintf(out, "%d added, %d changed, %d as they were\n", added, changed, all-added-changed)
	}
	return err
}

// wrongRows says in which rows of a list something is wrong; nil for none.
func wrongRows(rows []directory.Row, missing []string) error {
	if len(missing) > 0 {
		return fmt.Errorf("the first row lacks these columns: %s", strings.Join(missing, ", "))
	}
	var wrong []string
	for _, row := range rows {
		for _, f := range row.Wrong {
			wrong = append(wrong, fmt.Sprintf("row %d, %s %q: %s", row.No, f.Field, row.Cells[f.Field], cmp.Or(plain[f.Code], string(f.Code))))
		}
	}
	if wrong == nil {
		return nil
	}
	return errors.New(strings.Join(wrong, "\n"))
}

type directoryExportCommand struct {
	Database app.Database   `embed:""`
	Kind     directory.Kind `arg:"" enum:"deputies,members,units,assigners" help:"deputies, members, units or assigners."`
	File     string         `arg:"" type:"path" help:"Where the table is written. It must not be there yet."`
	Language string         `enum:"zh,en" default:"zh" help:"Of the head: zh or en."`
}

func (c *directoryExportCommand) Run(ctx context.Context) error {
	words, err := locale.Load(time.Now, nil)
	if err != nil {
		return err
	}
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	entries, err := record.LookUpAll(ctx, "", c.Kind)
	if err != nil {
		return err
	}
	table := sheet.Table{Name: words[c.Language].T("directory." + string(c.Kind)), Rows: [][]string{c.Kind.Head(words[c.Language])}}
	for _, e := range entries {
		table.Rows = append(table.Rows, e.Line(words[c.Language]))
	}
	data, err := sheet.Write(table)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// catalogues are the languages in which a table may be headed.
func catalogues() (all []directory.Words, err error) {
	words, err := locale.Load(time.Now, nil)
	for _, language := range locale.Languages {
		all = append(all, words[language])
	}
	return all, err
}
