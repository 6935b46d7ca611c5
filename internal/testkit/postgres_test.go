package testkit_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/banli/banli/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var migrations int

// migrate leaves its connection open, as a careless pool does.
func migrate(ctx context.Context, dsn string) error {
	migrations++
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE TABLE proposal (number text PRIMARY KEY); INSERT INTO proposal VALUES ('0392')`)
	return err
}

func TestEachTestHasItsOwnMigratedDatabase(t *testing.T) {
	for _, name := range []string{"one", "another"} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			conn, err := pgx.Connect(t.Context(), testkit.Database(t, migrate))
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("a database took %v", time.Since(begun))
			var cases int
			if err := conn.QueryRow(t.Context(), `SELECT count(*) FROM proposal`).Scan(&cases); err != nil {
				t.Fatal(err)
			}
			if cases != 1 {
				t.Errorf("%d proposals, want the one that migrate wrote", cases)
			}
			if _, err := conn.Exec(t.Context(), `INSERT INTO proposal VALUES ('0393')`); err != nil {
				t.Fatal(err)
			}
		})
	}
	if migrations != 1 {
		t.Errorf("migrated %d times, want once", migrations)
	}
}
