package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/banli/banli/internal/heads"
	"github.com/banli/banli/internal/proposal"
)

// Whoever owns the database can make its chains anew, so that they hold. What was signed outside it names what is gone or other all the same.
func TestSignedHeadsNameWhatTheChainsDoNot(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	kept, cut, gone := w.at(t, proposal.Drafting), w.at(t, proposal.Drafting), w.at(t, proposal.Registered) // five events, five, one
	folder := t.TempDir()
	file := heads.File{Path: filepath.Join(folder, "heads"), KeyPath: filepath.Join(folder, "heads.key")}
	sign := func() {
		t.Helper()
		_, err := file.Append(w.now, func(time.Time) bool { return true }, func() (heads.Record, error) { return w.ChainHeads(ctx) })
		check(t, err)
	}
	sign()
	w.advance(t, kept, proposal.OfficeReview)
	sign()
	read := func(path string) []byte {
		t.Helper()
		data, err := os.ReadFile(path)
		check(t, err)
		return data
	}
	public, err := heads.PublicKey(read(file.KeyPath + ".pub"))
	check(t, err)
	all, err := heads.Read(read(file.Path), public)
	check(t, err)
	if len(all) != 2 || len(all[0].Cases) != 3 || len(all[1].Cases) != 1 {
		t.Fatalf("%+v", all)
	}
	named := func() (cases []string, changes bool) {
		t.Helper()
		changes = true
		for _, h := range all {
			of, as, err := w.NotAsSigned(ctx, h)
			check(t, err)
			cases, changes = append(cases, of...), changes && as
		}
		return cases, changes
	}
	if cases, changes := named(); len(cases) > 0 || !changes {
		t.Errorf("a sound record: %v, %v", cases, changes)
	}

	for _, tamper := range []string{
		`set session_replication_role = replica`, // triggers and foreign keys off
		`delete from events where case_id = '` + cut + `' and no = 5`,
		`update cases set event_count = 4, head = (select hash from events where case_id = id and no = 4), seq = 4, state = jsonb_set(state, '{seq}', '4') where id = '` + cut + `'`,
		`delete from events where case_id = '` + gone + `'`,
		`delete from cases where id = '` + gone + `'`,
		`delete from staff_events where no = (select max(no) from staff_events)`,
		`update staff_head set no = no - 1, hash = (select hash from staff_events e where e.no = staff_head.no - 1)`,
	} {
		_, err := w.sql.Exec(ctx, tamper)
		check(t, err)
	}
	report, err := w.VerifyChain(ctx, nil)
	check(t, err)
	if _, broken, err := w.VerifyStaffChain(ctx); err != nil || broken > 0 || len(report.Breaks) > 0 {
		t.Fatalf("the chains find it by themselves: %+v, %d, %v", report.Breaks, broken, err)
	}
	cases, changes := named()
	found := map[string]bool{}
	for _, id := range cases {
		found[id] = true
	}
	if len(found) != 2 || !found[cut] || !found[gone] || changes {
		t.Errorf("named %v, changes %v; want %s and %s", cases, changes, cut, gone)
	}
}
