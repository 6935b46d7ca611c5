// Command banli-standalone is Banli with its engine and its database inside: one command, one folder.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/banli/banli/internal/app"
)

var commands struct {
	Up      upCommand      `cmd:"" help:"Start Postgres, the Temporal engine, a worker and the web server; Ctrl-C stops them all."`
	Backup  backupCommand  `cmd:"" help:"Write the record into a file, whether the system runs or not."`
	Restore restoreCommand `cmd:"" help:"Make a new folder of such a file, and verify it."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := kong.Parse(&commands,
		kong.Name("banli-standalone"),
		kong.Description("Banli (办理) with its engine and its database inside."),
		kong.Groups(app.FlagGroups),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	command.FatalIfErrorf(command.Run())
}
