package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database's schema to the version of this program. Several processes may call it at once: one works,
// the others wait for it.
func Migrate(ctx context.Context, dsn string) error { return migrateTo(ctx, dsn, newestSchema()) }

// migrateTo brings the schema up to the version; one that is there or beyond stays as it is.
func migrateTo(ctx context.Context, dsn string, version int64) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read the database address: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	// Ask for the lock every second, not goose's five: whoever waits is a program being started.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if _, err := provider.UpTo(ctx, version); err != nil {
		return edge(fmt.Errorf("migrate the database: %w", err))
	}
	return nil
}

// newestSchema is the version that this program works with.
func newestSchema() (newest int64) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, file := range files {
		version, err := goose.NumericComponent(file.Name())
		if err != nil {
			panic(err)
		}
		newest = max(newest, version)
	}
	return newest
}

// schemaVersion is the version of the database; 0 if it has no schema yet.
func schemaVersion(ctx context.Context, db interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
},
) (version int64, err error) {
	var migrated bool
	if err := db.QueryRow(ctx, `select to_regclass('goose_db_version') is not null`).Scan(&migrated); err != nil || !migrated {
		return 0, err
	}
	err = db.QueryRow(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&version)
	return version, err
}

// checkSchema refuses a database that another version of the program has to be run on.
func checkSchema(version int64) error {
	switch newest := newestSchema(); {
	case version < newest:
		return fmt.Errorf("the schema of the database is of version %d and this program needs %d: bring it up to date with «banli migrate»", version, newest)
	case version > newest:
		return fmt.Errorf("the schema of the database is of version %d, made by a newer Banli; this one knows %d: start the newer one", version, newest)
	}
	return nil
}
