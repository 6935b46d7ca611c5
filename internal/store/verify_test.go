package store_test

import (
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/google/go-cmp/cmp"
)

// Whoever gets past the triggers, as the owner of the database can, is still found out: each case is tampered with in its
// own way, and each is told from the sound ones.
func TestVerifyChainFindsTampering(t *testing.T) {
	w := newWorld(t)
	_, err := w.sql.Exec(t.Context(), `set session_replication_role = replica`) // triggers and foreign keys off
	check(t, err)
	want := map[string]store.Break{}
	for _, c := range []struct {
		tamper string
		no     int
		reason store.BreakReason
	}{
		{`update events set input = '{"text":"不同意。"}' where case_id = $1 and no = 3`, 3, store.Changed},
		{`update events set by = (select id from people where login = 'admin') where case_id = $1 and no = 3`, 3, store.Changed},
		{`update events set by = null where case_id = $1 and no = 3`, 3, store.Changed},
		{`update events set at = at - interval '1 microsecond' where case_id = $1 and no = 3`, 3, store.Changed},
		{`update events set on_date = '2026-04-01' where case_id = $1 and no = 3`, 3, store.Changed},
		{`update events set to_stage = 'closed' where case_id = $1 and no = 3`, 3, store.Changed},
		{`update events set action_id = gen_random_uuid() where case_id = $1 and no = 3`, 3, store.Changed},
		{`update events set kind = 'waive', hash = repeat('a', 64) where case_id = $1 and no = 3`, 3, store.Changed},
		{`delete from events where case_id = $1 and no = 3`, 3, store.Missing},
		{`delete from events where case_id = $1 and no = 3; update events set no = 3 where case_id = $1 and no = 4`, 3, store.Changed},
		{`delete from events where case_id = $1 and no = 5`, 5, store.Missing},
		{`delete from events where case_id = $1`, 1, store.Missing},
		{`update cases set head = repeat('b', 64) where id = $1`, 5, store.HeadDiffer},
		{`update cases set event_count = 4, head = (select hash from events where case_id = $1 and no = 4), seq = 4, state = jsonb_set(state, '{seq}', '4') where id = $1`, 5, store.HeadDiffer},
		// The hash is over the meaning in compact form, not over blanks.
		{`update events set input = ('{ ' || substr(input::text, 2))::json where case_id = $1 and no = 3`, 0, ""},
		{`select $1::uuid`, 0, ""},
	} {
		id := w.at(t, proposal.Drafting) // five events
		for statement := range strings.SplitSeq(c.tamper, ";") {
			_, err := w.sql.Exec(t.Context(), statement, id)
			check(t, err)
		}
		if c.reason != "" {
			want[id] = store.Break{CaseID: id, No: c.no, Reason: c.reason}
		}
	}
	report, err := w.VerifyChain(t.Context(), func(int) {})
	check(t, err)
	got := map[string]store.Break{}
	for _, b := range report.Breaks {
		got[b.CaseID] = b
	}
	if !cmp.Equal(got, want) || len(report.Breaks) != len(want) || report.Cases != len(want)+2 {
		t.Errorf("%d cases: %s", report.Cases, cmp.Diff(want, got))
	}
}
