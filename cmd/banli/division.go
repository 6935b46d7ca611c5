package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/google/uuid"
)

type divisionCommand struct {
	List  divisionListCommand  `cmd:"" help:"List the divisions, those that are closed last."`
	Set   divisionSetCommand   `cmd:"" help:"Add a division, or change the one with the code."`
	Close divisionCloseCommand `cmd:"" help:"Close a division; another takes over its people and open cases."`
}

type divisionListCommand struct {
	Database app.Database `embed:""`
}

func (c *divisionListCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *divisionListCommand) run(ctx context.Context, out io.Writer) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	divisions, err := record.Divisions(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, d := range divisions {
		state := ""
		if !d.ClosedOn.IsZero() {
			state = fmt.Sprintf("closed on %s, taken over by %s", d.ClosedOn, cmp.Or(string(d.TakenOverBy), "nobody"))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", d.Code, d.Name.ZH, d.Name.EN, d.Phone, state)
	}
	return table.Flush()
}

type divisionSetCommand struct {
	Database app.Database        `embed:""`
	Code     proposal.DivisionID `arg:"" optional:"" help:"Code of the division to change; none adds a division."`
	Name     string              `help:"Name in Chinese. A new division needs it."`
	NameEN   *string             `name:"name-en" help:"Name in English."`
	Sort     int                 `help:"Its place in the order."`
	Phone    *string             `help:"Telephone that its replies name, for whoever has none of their own."`
}

// Run changes what is said; what no flag says stays as it was.
func (c *divisionSetCommand) Run(ctx context.Context) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	d, err := c.division(ctx, record)
	if err != nil {
		return err
	}
	return inWords(record.Edit(ctx, "", func(e *store.Edit) error { return e.SaveDivision(ctx, d) }))
}

func (c *divisionSetCommand) division(ctx context.Context, record *store.Store) (d store.Division, err error) {
	if c.Code != "" {
		if d, err = divisionOf(ctx, record, c.Code); err != nil {
			return d, err
		}
	}
	d.Name.ZH, d.Sort = cmp.Or(c.Name, d.Name.ZH), cmp.Or(c.Sort, d.Sort)
	if c.NameEN != nil {
		d.Name.EN = *c.NameEN
	}
	if c.Phone != nil {
		d.Phone = *c.Phone
	}
	return d, nil
}

// divisionOf finds a division: one that is not there is a slip of the keyboard.
func divisionOf(ctx context.Context, record *store.Store, code proposal.DivisionID) (store.Division, error) {
	divisions, err := record.Divisions(ctx)
	if err != nil {
		return store.Division{}, err
	}
	i := slices.IndexFunc(divisions, func(d store.Division) bool { return d.Code == code })
	if i < 0 {
		return store.Division{}, noDivision(divisions, code)
	}
	return divisions[i], nil
}

type divisionCloseCommand struct {
	Database app.Database        `embed:""`
	Code     proposal.DivisionID `arg:"" help:"Code of the division."`
	Into     proposal.DivisionID `help:"Code of the one that takes over; one that has neither people nor open cases needs none."`
	By       string              `required:"" help:"Login of the administrator who orders it, and may take it back on the page of their bulk actions."`
}

// Run closes it. Its people move at once; the workers move its cases, one by one.
func (c *divisionCloseCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *divisionCloseCommand) run(ctx context.Context, out io.Writer) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	for _, code := range []proposal.DivisionID{c.Code, c.Into} {
		if _, err := divisionOf(ctx, record, code); err != nil && code != "" {
			return err
		}
	}
	by, err := record.PersonByLogin(ctx, c.By)
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) || err == nil && !by.Has(proposal.Admin) {
		return fmt.Errorf("%q is no administrator", c.By)
	} else if err != nil {
		return err
	}
	b := proposal.Bulk{
		ID: uuid.Must(uuid.NewV7()).String(), Kind: proposal.BulkRegroup, By: by.ID, Params: proposal.BulkParams{Division: c.Code, Lead: c.Into},
	}
	cases := 0
	err = record.Edit(ctx, by.ID, func(e *store.Edit) (err error) {
		cases, err = e.CloseDivision(ctx, b)
		return err
	})
	if err == nil {
		fmt.Fprintf(out, "%s is closed; %d open cases are moved\n", c.Code, cases)
	}
	return inWords(err)
}
