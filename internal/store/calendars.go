package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// calendarChannel is where Postgres tells running programs that a year was loaded.
const calendarChannel = "banli_calendar"

// LoadedYear is a year of the calendar that was loaded into the database.
type LoadedYear struct {
	Year calendar.Year
	By   string    // whoever ran the command
	At   time.Time // UTC
}

// SaveCalendarYears keeps years' files, each in place of an earlier one, all or none: a day may move from one year's file to
// another's. Running programs hear of it at the commit. A file that is loaded already changes nothing and is not loaded twice.
//
// InvalidInput if the years make no calendar together with the others that are known; the error in its chain says why.
func (s *Store) SaveCalendarYears(ctx context.Context, by string, years ...calendar.Year) error {
	if by == "" {
		return invalid("by", proposal.FieldRequired)
	}
	return edge(pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		// Two loads at a time might each be sound and make no calendar together.
		if _, err := tx.Exec(ctx, `lock table calendar_years in share row exclusive mode`); err != nil {
			return err
		}
		loaded, err := loadedYears(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := calendarOf(loaded, years...); err != nil {
			return fmt.Errorf("%w: %w", invalid("file", proposal.FieldMalformed), err)
		}
		var b pgx.Batch
		for _, y := range years {
			if err := queueYear(&b, loaded, LoadedYear{Year: y, By: by, At: s.Now().UTC()}); err != nil {
				return err
			}
		}
		return tx.SendBatch(ctx, &b).Close()
	}))
}

// queueYear queues what keeps a year, unless it is among the loaded ones word for word.
func queueYear(b *pgx.Batch, loaded []LoadedYear, y LoadedYear) error {
	file, err := json.Marshal(y.Year)
	if err != nil {
		return err
	}
	for _, old := range loaded {
		if same, err := json.Marshal(old.Year); err != nil {
			return err
		} else if bytes.Equal(same, file) {
			return nil
		}
	}
	b.Queue(`
		insert into calendar_years (year, file, loaded_by, loaded_at) values ($1, $2, $3, $4)
		on conflict (year) do update set file = excluded.file, loaded_by = excluded.loaded_by, loaded_at = excluded.loaded_at`,
		y.Year.Year, file, y.By, y.At)
	b.Queue(`insert into calendar_loads (year, file, sha256, loaded_by, loaded_at) values ($1, $2, $3, $4, $5)`,
		y.Year.Year, file, hashOf(file), y.By, y.At)
	b.Queue(`select pg_notify($1, $2)`, calendarChannel, fmt.Sprint(y.Year.Year))
	return nil
}

// LoadedYears lists the years in the database, the earliest first.
func (s *Store) LoadedYears(ctx context.Context) ([]LoadedYear, error) {
	years, err := loadedYears(ctx, s.pool)
	return years, edge(err)
}

func loadedYears(ctx context.Context, from interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
},
) ([]LoadedYear, error) {
	rows, err := from.Query(ctx, `select file, loaded_by, loaded_at from calendar_years order by year`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (y LoadedYear, err error) {
		var file []byte
		if err := row.Scan(&file, &y.By, instant{&y.At}); err != nil {
			return y, err
		}
		y.Year, err = calendar.Parse(file)
		return y, err
	})
}

// Calendar is the built-in calendar with the years of the database. A loaded year stands in place of a built-in one, also of
// one that came with a later release.
func (s *Store) Calendar(ctx context.Context) (*calendar.Calendar, error) {
	loaded, err := s.LoadedYears(ctx)
	if err != nil {
		return nil, err
	}
	return calendarOf(loaded)
}

// calendarOf is the built-in calendar with the loaded years, and further ones in place of them.
func calendarOf(loaded []LoadedYear, further ...calendar.Year) (*calendar.Calendar, error) {
	years := slices.Clone(further)
	for _, l := range loaded {
		if !slices.ContainsFunc(further, func(y calendar.Year) bool { return y.Year == l.Year.Year }) {
			years = append(years, l.Year)
		}
	}
	return calendar.National().With(years...)
}

// CalendarMove is a deadline that moved when it was counted again.
type CalendarMove struct {
	CaseID   string
	Key      assembly.RegisterKey
	Clock    proposal.ClockKind
	Ref      string // of the strand; "" for the case's own clocks
	From, To calendar.Date
	At       time.Time // UTC
}

// CalendarMoves lists the deadlines that the newest load has moved so far, the last first; those that a release has moved if
// nothing was ever loaded. Recording the recount of a case writes them.
func (s *Store) CalendarMoves(ctx context.Context, limit int) ([]CalendarMove, error) {
	rows, err := s.pool.Query(ctx, `
		select m.case_id::text, c.body, c.level, c.term, c.session, c.intersession, c.number, m.clock, m.ref, m.from_due, m.to_due, m.at
		from calendar_moves m join cases c on c.id = m.case_id
		where m.load is not distinct from newest_calendar_load() order by m.id desc limit $1`, limit)
	if err != nil {
		return nil, edge(err)
	}
	moves, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m CalendarMove, err error) {
		k := &m.Key
		return m, row.Scan(&m.CaseID, &k.Body, &k.Level, &k.Term, &k.Session, &k.Intersession, &k.Number, &m.Clock, &m.Ref, &m.From, &m.To,
			instant{&m.At})
	})
	return moves, edge(err)
}
