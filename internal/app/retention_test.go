package app_test

import (
	"testing"

	"github.com/banli/banli/internal/app"
)

// What somebody may still need cannot be taken away: an action may wait for the engine for thirty days.
func TestRetentionHasALeast(t *testing.T) {
	least := app.Retention{Refused: 30, Mails: 90, Reports: 1, Links: 0}
	if err := least.Validate(); err != nil {
		t.Error(err)
	}
	for name, shorter := range map[string]func(*app.Retention){
		"refused": func(r *app.Retention) { r.Refused = 29 }, "mails": func(r *app.Retention) { r.Mails = 89 },
		"reports": func(r *app.Retention) { r.Reports = 0 }, "links": func(r *app.Retention) { r.Links = -1 },
	} {
		keep := least
		shorter(&keep)
		if keep.Validate() == nil {
			t.Errorf("%s: %+v is taken", name, keep)
		}
	}
}
