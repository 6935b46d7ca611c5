package main

import (
	"context"
	"fmt"
	"os"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/store"
)

type verifyCommand struct {
	Database app.Database `embed:""`
}

func (c *verifyCommand) Run(ctx context.Context) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	report, err := record.VerifyChain(ctx, func(events int) { fmt.Fprintf(os.Stderr, "\r%d events checked", events) })
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	for _, broken := range report.Breaks {
		fmt.Printf("case %s, event %d: %s\n", broken.CaseID, broken.No, broken.Reason)
	}
	if len(report.Breaks) > 0 {
		return fmt.Errorf("%d of %d cases have a broken chain", len(report.Breaks), report.Cases)
	}
	changes, broken, err := record.VerifyStaffChain(ctx)
	if err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("the changes of the bureau itself have a broken chain, at number %d", broken)
	}
	rows, err := record.VerifyRows(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		fmt.Printf("%s %s %s: %s\n", r.Table, r.CaseID, r.Key, r.Reason)
	}
	if len(rows) > 0 {
		return fmt.Errorf("%d rows are not as the events say", len(rows))
	}
	fmt.Printf("%d changes of the bureau itself: every hash holds\n", changes)
	fmt.Printf("%d events of %d cases: every hash holds\n", report.Events, report.Cases)
	return nil
}
