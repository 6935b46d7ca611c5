package store

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// Bureau is what the bureau says of itself now; its zero value before the set-up. Its name is that of the day on which a reply was signed, which the
// reply goes on bearing; for no day, today's.
func (s *Store) Bureau(ctx context.Context, signed calendar.Date) (b proposal.Bureau, err error) {
	var batch pgx.Batch
	queueBureau(&batch, `$1::date`, &b, signed)
	return b, edge(s.pool.SendBatch(ctx, &batch).Close())
}

// queueBureau reads the bureau with the name of a day, which is SQL. A reply that was signed before the bureau was entered here bears the first name
// that is known.
func queueBureau(batch *pgx.Batch, day string, b *proposal.Bureau, args ...any) {
	batch.Queue(`
		with named as (select name from bureaus where (at at time zone 'Asia/Shanghai')::date <= `+day+` order by no desc limit 1)
		select case when `+day+` is null then b.name else coalesce((select name from named), (select name from bureaus order by no limit 1)) end,
			b.name_en, b.short, b.short_en, b.level, b.place, b.phone, b.assemblies, b.series, b.site, b.profile, nullif(b.second_factor, '{}'), b.login, b.demonstration
		from bureaus b order by b.no desc limit 1`, args...).
		QueryRow(func(row pgx.Row) error {
			return optional(row.Scan(&b.Name, &b.NameEN, &b.Short, &b.ShortEN, &b.Level, &b.Place, &b.Phone, &b.Assemblies, &b.Series, &b.Site, &b.Profile, &b.SecondFactor, &b.Login, &b.Demonstration))
		})
}

// SaveBureau is [Edit.Bureau] by itself.
func (s *Store) SaveBureau(ctx context.Context, by proposal.PersonID, b proposal.Bureau) error {
	return s.Edit(ctx, by, func(e *Edit) error { return e.Bureau(ctx, b) })
}

// Bureau keeps what the bureau says of itself; the same again changes nothing. It refuses wrong fields.
func (e *Edit) Bureau(ctx context.Context, b proposal.Bureau) error {
	if wrong := b.Check(); len(wrong) > 0 {
		return &proposal.Refusal{Code: proposal.InvalidInput, Fields: wrong}
	}
	_, err := e.tx.Exec(ctx, `
		insert into bureaus (at, by, name, name_en, short, short_en, level, place, phone, assemblies, series, site, profile, demonstration, second_factor, login)
		select v.* from (values ($1::timestamptz, $2::uuid, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12::jsonb, $13, $14::boolean, $15::text[], $16::jsonb)) v
		where not exists (
			select from (select * from bureaus order by no desc limit 1) b
			where (b.name, b.name_en, b.short, b.short_en, b.level, b.place, b.phone, b.assemblies, b.series, b.site, b.profile, b.demonstration, b.second_factor, b.login)
				= ($3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12::jsonb, $13, $14::boolean, $15::text[], $16::jsonb))`,
		e.now, orNull(e.by), b.Name, b.NameEN, b.Short, b.ShortEN, b.Level, b.Place, b.Phone, b.Assemblies, b.Series, b.Site, b.Profile, b.Demonstration, notNil(b.SecondFactor), b.Login)
	return err
}
