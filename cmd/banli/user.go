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
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

type userCommand struct {
	Database app.Database          `embed:""`
	Login    string                `arg:"" help:"Login name or staff number."`
	Name     string                `help:"Name in Chinese. A new person needs it."`
	NameEN   string                `name:"name-en" help:"Name in English."`
	Phone    *string               `help:"Office telephone."`
	Email    string                `help:"Address for notices and digests."`
	Division *proposal.DivisionID  `help:"Code of the division, empty for leaders and for staff of the assembly."`
	Roles    []proposal.Role       `help:"Roles of which a new person needs one, separated by commas: liaison, division_head, handler, office_reviewer, legal_reviewer, openness_reviewer, leader_in_charge, bureau_head, publisher, supervisor, auditor, admin, assembly."`
	Field    []proposal.DivisionID `help:"Divisions that a leader in charge answers for."`
	Inactive *bool                 `negatable:"" help:"The person has left: nobody may log in or act as them. With no- they are back."`
}

// Run makes or changes the person; what no flag says stays as it was. The password is read from the first line of standard input, so that it appears in no
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
	p, err := c.person(ctx, record)
	if err != nil {
		return err
	}
	if err := checkPerson(ctx, record, p); err != nil {
		return err
	}
	plain := strings.TrimRight(line, "\r\n")
	bureau, err := record.Bureau(ctx, calendar.Date{})
	if err != nil {
		return err
	}
	if wrong := store.WrongWithPassword(plain, p, bureau); plain != "" && wrong != "" {
		return fmt.Errorf("the password is %s: at least %d characters, not made of the login, the name, the bureau, a year or a row of the keyboard",
			map[proposal.FieldCode]string{proposal.FieldTooShort: "too short", proposal.Guessable: "too easy to guess"}[wrong], store.MinPassword)
	}
	id, err := record.UpsertPerson(ctx, p, plain)
	if err != nil {
		return err
	}
	fmt.Println(id)
	return nil
}

// checkPerson refuses what the pages refuse.
func checkPerson(ctx context.Context, record *store.Store, p store.Person) error {
	divisions, err := record.Divisions(ctx)
	if err != nil {
		return err
	}
	for _, code := range append(slices.Clone(p.Field), p.Division) {
		if code != "" && !slices.ContainsFunc(divisions, func(d store.Division) bool { return d.Code == code }) {
			return noDivision(divisions, code)
		}
	}
	if wrong := store.WrongWithPerson(p, divisions); len(wrong) > 0 {
		return inWords(&proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong})
	}
	return nil
}

// person is as the flags say, and as it was where they say nothing.
func (c *userCommand) person(ctx context.Context, record *store.Store) (store.Person, error) {
	p, err := record.PersonByLogin(ctx, c.Login)
	if refusal := (*proposal.Refusal)(nil); errors.As(err, &refusal) && refusal.Code == proposal.NotFound {
		p = store.Person{Login: c.Login, Active: true}
		if c.Name == "" || len(c.Roles) == 0 {
			return p, fmt.Errorf("there is nobody with the login %q: a new person needs --name and --roles", c.Login)
		}
	} else if err != nil {
		return p, err
	}
	p.Email = c.Email // none leaves the one that is there
	if c.Name != "" {
		p.Name.ZH = c.Name
	}
	if len(c.Roles) > 0 {
		p.Roles = c.Roles
	}
	if c.Inactive != nil {
		p.Active = !*c.Inactive
	}
	if c.NameEN != "" {
		p.Name.EN = c.NameEN
	}
	if c.Phone != nil {
		p.Phone = *c.Phone
	}
	if c.Division != nil {
		p.Division = *c.Division
	}
	if c.Field != nil {
		p.Field = c.Field
	}
	return p, nil
}
