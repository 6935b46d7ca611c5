package app_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
)

// heard ends what runs when the log hears the first line.
type heard struct {
	strings.Builder
	end func()
}

func (h *heard) Write(line []byte) (int, error) {
	defer h.end()
	return h.Builder.Write(line)
}

// What the record cannot read again is told to the log of the program, whatever it is.
func TestTheRecordTellsTheProgramsLog(t *testing.T) {
	log := &heard{}
	database, _ := fixture.Database(t)
	program, err := app.New(t.Context(), app.Config{
		Database: app.Database{URL: database},
		Temporal: app.Temporal{Address: engine.Address(t), Namespace: engine.Namespace},
		Log:      slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	must(t, err)
	defer program.Close()
	program.Store.Close() // the database answers nobody any more
	for what, run := range map[string]func(context.Context){"the rule packs": program.Store.Rules.Run, "the bureau's words": program.Store.Wordings.Run} {
		log.Reset()
		ctx, end := context.WithTimeout(t.Context(), 20*time.Second)
		log.end = end
		run(ctx)
		end()
		if !strings.Contains(log.String(), what) {
			t.Errorf("of %s the log says %q", what, log.String())
		}
	}
}
