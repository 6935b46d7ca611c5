package store_test

import (
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
)

// What has done its work goes when its days are over, by count in the chain; what stands in the record stays, and the record holds.
func TestSweep(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.SignOff)
	refuse := func() string {
		t.Helper()
		a := w.Next(t, w.Store, id)
		a.Input = &proposal.Signature{SHA256: "0000", Opinion: "没有签成的话"}
		o, err := w.send(ctx, id, a)
		check(t, err)
		if o.Refusal == nil {
			t.Fatal("it was not refused")
		}
		return a.ID
	}
	old := refuse()
	applied := w.count(t, `select count(*) from events where case_id = $1 and action_id in (select id from actions)`, id)
	insert := func(statement string, args ...any) {
		t.Helper()
		_, err := w.sql.Exec(ctx, statement, args...)
		check(t, err)
	}
	for range 2 {
		insert(`insert into drift_reports (at, checked, behind, missing, failed) values ($1, 1, 0, 0, 0)`, w.now)
	}
	insert(`insert into sessions (token, data, expiry) values ('x', '', $1)`, w.now)
	insert(`insert into mails (id, person, day, state, made_at, due_at, ended_at) values (gen_random_uuid(), $1, '2026-04-20', 'sent', $2, $2, $2)`, w.ID(proposal.Handler), w.now)
	check(t, w.Edit(ctx, w.ID(proposal.Admin), func(e *store.Edit) error {
		_, _, err := e.NewPasswordLink(ctx, w.ID(proposal.Handler))
		return err
	}))

	keep := store.Retention{Refused: 90, Mails: 1, Reports: 90, Links: 30}
	sweep := func(days int) map[string]int64 {
		t.Helper()
		w.now = w.now.AddDate(0, 0, days)
		swept, err := w.Sweep(ctx, keep)
		check(t, err)
		return swept
	}
	if swept := sweep(89); len(swept) != 2 || swept["swept_links"] != 1 || swept["swept_sessions"] != 1 {
		t.Errorf("after 89 days: %v", swept)
	}
	fresh := refuse()
	if swept := sweep(2); len(swept) != 3 || swept["swept_refused"] != 1 || swept["swept_reports"] != 1 || swept["swept_mails"] != 1 {
		t.Errorf("after 91 days: %v", swept)
	}
	if swept := sweep(0); len(swept) != 0 {
		t.Errorf("at once again: %v", swept)
	}
	if n := w.count(t, `select count(*) from actions where id = $1`, old); n != 0 {
		t.Error("what was refused long ago is there still")
	}
	if n := w.count(t, `select count(*) from actions where id = $1`, fresh); n != 1 {
		t.Error("what was refused yesterday is gone")
	}
	if n := w.count(t, `select count(*) from events where case_id = $1 and action_id in (select id from actions)`, id); n != applied {
		t.Errorf("of %d actions that were applied %d are left", applied, n)
	}
	if n := w.count(t, `select count(*) from staff_events where about = 'retention'`); n != 2 {
		t.Errorf("told %d times", n)
	}
	report, err := w.VerifyChain(ctx, nil)
	if err != nil || len(report.Breaks) > 0 {
		t.Errorf("the chain: %+v, %v", report, err)
	}
	if rows, err := w.VerifyRows(ctx); err != nil || len(rows) > 0 {
		t.Errorf("the rows: %v, %v", rows, err)
	}
}

// An action that nobody has decided, since the engine is away, outlives whatever days are asked for.
func TestSweepLeavesWhatMayBeDecidedYet(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.SignOff)
	a := w.Next(t, w.Store, id)
	check(t, w.SaveAction(t.Context(), id, a))
	for _, days := range []struct{ pass, left int }{{29, 1}, {2, 0}} {
		w.now = w.now.AddDate(0, 0, days.pass)
		_, err := w.Sweep(t.Context(), store.Retention{Refused: 1, Mails: 90, Reports: 90, Links: 30})
		check(t, err)
		if n := w.count(t, `select count(*) from actions where id = $1`, a.ID); n != days.left {
			t.Errorf("%d days later there are %d of it", days.pass, n)
		}
	}
}
