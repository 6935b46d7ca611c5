// Command banli runs the parts of Banli against a Postgres database and a Temporal cluster of your own. For both in one
// process, see banli-standalone.
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
	Serve       serveCommand       `cmd:"" help:"Run the web server."`
	Worker      workerCommand      `cmd:"" help:"Run a worker; start as many as you need."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the database schema up to date."`
	Setup       setupCommand       `cmd:"" help:"Set up the bureau, its divisions and its people from a file, or write that file."`
	Division    divisionCommand    `cmd:"" help:"List, add, change and close divisions."`
	Directory   directoryCommand   `cmd:"" help:"List, import and export the directories of deputies, members, units and assigning bodies."`
	User        userCommand        `cmd:"" help:"Add a person or change one's password."`
	Token       tokenCommand       `cmd:"" help:"Make or revoke a bearer token for the JSON API."`
	Verify      verifyCommand      `cmd:"" help:"Check the hash chains of every case's events and of the changes of the bureau itself."`
	Recount     recountCommand     `cmd:"" help:"Count anew what the statistics count of each case, where verify found it to differ; the system may run."`
	Case        caseCommand        `cmd:"" help:"Write the record of one case into a file that can be verified without the database."`
	Backup      backupCommand      `cmd:"" help:"Write the record into a file, while the system runs."`
	Restore     restoreCommand     `cmd:"" help:"Put such a file into an empty database, and verify it."`
	Keys        keysCommand        `cmd:"" help:"Make a file of keys (--engine-key, --secrets-key), or put a new key before those of one."`
	Rules       rulesCommand       `cmd:"" help:"Check rule packs and compare them."`
	Calendar    calendarCommand    `cmd:"" help:"Load or list the years of working days and holidays."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running web server whether it is well; exit 1 if not."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := kong.Parse(&commands,
		kong.Name("banli"),
		kong.Description("Banli (办理) carries each suggestion of a people's deputy from registration to the reply, and on to the last promise."),
		kong.Groups(app.FlagGroups),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	command.FatalIfErrorf(command.Run())
}
