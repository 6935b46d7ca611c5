package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
)

type calendarCommand struct {
	Load calendarLoadCommand `cmd:"" help:"Load the files of one or more years; running programs count by them at once."`
	List calendarListCommand `cmd:"" help:"List the years, their notices, and whether next year's is missing."`
}

type calendarLoadCommand struct {
	Database app.Database `embed:""`
	By       string       `required:"" env:"SUDO_USER,USER" help:"Who loads them, for the record."`
	Files    []string     `arg:"" name:"file" type:"existingfile" help:"A year's file, such as 2027.json."`
}

// Run checks every file before it saves any, and prints the days that people work or have off otherwise than before.
func (c *calendarLoadCommand) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *calendarLoadCommand) run(ctx context.Context, out io.Writer) error {
	years, err := readYears(c.Files)
	if err != nil {
		return err
	}
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	before, err := record.Calendar(ctx)
	if err != nil {
		return err
	}
	after, err := before.With(years...)
	if err != nil {
		return err
	}
	if err := record.SaveCalendarYears(ctx, c.By, years...); err != nil {
		return err
	}
	printChanges(out, before.Changes(after))
	return nil
}

// readYears reads the files. The error names each file that is wrong: whoever mends one wants to know of the others.
func readYears(paths []string) ([]calendar.Year, error) {
	var years []calendar.Year
	var wrong []error
	for _, path := range paths {
		y, err := calendar.LoadFile(os.DirFS(filepath.Dir(path)), filepath.Base(path))
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		years = append(years, y)
	}
	return years, errors.Join(wrong...)
}

// printChanges prints the days whose kind or holiday differs, and counts those that have only become certain.
func printChanges(out io.Writer, changes []calendar.Change) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	differ, certain := 0, 0
	for _, change := range changes {
		before, after := change.Before, change.After
		if before.Provisional && !after.Provisional {
			certain++
		}
		if before.Kind == after.Kind && before.Holiday == after.Holiday {
			continue
		}
		differ++
		fmt.Fprintf(table, "%s\t%s\t%s\t→ %s\n", after.Date, after.Date.Weekday().String()[:3], dayWords(before), dayWords(after))
	}
	table.Flush()
	fmt.Fprintf(out, "loaded: %d days differ from before, %d days are no longer provisional\n", differ, certain)
}

// dayWords says a day's kind, and its holiday in brackets.
func dayWords(d calendar.Day) string {
	words := strings.ReplaceAll(string(d.Kind), "_", " ")
	if d.Holiday != "" {
		words += " (" + d.Holiday + ")"
	}
	return words
}

type calendarListCommand struct {
	Database app.Database `embed:""`
}

// Run prints a line for each year.
func (c *calendarListCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Stdout, calendar.DateOf(time.Now()))
}

func (c *calendarListCommand) run(ctx context.Context, out io.Writer, today calendar.Date) error {
	record, err := store.Open(ctx, c.Database.URL)
	if err != nil {
		return err
	}
	defer record.Close()
	loaded, err := record.LoadedYears(ctx)
	if err != nil {
		return err
	}
	known, err := record.Calendar(ctx)
	if err != nil {
		return err
	}
	printYears(out, known, loaded, today)
	return nil
}

// printYears prints the years from the first that is known to next year, the missing ones among them, and those beyond.
func printYears(out io.Writer, known *calendar.Calendar, loaded []store.LoadedYear, today calendar.Date) {
	from := map[int]string{}
	for _, l := range loaded {
		from[l.Year.Year] = fmt.Sprintf("loaded by %s on %s", l.By, calendar.DateOf(l.At))
	}
	years := known.Years()
	last := max(today.Year+1, years[len(years)-1].Year)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	defer table.Flush()
	for n := years[0].Year; n <= last; n++ {
		y, ok := known.Year(n)
		switch {
		case !ok:
			fmt.Fprintf(table, "%d\tmissing\tno notice: its deadlines go by weekends alone and are provisional\n", n)
			continue
		case from[n] == "":
			from[n] = "built in"
		}
		var notices []string
		for _, s := range y.Sources {
			notices = append(notices, s.Title+" "+s.Number)
		}
		fmt.Fprintf(table, "%d\t%s\t%s\n", n, from[n], strings.Join(notices, "; "))
	}
}
