package store

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/jackc/pgx/v5"
)

// LoadedYear is a year of the calendar that was loaded into the database.
type LoadedYear struct {
	Year calendar.Year
	By   string
	At   time.Time
}

// SaveCalendarYear keeps the file of a year, in place of an earlier one. Every running program counts by it within a minute.
// The error says what is wrong with the year beside the others that are known.
func (s *Store) SaveCalendarYear(ctx context.Context, y calendar.Year, by string) error {
	current, err := s.Calendar(ctx)
	if err != nil {
		return err
	}
	if _, err := current.With(y); err != nil {
		return err
	}
	file, err := json.Marshal(y)
	if err != nil {
		return fmt.Errorf("encode the year: %w", err)
	}
	_, err = s.pool.Exec(ctx, `
		insert into calendar_years (year, file, loaded_by, loaded_at) values ($1, $2, $3, $4)
		on conflict (year) do update set file = excluded.file, loaded_by = excluded.loaded_by, loaded_at = excluded.loaded_at`,
		y.Year, file, by, s.Now().UTC())
	return edge(err)
}

// LoadedYears lists the years in the database, in order.
func (s *Store) LoadedYears(ctx context.Context) ([]LoadedYear, error) {
	rows, err := s.pool.Query(ctx, `select file, loaded_by, loaded_at from calendar_years order by year`)
	if err != nil {
		return nil, edge(err)
	}
	years, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (y LoadedYear, err error) {
		var file []byte
		if err := row.Scan(&file, &y.By, instant{&y.At}); err != nil {
			return y, err
		}
		y.Year, err = calendar.Parse(file)
		return y, err
	})
	return years, edge(err)
}

// Calendar is the built-in calendar with the years of the database.
func (s *Store) Calendar(ctx context.Context) (*calendar.Calendar, error) {
	loaded, err := s.LoadedYears(ctx)
	if err != nil {
		return nil, err
	}
	var years []calendar.Year
	for _, y := range loaded {
		years = append(years, y.Year)
	}
	return calendar.National().With(years...)
}

// CalendarMove is a deadline that moved when it was counted again.
type CalendarMove struct {
	CaseID   string
	Key      proposal.Key
	Clock    proposal.ClockKind
	Ref      string
	From, To calendar.Date
	At       time.Time
}

// CalendarMoves lists what moved last, newest first.
func (s *Store) CalendarMoves(ctx context.Context, limit int) ([]CalendarMove, error) {
	rows, err := s.pool.Query(ctx, `
		select m.case_id::text, c.body, c.level, c.term, c.session, c.intersession, c.number, m.clock, m.ref, m.from_due, m.to_due, m.at
		from calendar_moves m join cases c on c.id = m.case_id order by m.at desc, m.id desc limit $1`, limit)
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

// LiveCalendar is the calendar of now: the built-in years with those of the database, read again while the program runs.
type LiveCalendar struct {
	store   *Store
	current atomic.Pointer[calendar.Calendar]
}

// rereadEvery is how long a loaded year may take to reach a running program.
const rereadEvery = 20 * time.Second

// NewLiveCalendar reads the calendar once.
func NewLiveCalendar(ctx context.Context, s *Store) (*LiveCalendar, error) {
	l := &LiveCalendar{store: s}
	c, err := s.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	l.current.Store(c)
	return l, nil
}

// Current is the calendar of now.
func (l *LiveCalendar) Current() *calendar.Calendar { return l.current.Load() }

// Run reads the calendar again and again until the context ends, and calls changed after each change. While the database
// cannot be reached the last calendar stands.
func (l *LiveCalendar) Run(ctx context.Context, changed func()) {
	for tick := time.NewTicker(rereadEvery); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		c, err := l.store.Calendar(ctx)
		if err == nil && c.Version() != l.Current().Version() {
			l.current.Store(c)
			changed()
		}
	}
}
