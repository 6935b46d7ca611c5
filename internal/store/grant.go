package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// Grant lets a role of the database work with the record without owning it. It reads and adds everywhere; what is only ever added to (events, and
// whatever else refuses changes) it can neither change nor delete, nor switch off what refuses that. The role must be there; dsn is the owner's, as for
// [Migrate], after which it is called again: a new version has new tables.
func Grant(ctx context.Context, dsn, role string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return edge(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return edge(pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return grant(ctx, tx, role) }))
}

func grant(ctx context.Context, tx pgx.Tx, role string) error {
	var owns bool
	if err := tx.QueryRow(ctx, `select pg_has_role($1, current_user, 'member')`, role).Scan(&owns); err != nil {
		return err
	}
	if owns {
		return errors.New("the role has every right of the owner: it must be another, and no superuser")
	}
	to := pgx.Identifier{role}.Sanitize()
	rows, err := tx.Query(ctx, `
		select format('grant %s on %s to ', case
			when c.relkind = 'v' or c.relname = 'goose_db_version' then 'select'
			when exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = 'refuse_change'::regproc and t.tgtype & 16 > 0) then 'select, insert'
			else 'select, insert, update, delete' end, c.oid::regclass)
		from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
		union all select 'grant usage on schema public to '`)
	if err != nil {
		return err
	}
	grants, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "revoke all on all tables in schema public from "+to); err != nil {
		return err
	}
	for _, statement := range grants {
		if _, err := tx.Exec(ctx, statement+to); err != nil {
			return err
		}
	}
	return nil
}
