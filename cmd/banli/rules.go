package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
)

type rulesCommand struct {
	List  rulesListCommand  `cmd:"" help:"List the rule packs, and which the bureau follows."`
	Show  rulesShowCommand  `cmd:"" help:"Write the file of a rule pack."`
	Check rulesCheckCommand `cmd:"" help:"Check the files of rule packs; exit 1 if anything is wrong."`
	Diff  rulesDiffCommand  `cmd:"" help:"Say what differs between two rule packs, and what would change for unfinished cases."`
	Put   rulesPutCommand   `cmd:"" help:"Put rule packs in force; running programs take them at once. Open cases keep theirs."`

	Withdraw rulesWithdrawCommand `cmd:"" help:"Take back a rule pack before its first day."`
}

// ownPacks says where the bureau's own rule packs are, for what can be asked without them too.
type ownPacks struct {
	URL string `name:"database-url" env:"DATABASE_URL" placeholder:"postgres://…" help:"The database of Banli's record, for the rule packs in it. Default: only those that come with the program are known."`
}

// open opens the record and reads its packs; without an address there is no record, and the packs are those that come with the program.
func (o ownPacks) open(ctx context.Context) (*store.Store, rulepack.Set, error) {
	if o.URL == "" {
		return nil, rulepack.BuiltIn(), nil
	}
	record, err := store.Open(ctx, o.URL)
	if err != nil {
		return nil, nil, err
	}
	return record, record.Rules.Set(), nil
}

type rulesListCommand struct {
	Database app.Database `embed:""`
}

func (c *rulesListCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Stdout, calendar.DateOf(time.Now()))
}

func (c *rulesListCommand) run(ctx context.Context, out io.Writer, today calendar.Date) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	bureau, err := record.Bureau(ctx, calendar.Date{})
	if err != nil {
		return err
	}
	kept, err := record.KeptRules(ctx)
	if err != nil {
		return err
	}
	from := map[string]string{}
	for _, k := range kept {
		from[k.ID] = fmt.Sprintf("put by %s on %s", cmp.Or(k.By.ZH, "the command line"), calendar.DateOf(k.At))
	}
	packs := record.Rules.Set()
	now, _ := packs.For(bureau.Profile, today)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, profile := range packs.Profiles(today) {
		for _, pack := range packs.Of(profile.Profile) {
			state := ""
			if pack == now {
				state = "new cases get it"
			}
			fmt.Fprintf(table, "%s\tfrom %s\t%s\t%s\t%s\n", pack.ID, pack.ValidFrom, pack.Name, cmp.Or(from[pack.ID], "built in"), state)
		}
	}
	for _, k := range kept {
		if !k.WithdrawnAt.IsZero() {
			fmt.Fprintf(table, "%s\t\t\t%s\twithdrawn by %s on %s\n", k.ID, from[k.ID], cmp.Or(k.WithdrawnBy.ZH, "the command line"), calendar.DateOf(k.WithdrawnAt))
		}
	}
	return table.Flush()
}

type rulesShowCommand struct {
	Packs ownPacks `embed:""`
	ID    string   `arg:"" help:"Id of the rule pack."`
}

func (c *rulesShowCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *rulesShowCommand) run(ctx context.Context, out io.Writer) error {
	record, packs, err := c.Packs.open(ctx)
	if err != nil {
		return err
	}
	source, ok := rulepack.BuiltInSource(c.ID)
	if record != nil {
		defer record.Close()
		if !ok {
			source, ok, err = record.RulesSource(ctx, c.ID)
		}
	}
	if err == nil && !ok {
		err = fmt.Errorf("there is no rule pack %q; there are: %s", c.ID, strings.Join(slices.Sorted(maps.Keys(packs)), ", "))
	}
	if err == nil {
		_, err = io.WriteString(out, source)
	}
	return err
}

type rulesCheckCommand struct {
	Packs ownPacks `embed:""`
	Files []string `arg:"" name:"file" help:"Files of rule packs; they may extend one another, or those that are there."`
}

func (c *rulesCheckCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *rulesCheckCommand) run(ctx context.Context, out io.Writer) error {
	sources, err := readPacks(c.Files)
	if err != nil {
		return err
	}
	record, packs, err := c.Packs.open(ctx)
	if err != nil {
		return err
	}
	if record != nil {
		defer record.Close()
	}
	packs = maps.Clone(packs)
	if wrong := packs.Read(sources); len(wrong) > 0 {
		for _, err := range wrong {
			fmt.Fprintln(out, err)
		}
		return fmt.Errorf("%d of %d files are wrong", len(wrong), len(sources))
	}
	for _, file := range c.Files {
		pack, err := rulepack.Parse(sources[file], packs)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %s, profile %s, valid from %s, extends %s\n", file, pack.ID, pack.Profile, pack.ValidFrom, cmp.Or(pack.Extends, "nothing"))
	}
	return nil
}

func readPacks(files []string) (map[string][]byte, error) {
	sources := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sources[file] = data
	}
	return sources, nil
}

type rulesPutCommand struct {
	Database app.Database `embed:""`
	Files    []string     `arg:"" name:"file" help:"Files of rule packs, each after the one that it extends. The bureau follows the profile of the last."`
}

func (c *rulesPutCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *rulesPutCommand) run(ctx context.Context, out io.Writer) error {
	sources, err := readPacks(c.Files)
	if err != nil {
		return err
	}
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	for _, file := range c.Files {
		pack, err := record.PutRules(ctx, "", string(sources[file]))
		if wrong := rulepack.Errors(nil); errors.As(err, &wrong) {
			return rulepack.FileError{File: file, Err: wrong}
		} else if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: cases that are assigned from %s on get it\n", pack.ID, pack.ValidFrom)
	}
	return nil
}

type rulesWithdrawCommand struct {
	Database app.Database `embed:""`
	ID       string       `arg:"" help:"Id of the rule pack."`
}

func (c *rulesWithdrawCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *rulesWithdrawCommand) run(ctx context.Context, out io.Writer) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	err = record.WithdrawRules(ctx, "", c.ID)
	switch refusal := (*proposal.Refusal)(nil); {
	case err == nil:
		fmt.Fprintf(out, "%s is withdrawn; its id is not used again\n", c.ID)
	case errors.As(err, &refusal) && refusal.Code == proposal.NotFound:
		return fmt.Errorf("there is no rule pack %q; there are: %s", c.ID, strings.Join(slices.Sorted(maps.Keys(record.Rules.Set())), ", "))
	case errors.As(err, &refusal) && len(refusal.Fields) == 1:
		return fmt.Errorf("%s stays: %s", c.ID, plain[refusal.Fields[0].Code])
	}
	return err
}

type rulesDiffCommand struct {
	Packs ownPacks `embed:""`
	A     string   `arg:"" help:"Id or file of a rule pack."`
	B     string   `arg:"" help:"Id or file of the rule pack to compare with. With a database, what would change for each unfinished case if it were under it is said too; nothing is changed."`
}

func (c *rulesDiffCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *rulesDiffCommand) run(ctx context.Context, out io.Writer) error {
	record, packs, err := c.Packs.open(ctx)
	if err != nil {
		return err
	}
	if record != nil {
		defer record.Close()
	}
	a, b, err := pair(packs, c.A, c.B)
	if err != nil {
		return err
	}
	for _, d := range rulepack.Diff(a, b) {
		fmt.Fprintf(out, "%s: %s\n", d.Path, fromTo(d.From, d.To))
	}
	if record == nil {
		return nil
	}
	kinds, err := record.WhatIfNew(ctx, a, b)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		kind := string(k.Body)
		if k.Intersession {
			kind += ", intersession"
		}
		for _, e := range k.Effects {
			fmt.Fprintf(out, "assigned %s  %s  %s: %s\n", b.ValidFrom, kind, e.What, fromTo(e.From, e.To))
		}
	}
	return whatIf(ctx, out, record, b)
}

// fromTo writes a change; a dash stands for nothing.
func fromTo(from, to string) string { return cmp.Or(from, "—") + " → " + cmp.Or(to, "—") }

// pair finds two packs by id or file. A file may extend the pack of the other.
func pair(packs rulepack.Set, nameA, nameB string) (a, b *proposal.Pack, err error) {
	a, errA := packOf(packs, nameA)
	b, errB := packOf(packs, nameB)
	switch {
	case errA == nil && errB != nil:
		b, errB = packOf(with(packs, a), nameB)
	case errB == nil && errA != nil:
		a, errA = packOf(with(packs, b), nameA)
	}
	return a, b, errors.Join(errA, errB)
}

func with(packs rulepack.Set, pack *proposal.Pack) rulepack.Set {
	packs = maps.Clone(packs)
	packs[pack.ID] = pack
	return packs
}

// packOf finds a pack by its id, or reads it from a file.
func packOf(packs rulepack.Set, name string) (*proposal.Pack, error) {
	if pack, ok := packs.ByID(name); ok {
		return pack, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%q is neither the id of a rule pack nor a file: %w", name, err)
	}
	pack, err := rulepack.Parse(data, packs)
	if err != nil {
		return nil, rulepack.FileError{File: name, Err: err}
	}
	return pack, nil
}

// whatIf reports what would change for each unfinished case if it were under the pack instead of its own, by due day.
func whatIf(ctx context.Context, out io.Writer, record *store.Store, pack *proposal.Pack) error {
	cases, unfinished, err := record.WhatIf(ctx, pack)
	if err != nil {
		return err
	}
	changes := 0
	for _, c := range cases {
		for _, e := range c.Effects {
			changes++
			fmt.Fprintf(out, "%s  %s (%s)  %s: %s\n", cmp.Or(c.Due(e).String(), "no due day"), c.Number, c.CaseID, strings.TrimSpace(e.What+" "+e.Ref), fromTo(e.From, e.To))
		}
	}
	fmt.Fprintf(out, "%d changes for %d of %d unfinished cases\n", changes, len(cases), unfinished)
	return nil
}
