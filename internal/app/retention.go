package app

import (
	"context"
	"errors"
	"time"

	"github.com/banli/banli/internal/store"
)

// Retention says for how many days a worker keeps what has done its work. What the chains of the record cover is kept for ever.
type Retention struct {
	Refused int `name:"keep-refused" env:"BANLI_KEEP_REFUSED" default:"90" help:"Days for which actions that were refused or never decided are kept, with the words that were sent; 30 at least."`
	Mails   int `name:"keep-mails" env:"BANLI_KEEP_MAILS" default:"365" help:"Days for which it is kept that a mail went out, or could not; 90 at least."`
	Reports int `name:"keep-reports" env:"BANLI_KEEP_REPORTS" default:"90" help:"Days for which reports of the reconciliation are kept; the last is kept for ever."`
	Links   int `name:"keep-links" env:"BANLI_KEEP_LINKS" default:"30" help:"Days for which links for passwords are kept after they ran out."`
}

// Validate refuses days that would take away what somebody may still need.
func (r *Retention) Validate() error {
	if r.Refused < 30 || r.Mails < 90 || r.Reports < 1 || r.Links < 0 {
		return errors.New("--keep-refused is 30 at least, --keep-mails 90, --keep-reports 1, --keep-links 0")
	}
	return nil
}

// sweepRound is how often it is looked for what is older.
const sweepRound = 24 * time.Hour

// sweep takes away each day, and at the start, what is older than it is to be kept.
func (a *App) sweep(ctx context.Context) {
	a.rounds(ctx, sweepRound, "what is outdated is not taken away", func(ctx context.Context) error {
		_, err := a.Store.Sweep(ctx, store.Retention(a.config.Retention))
		return err
	})
}
