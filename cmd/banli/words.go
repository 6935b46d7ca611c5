package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// plain are the codes that a field may be refused with, in words.
var plain = map[proposal.FieldCode]string{
	proposal.FieldRequired: "required", proposal.FieldMalformed: "cannot be read as what is wanted here", proposal.FieldTooLong: "too long",
	proposal.UnknownValue: "unknown value", proposal.NameTaken: "taken by another", proposal.NotInBureau: "not one of the divisions that are at work",
	proposal.LastAdministrator: "nobody who can log in would be an administrator",
	proposal.RulesBuiltIn:      "it comes with the program", proposal.RulesBegun: "it is in force, and can only be followed by another",
	proposal.RulesExtended: "another rule pack extends it; withdraw that first", proposal.RulesPinned: "cases are under it",
	proposal.RulesOfToday: "today's cases would get other rules without it",
}

// inWords says what is wrong with what was typed; any other error stays as it is.
func inWords(err error) error {
	refusal := (*proposal.Refusal)(nil)
	if !errors.As(err, &refusal) || refusal.Code != proposal.InvalidInput {
		return err
	}
	var lines []string
	for _, f := range refusal.Fields {
		words, known := plain[f.Code]
		if !known {
			words = string(f.Code)
		}
		lines = append(lines, "--"+strings.ReplaceAll(f.Field, "_", "-")+": "+words)
	}
	return errors.New(strings.Join(lines, "\n"))
}

// noDivision says that there is none of the code, and which there are.
func noDivision(divisions []store.Division, code proposal.DivisionID) error {
	var known []string
	for _, d := range store.AtWork(divisions) {
		known = append(known, string(d.Code))
	}
	if len(known) == 0 {
		return fmt.Errorf("there is no division %q: the bureau has none yet; make them with banli division set", code)
	}
	return fmt.Errorf("there is no division %q; there are: %s", code, strings.Join(known, ", "))
}
