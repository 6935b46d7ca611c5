package store_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
	"github.com/jackc/pgx/v5"
)

var emptied atomic.Int32

// emptyDatabase is one in which there is nothing.
func emptyDatabase(t *testing.T) (dsn string) {
	t.Helper()
	server := testkit.Postgres(t)
	name := fmt.Sprintf("empty_%d", emptied.Add(1))
	check(t, server.Exec(t.Context(), "create database "+name))
	return server.DSN(name)
}

func restore(t *testing.T, dsn string, backup []byte) (store.Archive, error) {
	t.Helper()
	return store.Restore(t.Context(), dsn, bytes.NewReader(backup), int64(len(backup)))
}

// contents is a digest of every table that a backup holds.
func contents(t *testing.T, sql *pgx.Conn) map[string]string {
	t.Helper()
	rows, err := sql.Query(t.Context(), `select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
		and relname not in ('sessions', 'goose_db_version', 'drift_reports')`)
	check(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	check(t, err)
	all := map[string]string{}
	for _, name := range names {
		var digest string
		check(t, sql.QueryRow(t.Context(), `select count(*) || ' ' || coalesce(md5(string_agg(r::text, E'\n' order by r::text)), '') from `+name+` r`).Scan(&digest))
		all[name] = digest
	}
	return all
}

// A backup that is restored elsewhere is the same record, row by row; it proves itself, and its cases go on.
func TestBackupAndRestore(t *testing.T) {
	w := newWorld(t)
	for _, stage := range []proposal.Stage{
		proposal.Registered, proposal.Drafting, proposal.Dispatching, proposal.Answered, proposal.Closed, proposal.Returned, proposal.Withdrawn,
	} {
		w.at(t, stage)
	}
	open := w.at(t, proposal.Drafting)
	words := "第一段\n\\.\n\"第二段\",\t\\N\r\n末段\u3000" // all that means something to COPY
	_, err := w.AddNote(t.Context(), w.ID(proposal.Handler), open, newID(), words, nil)
	check(t, err)
	scan := store.AttachmentInfo{Kind: store.ScanFile, Name: "代表来函.pdf", MediaType: "application/pdf"}
	_, err = w.SaveAttachment(t.Context(), w.ID(proposal.Liaison), open, newID(), scan, append([]byte("%PDF-1.7\n"), 0, 1, 255))
	check(t, err)
	_, err = w.sql.Exec(t.Context(), `insert into sessions select 'secret', 'x', now()`)
	check(t, err)

	var file bytes.Buffer
	archive, err := store.Backup(t.Context(), w.sql.Config().ConnString(), &file)
	check(t, err)
	before := contents(t, w.sql)

	dsn := emptyDatabase(t)
	restored, err := restore(t, dsn, file.Bytes())
	check(t, err)
	if restored.Rows() != archive.Rows() || archive.Rows() == 0 {
		t.Errorf("%d rows came back of %d", restored.Rows(), archive.Rows())
	}
	other := *w
	other.Store, err = store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(other.Store.Close)
	other.Store.Now = w.Now
	other.sql, err = pgx.Connect(t.Context(), dsn)
	check(t, err)
	t.Cleanup(func() { other.sql.Close(t.Context()) })
	other.cases = &activities.Cases{Ledger: other.Store, Calendar: calendar.National, Packs: builtIn{}, Now: w.Now}
	after := contents(t, other.sql)
	for name := range before {
		if before[name] != after[name] {
			t.Errorf("%s: %s was %s", name, after[name], before[name])
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d tables were %d", len(after), len(before))
	}
	if n := other.count(t, `select count(*) from sessions`); n != 0 {
		t.Error("the key of somebody who is logged in travels in a backup")
	}
	report, err := other.VerifyChain(t.Context(), nil)
	if err != nil || len(report.Breaks) > 0 || report.Events == 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
	if rows, err := other.VerifyRows(t.Context()); err != nil || len(rows) > 0 {
		t.Errorf("rows: %v, %v", rows, err)
	}
	if changes, broken, err := other.VerifyStaffChain(t.Context()); err != nil || broken != 0 || changes == 0 {
		t.Errorf("changes of the bureau: %d, broken at %d, %v", changes, broken, err)
	}
	// What the schema holds, it holds again, and the sequences go on: an id that was given out is no new row's.
	_, err = other.sql.Exec(t.Context(), `delete from events`)
	violates(t, err, "23001")
	other.advance(t, open, proposal.Closed)
}

// A backup is of one moment, whatever is done meanwhile: it always proves itself.
func TestBackupWhileOthersWork(t *testing.T) {
	w := newWorld(t)
	id := w.at(t, proposal.Drafting)
	working, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := range 40 {
			if i == 5 {
				close(working)
			}
			if _, err := w.AddNote(t.Context(), w.ID(proposal.Handler), id, newID(), fmt.Sprint(i), nil); err != nil {
				t.Error(err)
			}
		}
	}()
	<-working
	var file bytes.Buffer
	_, err := store.Backup(t.Context(), w.sql.Config().ConnString(), &file)
	check(t, err)
	<-done
	dsn := emptyDatabase(t)
	_, err = restore(t, dsn, file.Bytes())
	check(t, err)
	s, err := store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(s.Close)
	report, err := s.VerifyChain(t.Context(), nil)
	if err != nil || len(report.Breaks) > 0 {
		t.Errorf("chain: %+v, %v", report, err)
	}
	if rows, err := s.VerifyRows(t.Context()); err != nil || len(rows) > 0 {
		t.Errorf("rows: %v, %v", rows, err)
	}
}

// A backup of an older program is restored into the schema that it was of, and brought up to date from there.
func TestRestoreOfAnOlderBackup(t *testing.T) {
	from := emptyDatabase(t)
	sql := oldDatabase(t, from)
	liaison, handler := newID(), newID()
	for id, role := range map[string]string{liaison: "liaison", handler: "handler"} {
		_, err := sql.Exec(t.Context(), `insert into people (id, login, name, division, roles) values ($1, $2, $2, 'jiceng', array[$2])`, id, role)
		check(t, err)
	}
	insertOld(t, sql, oldCase{id: newID(), stage: "drafting"}, 1, liaison, handler)
	var file bytes.Buffer
	archive, err := store.Backup(t.Context(), from, &file)
	check(t, err)
	if archive.Schema != 4 {
		t.Fatalf("the backup is of schema %d", archive.Schema)
	}
	dsn := emptyDatabase(t)
	_, err = restore(t, dsn, file.Bytes())
	check(t, err)
	s, err := store.Open(t.Context(), dsn)
	check(t, err)
	t.Cleanup(s.Close)
	if report, err := s.VerifyChain(t.Context(), nil); err != nil || len(report.Breaks) > 0 || report.Events != 1 {
		t.Errorf("chain: %+v, %v", report, err)
	}
}

// rewritten is the backup with one file changed: a manifest as edit has it, or a table with other bytes.
func rewritten(t *testing.T, backup []byte, edit func(name string, text []byte) []byte) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(backup), int64(len(backup)))
	check(t, err)
	var into bytes.Buffer
	to := zip.NewWriter(&into)
	for _, f := range from.File {
		r, err := f.Open()
		check(t, err)
		text, err := io.ReadAll(r)
		check(t, err)
		file, err := to.Create(f.Name)
		check(t, err)
		_, err = file.Write(edit(f.Name, text))
		check(t, err)
	}
	check(t, to.Close())
	return into.Bytes()
}

// What cannot be restored is refused in words, before anything is written.
func TestRestoreRefuses(t *testing.T) {
	w := newWorld(t)
	w.register(t)
	var file bytes.Buffer
	_, err := store.Backup(t.Context(), w.sql.Config().ConnString(), &file)
	check(t, err)
	backup := file.Bytes()
	manifest := func(change map[string]any) []byte {
		return rewritten(t, backup, func(name string, text []byte) []byte {
			if name != "manifest.json" {
				return text
			}
			said := map[string]any{}
			check(t, json.Unmarshal(text, &said))
			maps.Copy(said, change)
			text, err := json.Marshal(said)
			check(t, err)
			return text
		})
	}
	swapped := rewritten(t, backup, func(name string, text []byte) []byte {
		if name == "cases.csv" {
			return bytes.Replace(text, []byte("0001"), []byte("0002"), 1)
		}
		return text
	})
	flipped := bytes.Clone(backup)
	flipped[len(flipped)/2] ^= 1
	empty := emptyDatabase(t)
	for _, c := range []struct {
		name   string
		dsn    string
		backup []byte
		says   string
	}{
		{"a database with a record", w.sql.Config().ConnString(), backup, "not empty"},
		{"a file of another kind", empty, []byte("select 1"), "no backup of Banli"},
		{"a zip of another kind", empty, rewritten(t, backup, func(string, []byte) []byte { return nil }), "damaged"},
		{"a file cut off", empty, backup[:len(backup)/2], "its end is missing"},
		{"a bit turned over", empty, flipped, "damaged"},
		{"another table in its place", empty, swapped, "cases.csv"},
		{"a newer schema", empty, manifest(map[string]any{"schema": 9999}), "newer Banli"},
		{"a newer format", empty, manifest(map[string]any{"format": 2}), "format 2"},
	} {
		_, err := restore(t, c.dsn, c.backup)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want one that says %q", c.name, err, c.says)
		}
	}
	_, err = restore(t, empty, backup)
	check(t, err) // nothing was left in it
}

// A program is run on the schema that it knows, not on another.
func TestOpenRefusesAnotherSchema(t *testing.T) {
	for version, says := range map[string]string{"9999": "start the newer one", "": "banli migrate"} {
		w := newWorld(t)
		statement := `delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`
		if version != "" {
			statement = `insert into goose_db_version (version_id, is_applied) values (` + version + `, true)`
		}
		_, err := w.sql.Exec(t.Context(), statement)
		check(t, err)
		if _, err := store.Open(t.Context(), w.sql.Config().ConnString()); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want one that says %q", err, says)
		}
	}
	if _, err := store.Open(t.Context(), emptyDatabase(t)); err == nil || !strings.Contains(err.Error(), "banli migrate") {
		t.Errorf("a database with no schema: %v", err)
	}
}
