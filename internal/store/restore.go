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

	"github.com/jackc/pgx/v5"
)

// Restore puts a backup of size bytes into an empty database, and brings that to the schema of this program. The whole backup is looked at
// before anything is written. Every error is one plain line.
func Restore(ctx context.Context, dsn string, backup io.ReaderAt, size int64) (Archive, error) {
	archive, err := zip.NewReader(backup, size)
	if err != nil {
		return Archive{}, errors.New("this is no backup of Banli, or its end is missing")
	}
	a, err := readManifest(archive)
	if err != nil {
		return a, err
	}
	conn, err := connectPlainly(ctx, dsn)
	if err != nil {
		return a, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var tables int
	if err := conn.QueryRow(ctx, `select count(*) from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`).Scan(&tables); err != nil {
		return a, edge(err)
	}
	if tables > 0 {
		return a, errors.New("the database is not empty: a backup is restored into one in which there is nothing yet")
	}
	if err := migrateTo(ctx, dsn, a.Schema); err != nil {
		return a, err
	}
	if err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return fill(ctx, tx, archive, a) }); err != nil {
		return a, fmt.Errorf("the restore was given up, make another empty database for the next: %w", err)
	}
	return a, Migrate(ctx, dsn)
}

// readManifest reads what the backup says it holds, and checks that it does.
func readManifest(archive *zip.Reader) (a Archive, err error) {
	damaged := func(what string, err error) error {
		return fmt.Errorf("the backup is damaged: %s is not as it was written (%w)", what, err)
	}
	file, err := archive.Open(manifestName)
	if err != nil {
		return a, errors.New("this is no backup of Banli: it has no " + manifestName)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	switch newest := newestSchema(); {
	case err != nil:
		return a, damaged(manifestName, err)
	case a.Format != archiveFormat:
		return a, fmt.Errorf("the backup is of format %d and this program reads format %d: restore it with the Banli that wrote it", a.Format, archiveFormat)
	case a.Schema > newest:
		return a, fmt.Errorf("the backup was written by a newer Banli, with schema %d; this one knows %d: restore it with the newer one", a.Schema, newest)
	}
	for _, t := range a.Tables {
		sum := sha256.New()
		if err := readTable(archive, t, sum); err != nil {
			return a, damaged(t.file(), err)
		}
		if hex.EncodeToString(sum.Sum(nil)) != t.SHA256 {
			return a, damaged(t.file(), errors.New("its checksum is another"))
		}
	}
	return a, nil
}

func readTable(archive *zip.Reader, t ArchivedTable, into io.Writer) error {
	file, err := archive.Open(t.file())
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(into, file)
	return err
}

// fill puts the rows in as they were. What the triggers did when the rows came into being is among them.
func fill(ctx context.Context, tx pgx.Tx, archive *zip.Reader, a Archive) error {
	for _, t := range a.Tables {
		if _, err := tx.Exec(ctx, fmt.Sprintf("alter table %s disable trigger user", pgx.Identifier{t.Name}.Sanitize())); err != nil {
			return err
		}
	}
	for _, t := range a.Tables { // of rows that migrations made the backup holds its own
		if _, err := tx.Exec(ctx, fmt.Sprintf("truncate %s cascade", pgx.Identifier{t.Name}.Sanitize())); err != nil {
			return err
		}
	}
	for _, t := range a.Tables {
		if err := fillTable(ctx, tx, archive, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	for name, last := range a.Sequences {
		if _, err := tx.Exec(ctx, `select setval($1::regclass, $2)`, pgx.Identifier{name}.Sanitize(), last); err != nil {
			return err
		}
	}
	for _, t := range a.Tables {
		if _, err := tx.Exec(ctx, fmt.Sprintf("alter table %s enable trigger user", pgx.Identifier{t.Name}.Sanitize())); err != nil {
			return err
		}
	}
	return nil
}

func fillTable(ctx context.Context, tx pgx.Tx, archive *zip.Reader, t ArchivedTable) error {
	file, err := archive.Open(t.file())
	if err != nil {
		return err
	}
	defer file.Close()
	copied, err := tx.Conn().PgConn().CopyFrom(ctx, file,
		fmt.Sprintf("copy %s (%s) from stdin (format csv, header)", pgx.Identifier{t.Name}.Sanitize(), t.columns()))
	if err == nil && copied.RowsAffected() != t.Rows {
		err = fmt.Errorf("%d rows instead of %d", copied.RowsAffected(), t.Rows)
	}
	return err
}
