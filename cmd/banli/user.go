package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

type userCommand struct {
	Database app.Database          `embed:""`
	Login    string                `arg:"" help:"Login name or staff number."`
	Name     string                `required:"" help:"Name in Chinese."`
	NameEN   string                `name:"name-en" help:"Name in English."`
	Phone    string                `help:"Office telephone."`
	Email    string                `help:"Address for notices and digests; none leaves it as it was."`
	Division proposal.DivisionID   `help:"Code of the division; none for leaders, and for staff of the assembly."`
	Roles    []proposal.Role       `required:"" help:"Roles, separated by commas: liaison, division_head, handler, office_reviewer, legal_reviewer, openness_reviewer, leader_in_charge, bureau_head, publisher, supervisor, auditor, admin, assembly."`
	Field    []proposal.DivisionID `help:"Divisions that a leader in charge answers for."`
	Inactive bool                  `help:"The person has left: nobody may log in or act as them."`
}

// Run makes or changes the person. The password is read from the first line of standard input, so that it appears in no
// list of processes; an empty line leaves it as it was.
func (c *userCommand) Run(ctx context.Context) error {
	fmt.Fprintln(os.Stderr, "Password (one line; empty leaves it as it was):")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return errors.New("no password given on standard input")
	}
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	if err := c.checkDivisions(ctx, record); err != nil {
		return err
	}
	id, err := record.UpsertPerson(ctx, store.Person{
		Person: proposal.Person{Roles: c.Roles, Division: c.Division, Field: c.Field},
		Login:  c.Login,
		Name:   store.Name{ZH: c.Name, EN: c.NameEN},
		Phone:  c.Phone,
		Email:  c.Email,
		Active: !c.Inactive,
	}, strings.TrimRight(line, "\r\n"))
	if err != nil {
		return err
	}
	fmt.Println(id)
	return nil
}

// checkDivisions refuses what the bureau does not have: a division that is not there is a slip of the keyboard.
func (c *userCommand) checkDivisions(ctx context.Context, record *store.Store) error {
	divisions, err := record.Divisions(ctx)
	if err != nil {
		return err
	}
	var known []string
	for _, d := range divisions {
		known = append(known, string(d.Code))
	}
	for _, code := range append(slices.Clone(c.Field), c.Division) {
		if code == "" || slices.Contains(known, string(code)) {
			continue
		}
		if len(known) == 0 {
			return fmt.Errorf("there is no division %q: the bureau has none yet; make them with banli setup", code)
		}
		return fmt.Errorf("there is no division %q; there are: %s", code, strings.Join(known, ", "))
	}
	return nil
}
