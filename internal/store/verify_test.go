package store_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
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

// What people read every day stands in rows beside the events. A row that was changed, taken away or added past the triggers is named.
func TestVerifyRowsFindsTampering(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.at(t, proposal.Closed)
	_, err := w.AddNote(ctx, w.ID(proposal.Handler), id, newID(), "先打电话。", nil)
	check(t, err)
	_, err = w.SaveAttachment(ctx, w.ID(proposal.Liaison), id, newID(), store.AttachmentInfo{Kind: store.OriginalFile, Name: "a.txt", MediaType: "text/plain"}, []byte("x"))
	check(t, err)
	sound := func() {
		t.Helper()
		if breaks, err := w.VerifyRows(ctx); err != nil || len(breaks) > 0 {
			t.Fatalf("a sound record: %v, %v", breaks, err)
		}
	}
	sound()
	for _, c := range []struct {
		tamper string
		table  string
		reason store.RowReason
	}{
		{`update drafts set body = body || '。' where case_id = $1`, "drafts", store.RowChanged},
		{`update drafts set sha256 = repeat('a', 64) where case_id = $1`, "drafts", store.RowChanged},
		{`delete from drafts where case_id = $1`, "drafts", store.RowMissing},
		{`insert into drafts select case_id, version + 1, body, contact_name, contact_phone, answers, class, commitments, openness, ground, reason,
			sha256, saved_by, saved_at from drafts where case_id = $1 order by version desc limit 1`, "drafts", store.RowAdded},
		{`update consultations set words = '都同意。' where case_id = $1`, "consultations", store.RowChanged},
		{`delete from consultations where case_id = $1`, "consultations", store.RowMissing},
		{`update openness_decisions set openness = 'not_open' where case_id = $1`, "openness_decisions", store.RowChanged},
		{`update publications set body = body || '。' where case_id = $1`, "publications", store.RowChanged},
		{`delete from publications where case_id = $1`, "publications", store.RowMissing},
		{`update feedback set attitude = 'dissatisfied' where case_id = $1`, "feedback", store.RowChanged},
		{`delete from feedback where case_id = $1`, "feedback", store.RowMissing},
		{`update notes set text = '不打电话。' where case_id = $1`, "notes", store.RowChanged},
		{`insert into notes select case_id, 1, text, mentions, by, at from notes where case_id = $1`, "notes", store.RowAdded},
		{`update attachments set data = 'y' where case_id = $1`, "attachments", store.RowChanged},
		{`delete from attachments where case_id = $1`, "attachments", store.RowMissing},
		{`update people set roles = roles || '{admin}' where id = (select handler from cases where id = $1)`, "people", store.RowChanged},
		{`delete from people where id = (select handler from cases where id = $1)`, "people", store.RowMissing},
		{`insert into people select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'login', 'smuggled'))).* from people p
			where id = (select handler from cases where id = $1)`, "people", store.RowAdded},
	} {
		keep := func(t string) string { return `create temp table kept as table ` + t }
		for _, statement := range []string{
			`set session_replication_role = replica`, keep(c.table), ``, // triggers and foreign keys off
		} {
			if statement == "" {
				_, err = w.sql.Exec(ctx, c.tamper, id)
			} else {
				_, err = w.sql.Exec(ctx, statement)
			}
			check(t, err)
		}
		breaks, err := w.VerifyRows(ctx)
		check(t, err)
		if !slices.ContainsFunc(breaks, func(b store.RowBreak) bool { return b.Table == c.table && b.Reason == c.reason }) {
			t.Errorf("%s: %v", c.tamper, breaks)
		}
		for _, statement := range []string{`delete from ` + c.table, `insert into ` + c.table + ` overriding system value table kept`, `drop table kept`} {
			_, err := w.sql.Exec(ctx, statement)
			check(t, err)
		}
	}
	sound()
}

// How a case stood and stands is held to what its events tell of it: the last row and the case made to agree do not hide it.
func TestVerifyStatesFindsTampering(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	_, err := w.sql.Exec(ctx, `set session_replication_role = replica`) // triggers and foreign keys off
	check(t, err)
	const (
		before = `update events set input = (input::jsonb - 'kept')::json where case_id = $1` // as the program wrote them that did not tell it
		last   = `(select max(event_no) from case_states where case_id = $1)`
		leader = `jsonb_set(state, '{leader}', '"somebody"')`
	)
	want := map[string][]store.RowBreak{}
	for _, c := range []struct {
		tamper []string
		table  string
		reason store.RowReason
	}{
		{[]string{`update case_states set state = ` + leader + ` where case_id = $1 and event_no = 3`}, "case_states", store.RowChanged},
		{[]string{`update case_states set state = ` + leader + ` where case_id = $1 and event_no = ` + last, `update cases set state = ` + leader + ` where id = $1`}, "case_states", store.RowChanged},
		{[]string{`update case_states set at = at + interval '1 microsecond' where case_id = $1 and event_no = 3`}, "case_states", store.RowChanged},
		{[]string{`delete from case_states where case_id = $1 and event_no = 3`}, "case_states", store.RowMissing},
		{[]string{`delete from case_states where case_id = $1 and event_no = ` + last}, "case_states", store.RowMissing},
		{[]string{`insert into case_states select case_id, 99, at, state from case_states where case_id = $1 and event_no = 3`}, "case_states", store.RowAdded},
		{[]string{`insert into case_states select e.case_id, e.no, e.at, s.state from events e join case_states s using (case_id)
			where e.case_id = $1 and e.kind = 'save_draft' and s.event_no = 3`}, "case_states", store.RowAdded},
		{[]string{`update cases set state = ` + leader + ` where id = $1`}, "cases", store.RowChanged},
		{[]string{`update cases set state = state - 'prior' where id = $1`}, "cases", store.RowChanged},
		{[]string{`update cases set state = jsonb_set(state, '{prior}', (select state from case_states where case_id = $1 and event_no = 2)) where id = $1`}, "cases", store.RowChanged},
		{[]string{before, `update cases set state = ` + leader + ` where id = $1`}, "cases", store.RowChanged},
		{[]string{before, `update cases set state = jsonb_set(state, '{prior,leader}', '"somebody"') where id = $1`}, "cases", store.RowChanged},
		{[]string{before, `update case_states set state = jsonb_set(state, '{stage}', '"closed"') where case_id = $1 and event_no = 3`}, "case_states", store.RowChanged},
		{[]string{before, `delete from case_states where case_id = $1 and event_no <= 3`}, "", ""}, // it was not kept then
		{[]string{before}, "", ""},
	} {
		id := w.at(t, proposal.OfficeReview)
		for _, statement := range c.tamper {
			_, err := w.sql.Exec(ctx, statement, id)
			check(t, err)
		}
		if c.reason != "" {
			want[id] = []store.RowBreak{{Table: c.table, CaseID: id, Reason: c.reason}}
		}
	}
	breaks, err := w.VerifyRows(ctx)
	check(t, err)
	got := map[string][]store.RowBreak{}
	for _, b := range breaks {
		if b.Table == "cases" || b.Table == "case_states" {
			b.Key = ""
			got[b.CaseID] = append(got[b.CaseID], b)
		}
	}
	if !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
}

// older is a bureau that an older program left: the backup was made by the program of 29 November 2026, whose schema was the 59th, of five cases with a
// published and corrected page, talks, ratings, a note, an attachment, a cover, a link, a voided number and a token.
func older(t *testing.T) *world {
	t.Helper()
	backup, err := os.ReadFile("testdata/backup-0059.zip")
	check(t, err)
	dsn := emptyDatabase(t)
	archive, err := restore(t, dsn, backup)
	check(t, err)
	if archive.Schema != 59 {
		t.Fatalf("the backup is of schema %d", archive.Schema)
	}
	w := &world{Bureau: fixture.Bureau{}, now: time.Date(2026, 4, 22, 2, 30, 0, 0, time.UTC)}
	w.Store, err = store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(w.Store.Close)
	w.Store.Now = func() time.Time { return w.now }
	w.cases = &activities.Cases{Ledger: w.Store, Calendar: calendar.National, Packs: builtIn{}, Now: w.Store.Now}
	w.sql, err = pgx.Connect(t.Context(), dsn)
	check(t, err)
	t.Cleanup(func() { w.sql.Close(t.Context()) })
	rows, err := w.sql.Query(t.Context(), `select login, id::text from people`)
	check(t, err)
	var login, id string
	_, err = pgx.ForEachRow(rows, []any{&login, &id}, func() error {
		w.Bureau[proposal.Role(login)] = store.Person{Person: proposal.Person{ID: proposal.PersonID(id)}}
		return nil
	})
	check(t, err)
	return w
}

// A record that an older program left is brought up to date and proves itself as before, though its events tell less; what is altered in it is named; and
// what this program adds to it is held as its own.
func TestVerifyRecordOfAnOlderProgram(t *testing.T) {
	w := older(t)
	ctx := t.Context()
	sound := func(when string) {
		t.Helper()
		report, err := w.VerifyChain(ctx, nil)
		if err != nil || len(report.Breaks) > 0 || report.Events == 0 {
			t.Fatalf("%s: chain: %+v, %v", when, report, err)
		}
		if changes, broken, err := w.VerifyStaffChain(ctx); err != nil || broken != 0 || changes == 0 {
			t.Fatalf("%s: changes of the bureau: %d, broken at %d, %v", when, changes, broken, err)
		}
		if rows, err := w.VerifyRows(ctx); err != nil || len(rows) > 0 {
			t.Fatalf("%s: rows: %v, %v", when, rows, err)
		}
	}
	sound("brought up to date")
	if n := w.count(t, `select count(*) from events where input -> 'kept' is not null`); n > 0 {
		t.Fatalf("%d events of the older program tell what it did not tell", n)
	}
	_, err := w.sql.Exec(ctx, `set session_replication_role = replica`) // triggers and foreign keys off
	check(t, err)
	for _, c := range []struct{ table, column, to string }{
		{"cases", "state", `jsonb_set(state, '{leader}', '"somebody"')`},
		{"cases", "lead_deputy", `'张三'`},
		{"cases", "handler", `null`},
		{"case_states", "state", `jsonb_set(state, '{stage}', '"returned"')`},
		{"publications", "body", `body || '。'`},
		{"publication_takedowns", "edition", `1`},
		{"voided_numbers", "serial", `serial + 1`},
		{"case_links", "kind", `'last_year'`},
		{"amendments", "was", `'张三'`},
		{"api_tokens", "expires_at", `expires_at + interval '1 year'`},
		{"people", "login", `login || 'x'`},
		{"attachments", "data", `'y'`},
	} {
		var place, was, kind string
		check(t, w.sql.QueryRow(ctx, `select ctid::text, `+c.column+`::text, pg_typeof(`+c.column+`)::text from `+c.table+` order by ctid desc limit 1`).Scan(&place, &was, &kind))
		check(t, w.sql.QueryRow(ctx, `update `+c.table+` set `+c.column+` = `+c.to+` where ctid = $1::text::tid returning ctid::text`, place).Scan(&place))
		breaks, err := w.VerifyRows(ctx)
		check(t, err)
		if !slices.ContainsFunc(breaks, func(b store.RowBreak) bool { return b.Table == c.table && b.Reason == store.RowChanged }) {
			t.Errorf("%s.%s = %s: %v", c.table, c.column, c.to, breaks)
		}
		_, err = w.sql.Exec(ctx, `update `+c.table+` set `+c.column+` = $1::text::`+kind+` where ctid = $2::text::tid`, was, place)
		check(t, err)
	}
	sound("put back")

	var open string
	check(t, w.sql.QueryRow(ctx, `select id::text from cases where stage = 'office_review'`).Scan(&open))
	w.advance(t, open, proposal.Closed)
	sound("carried on")
	_, err = w.sql.Exec(ctx, `update case_states set state = jsonb_set(state, '{leader}', '"somebody"') where case_id = $1 and event_no = (select max(event_no) from case_states where case_id = $1) - 1`, open)
	check(t, err)
	if breaks, err := w.VerifyRows(ctx); err != nil || len(breaks) != 1 || breaks[0].Table != "case_states" || breaks[0].CaseID != open {
		t.Errorf("what this program kept: %v, %v", breaks, err)
	}
}
