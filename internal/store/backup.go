package store

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// A backup is a zip file: a CSV file of each table, as Postgres copies it, and a manifest, written last, that says what belongs to it. It
// holds the record alone: the engine's own database can be lost, since open cases are taken up from their rows.
const (
	archiveFormat = 1
	manifestName  = "manifest.json"
)

// Archive is what the manifest of a backup says.
type Archive struct {
	Format    int              `json:"format"`
	At        time.Time        `json:"at"`     // the moment whose record it holds
	Schema    int64            `json:"schema"` // the version of the database's schema
	Tables    []ArchivedTable  `json:"tables"` // in an order in which each stands after those that it refers to
	Sequences map[string]int64 `json:"sequences"`
}

// ArchivedTable is one file of a backup.
type ArchivedTable struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
	SHA256  string   `json:"sha256"`
}

// Rows counts those of all tables.
func (a Archive) Rows() (n int64) {
	for _, t := range a.Tables {
		n += t.Rows
	}
	return n
}

func (t ArchivedTable) file() string { return t.Name + ".csv" }

func (t ArchivedTable) columns() string {
	quoted := ""
	for i, c := range t.Columns {
		if i > 0 {
			quoted += ", "
		}
		quoted += pgx.Identifier{c}.Sanitize()
	}
	return quoted
}

// notArchived are tables that a backup leaves out: goose's own, which the restoring program makes; the keys of those who are logged in; and what was
// found of an engine that is not the one beside which the record will stand, so that there every case is compared with its workflow.
var notArchived = []string{"goose_db_version", "sessions", "drift_reports"}

// Backup writes the record as it is at one moment, while others go on changing it.
func Backup(ctx context.Context, dsn string, w io.Writer) (Archive, error) {
	a := Archive{Format: archiveFormat}
	conn, err := connectPlainly(ctx, dsn)
	if err != nil {
		return a, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return a, edge(err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if a.Schema, err = schemaVersion(ctx, tx); err != nil {
		return a, edge(err)
	} else if a.Schema == 0 {
		return a, errors.New("there is no record in this database")
	}
	if err := tx.QueryRow(ctx, `select clock_timestamp()`).Scan(instant{&a.At}); err != nil {
		return a, edge(err)
	}
	if a.Tables, err = tablesInOrder(ctx, tx); err != nil {
		return a, edge(err)
	}
	archive := zip.NewWriter(w)
	for i := range a.Tables {
		t := &a.Tables[i]
		file, err := archive.CreateHeader(&zip.FileHeader{Name: t.file(), Method: zip.Deflate, Modified: a.At})
		if err != nil {
			return a, err
		}
		sum := sha256.New()
		copied, err := conn.PgConn().CopyTo(ctx, io.MultiWriter(file, sum),
			fmt.Sprintf("copy %s (%s) to stdout (format csv, header)", pgx.Identifier{t.Name}.Sanitize(), t.columns()))
		if err != nil {
			return a, fmt.Errorf("copy %s: %w", t.Name, err)
		}
		t.Rows, t.SHA256 = copied.RowsAffected(), hex.EncodeToString(sum.Sum(nil))
	}
	// Read last: a sequence knows no snapshot, and must be beyond every row of this one.
	if a.Sequences, err = sequences(ctx, tx); err != nil {
		return a, edge(err)
	}
	manifest, err := archive.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate, Modified: a.At})
	if err != nil {
		return a, err
	}
	encoder := json.NewEncoder(manifest)
	encoder.SetIndent("", "  ")
	return a, errors.Join(encoder.Encode(a), archive.Close())
}

// connectPlainly connects so that dates are written and read alike, whatever the server is set to.
func connectPlainly(ctx context.Context, dsn string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	config.RuntimeParams["timezone"], config.RuntimeParams["datestyle"] = "UTC", "ISO, YMD"
	conn, err := pgx.ConnectConfig(ctx, config)
	return conn, edge(err)
}

// tablesInOrder lists the tables of the record, each after those that its foreign keys name.
func tablesInOrder(ctx context.Context, tx pgx.Tx) (ordered []ArchivedTable, err error) {
	rows, err := tx.Query(ctx, `
		select c.relname,
			(select array_agg(a.attname::text order by a.attnum) from pg_attribute a
				where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''),
			(select coalesce(array_agg(distinct f.confrelid::regclass::text), '{}') from pg_constraint f
				where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid)
		from pg_class c
		where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname <> all ($1)
		order by c.relname`, notArchived)
	if err != nil {
		return nil, err
	}
	refersTo := map[string][]string{}
	columns := map[string][]string{}
	var names, refers, of []string
	var name string
	_, err = pgx.ForEachRow(rows, []any{&name, &of, &refers}, func() error {
		names, refersTo[name], columns[name] = append(names, name), slices.Clone(refers), slices.Clone(of)
		return nil
	})
	placed := map[string]bool{}
	var place func(name string)
	place = func(name string) {
		if placed[name] {
			return
		}
		placed[name] = true
		for _, other := range refersTo[name] {
			place(other)
		}
		ordered = append(ordered, ArchivedTable{Name: name, Columns: columns[name]})
	}
	for _, name := range names {
		place(name)
	}
	return ordered, err
}

// sequences are the last values that were given out.
func sequences(ctx context.Context, tx pgx.Tx) (map[string]int64, error) {
	rows, err := tx.Query(ctx, `
		select sequencename, last_value from pg_sequences
		where schemaname = current_schema() and last_value is not null and sequencename not like 'goose%'`)
	if err != nil {
		return nil, err
	}
	last := map[string]int64{}
	var name string
	var value int64
	_, err = pgx.ForEachRow(rows, []any{&name, &value}, func() error {
		last[name] = value
		return nil
	})
	return last, err
}

// BackedUp keeps that a backup was written whole.
func (s *Store) BackedUp(ctx context.Context, a Archive, bytes int64, sum string) error {
	_, err := s.pool.Exec(ctx, `insert into backups (at, bytes, sha256) values ($1, $2, $3)`, a.At, bytes, sum)
	return edge(err)
}

// LastBackup is the moment whose record the newest backup holds; ok is false if there is none.
func (s *Store) LastBackup(ctx context.Context) (at time.Time, ok bool, err error) {
	err = s.pool.QueryRow(ctx, `select at from backups order by id desc limit 1`).Scan(instant{&at})
	if err := optional(err); err != nil {
		return at, false, edge(err)
	}
	return at, err == nil, nil
}
