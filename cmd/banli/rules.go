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

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/store"
)

type rulesCommand struct {
	Check rulesCheckCommand `cmd:"" help:"Check the files of rule packs; exit 1 if anything is wrong."`
	Diff  rulesDiffCommand  `cmd:"" help:"Say what differs between two rule packs, and what would change for unfinished cases."`
}

type rulesCheckCommand struct {
	Files []string `arg:"" name:"file" help:"Files of rule packs; they may extend one another, or those built in."`
}

func (c *rulesCheckCommand) Run() error { return c.run(os.Stdout) }

func (c *rulesCheckCommand) run(out io.Writer) error {
	sources := map[string][]byte{}
	for _, file := range c.Files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		sources[file] = data
	}
	packs := maps.Clone(rulepack.BuiltIn())
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

type rulesDiffCommand struct {
	A           string `arg:"" help:"Id or file of a rule pack."`
	B           string `arg:"" help:"Id or file of the rule pack to compare with."`
	Folder      string `name:"rules" env:"BANLI_RULES" type:"existingdir" help:"Folder with rule packs of your own, besides those built in."`
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"postgres://…" help:"Also say what would change for each unfinished case if it were under B; nothing is changed."`
}

func (c *rulesDiffCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *rulesDiffCommand) run(ctx context.Context, out io.Writer) error {
	packs := rulepack.BuiltIn()
	if c.Folder != "" {
		own, err := rulepack.Load(os.DirFS(c.Folder))
		if err != nil {
			return err
		}
		packs = own
	}
	a, b, err := pair(packs, c.A, c.B)
	if err != nil {
		return err
	}
	for _, d := range rulepack.Diff(a, b) {
		fmt.Fprintf(out, "%s: %s\n", d.Path, fromTo(d.From, d.To))
	}
	if c.DatabaseURL == "" {
		return nil
	}
	record, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	defer record.Close()
	return whatIf(ctx, out, record, packs, a, b)
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

// caseChange is a line of the report.
type caseChange struct {
	proposal.PackEffect
	number, caseID string
	due            calendar.Date // by which the report is sorted: the new due day, or that of the case
}

func (c caseChange) String() string {
	what := strings.TrimSpace(c.What + " " + c.Ref)
	return fmt.Sprintf("%s  %s (%s)  %s: %s", cmp.Or(c.due.String(), "no due day"), c.number, c.caseID, what, fromTo(c.From, c.To))
}

// whatIf reports what would change for each unfinished case if it were under b instead of its own pack, or of a where its own
// is not at hand. A file may bear the id of a case's pack: what is meant then is the file.
func whatIf(ctx context.Context, out io.Writer, record *store.Store, packs rulepack.Set, a, b *proposal.Pack) error {
	cal, err := record.Calendar(ctx)
	if err != nil {
		return err
	}
	const page = 200
	packs = with(packs, a)
	var changes []caseChange
	unfinished, touched := 0, 0
	for after := ""; ; {
		open, err := record.OpenStates(ctx, after, page)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			break
		}
		after = open[len(open)-1].CaseID
		for _, o := range open {
			unfinished++
			found := proposal.WhatIf(o.State, o.Draft, cmp.Or(packs[o.State.Pack], a), b, cal)
			if len(found) > 0 {
				touched++
			}
			for _, change := range found {
				changes = append(changes, caseChange{change, o.Number, o.CaseID, dueOf(o.State, change)})
			}
		}
	}
	slices.SortStableFunc(changes, func(x, y caseChange) int {
		return cmp.Or(x.due.Compare(y.due), cmp.Compare(x.number, y.number), cmp.Compare(x.caseID, y.caseID))
	})
	for _, c := range changes {
		fmt.Fprintln(out, c)
	}
	fmt.Fprintf(out, "%d changes for %d of %d unfinished cases\n", len(changes), touched, unfinished)
	return nil
}

func dueOf(s proposal.State, change proposal.PackEffect) calendar.Date {
	if due := s.DueNow(); change.Due.IsZero() && due != nil {
		return due.Due()
	}
	return change.Due
}
