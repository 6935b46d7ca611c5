package store_test

import (
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/google/go-cmp/cmp"
)

// A bureau is renamed: what was signed before goes on bearing the old name, and what is signed after it the new one.
func TestBureauIsRenamed(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	before := w.count(t, `select count(*) from bureaus`)
	check(t, w.SaveBureau(ctx, w.ID(proposal.Admin), fixture.Body))
	if n := w.count(t, `select count(*) from bureaus`); n != before {
		t.Errorf("the same again made %d rows of %d", n, before)
	}
	renamed := fixture.Body
	renamed.Name, renamed.Series = "和平市民政局", []proposal.NumberSeries{{Body: assembly.CPPCC, Code: "和民提"}, {Code: "和民函"}}
	w.now = time.Now().AddDate(0, 0, 2)
	check(t, w.SaveBureau(ctx, w.ID(proposal.Admin), renamed))
	today := calendar.DateOf(w.now)
	for _, c := range []struct {
		signed calendar.Date
		name   string
	}{
		{calendar.Date{}, renamed.Name}, {today, renamed.Name}, {today.AddDays(-1), fixture.Body.Name}, {calendar.NewDate(2020, 5, 6), fixture.Body.Name},
	} {
		got, err := w.Store.Bureau(ctx, c.signed)
		check(t, err)
		want := renamed
		want.Name = c.name
		if !cmp.Equal(got, want) {
			t.Errorf("signed on %s: %s", c.signed, cmp.Diff(want, got))
		}
	}
	_, err := w.sql.Exec(ctx, `update bureaus set name = 'x'`)
	violates(t, err, "23001")
	refused(t, w.SaveBureau(ctx, "", proposal.Bureau{Name: "x", Series: []proposal.NumberSeries{{Body: assembly.NPC, Code: "x"}}}), proposal.InvalidInput)
}

// National rules say neither who signs nor in which series: the bureau does.
func TestNationalRulesLeaveItToTheBureau(t *testing.T) {
	w := newWorld(t)
	own := fixture.Body
	own.Profile, own.Name, own.Series = "national", "和平市民政局", []proposal.NumberSeries{{Code: "和民函"}}
	check(t, w.SaveBureau(t.Context(), "", own))
	w.cases.Packs = rulepack.BuiltIn()
	id := w.at(t, proposal.Dispatching)
	state, err := w.State(t.Context(), id)
	check(t, err)
	if state.Pack != "national-1" || state.Number.Series != "和民函" {
		t.Errorf("pack %s, number %s", state.Pack, state.Number)
	}
}
