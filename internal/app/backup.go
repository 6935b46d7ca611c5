package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/banli/banli/internal/store"
)

// Backup writes the record of a running system into a new file, which appears under its name once it is whole and on the disk.
func Backup(ctx context.Context, database, path string, out io.Writer) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: choose another name", path)
	}
	record, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer record.Close()
	unfinished := path + ".unfinished"
	file, err := os.OpenFile(unfinished, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // it holds everything that is secret here
	if err != nil {
		return err
	}
	defer os.Remove(unfinished)
	sum := sha256.New()
	archive, err := store.Backup(ctx, database, io.MultiWriter(file, sum))
	if err == nil {
		err = file.Sync()
	}
	info, statErr := file.Stat()
	if err := errors.Join(err, statErr, file.Close()); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	checksum := hex.EncodeToString(sum.Sum(nil))
	if err := record.BackedUp(ctx, archive, info.Size(), checksum); err != nil {
		return fmt.Errorf("%s is whole, but the record could not be told of it: %w", path, err)
	}
	fmt.Fprintf(out, "%s: %d rows of %d tables as of %s, schema %d, %d bytes\nsha256 %s\n", path, archive.Rows(), len(archive.Tables),
		archive.At.Local().Format("2006-01-02 15:04:05"), archive.Schema, info.Size(), checksum)
	return nil
}

// Restore puts the backup into an empty database and verifies what is there then.
func Restore(ctx context.Context, database, path string, out io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	archive, err := store.Restore(ctx, database, file, info.Size())
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d rows of %d tables, as of %s\n", archive.Rows(), len(archive.Tables), archive.At.Local().Format("2006-01-02 15:04:05"))
	return Verify(ctx, database, out)
}

// Verify holds the record against its hashes, and the rows beside the events against the events.
func Verify(ctx context.Context, database string, out io.Writer) error {
	record, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer record.Close()
	report, err := record.VerifyChain(ctx, func(events int) { fmt.Fprintf(os.Stderr, "\r%d events checked", events) })
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return err
	}
	if sayBreaks(out, report.Breaks, nil) > 0 {
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
	if sayBreaks(out, nil, rows) > 0 {
		return fmt.Errorf("%d rows are not as the events say", len(rows))
	}
	fmt.Fprintf(out, "%d changes of the bureau itself: every hash holds\n", changes)
	fmt.Fprintf(out, "%d events of %d cases: every hash holds\n", report.Events, report.Cases)
	return nil
}

// Recount writes anew what the statistics count of the cases for which it is not what the record says.
func Recount(ctx context.Context, database string, out io.Writer) error {
	record, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer record.Close()
	n, err := record.RecountFacts(ctx, func(done, of int) { fmt.Fprintf(os.Stderr, "\r%d of %d cases counted anew", done, of) })
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d cases were not counted as the record says, and are now\n", n)
	return nil
}
