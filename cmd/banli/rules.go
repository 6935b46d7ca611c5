package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

type rulesCommand struct {
	Check rulesCheckCommand `cmd:"" help:"Check the files of rule packs; exit 1 if anything is wrong."`
	Diff  rulesDiffCommand  `cmd:"" help:"Say what differs between two rule packs, and what would change for open cases."`
}

type rulesCheckCommand struct {
	Files []string `arg:"" name:"file" help:"Files of rule packs; one may extend another."`
}

func (c *rulesCheckCommand) Run() error { return checkRules(os.Stdout, c.Files) }

func checkRules(out io.Writer, files []string) error {
	packs := proposal.PackSet{}
	for id, pack := range proposal.Packs() {
		packs[id] = pack
	}
	sources := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		sources[file] = data
	}
	wrong := packs.Read(sources)
	for _, err := range wrong {
		fmt.Fprintln(out, err)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d of %d files are wrong", len(wrong), len(sources))
	}
	for id, pack := range packs {
		if _, builtIn := proposal.Packs()[id]; !builtIn {
			fmt.Fprintf(out, "%s: profile %s, valid from %s, extends %s\n", id, pack.Profile, pack.ValidFrom, cmp.Or(pack.Extends, "nothing"))
		}
	}
	return nil
}

type rulesDiffCommand struct {
	A           string `arg:"" help:"Id or file of the rule pack that cases are under."`
	B           string `arg:"" help:"Id or file of the rule pack to compare with."`
	Folder      string `name:"rules" env:"BANLI_RULES" type:"existingdir" help:"Folder with rule packs of your own."`
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"postgres://…" help:"Also say what would change for each open case; nothing is changed."`
}

func (c *rulesDiffCommand) Run(ctx context.Context) error {
	packs := proposal.Packs()
	if c.Folder != "" {
		own, err := proposal.LoadPacks(os.DirFS(c.Folder))
		if err != nil {
			return err
		}
		packs = own
	}
	a, errA := packOf(packs, c.A)
	b, errB := packOf(packs, c.B)
	if err := errors.Join(errA, errB); err != nil {
		return err
	}
	for _, d := range a.Diff(b) {
		fmt.Printf("%s: %s → %s\n", d.Path, cmp.Or(d.From, "—"), cmp.Or(d.To, "—"))
	}
	if c.DatabaseURL == "" {
		return nil
	}
	record, err := store.Open(ctx, c.DatabaseURL)
	if err != nil {
		return err
	}
	defer record.Close()
	return whatIf(ctx, os.Stdout, record, a, b)
}

// packOf finds a pack by its id, or reads it from a file.
func packOf(packs proposal.PackSet, name string) (*proposal.Pack, error) {
	if pack, ok := packs.ByID(name); ok {
		return pack, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("%q is neither the id of a rule pack nor a file: %w", name, err)
	}
	pack, err := proposal.ParsePack(data, packs)
	if err != nil {
		return nil, proposal.FileError{File: name, Err: err}
	}
	return pack, nil
}

// caseChange is a line of the report.
type caseChange struct {
	number, caseID string
	due            calendar.Date // of the case, by which the report is sorted
	proposal.Change
}

// whatIf reports what would change for each open case under the first pack.
func whatIf(ctx context.Context, out io.Writer, record *store.Store, a, b *proposal.Pack) error {
	const page = 200
	var changes []caseChange
	under, touched := 0, 0
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
			if o.State.Pack != a.ID {
				continue
			}
			under++
			found := proposal.WhatIf(o.State, o.Draft, a, b, calendar.National())
			if len(found) > 0 {
				touched++
			}
			for _, change := range found {
				changes = append(changes, caseChange{o.Number, o.CaseID, dueOf(o.State, change), change})
			}
		}
	}
	slices.SortStableFunc(changes, func(x, y caseChange) int { return x.due.Compare(y.due) })
	for _, c := range changes {
		fmt.Fprintf(out, "%s  %s (%s)  %s %s: %s → %s\n", c.due, c.number, c.caseID, c.What, c.Ref, cmp.Or(c.From, "—"), cmp.Or(c.To, "—"))
	}
	fmt.Fprintf(out, "%d changes for %d of %d open cases under %s\n", len(changes), touched, under, a.ID)
	return nil
}

// dueOf is the day that a line is sorted by: the new due day, or that of the case.
func dueOf(s proposal.State, change proposal.Change) calendar.Date {
	if due := s.DueNow(); change.Due.IsZero() && due != nil {
		return due.Due()
	}
	return change.Due
}
