package store

import (
	"context"
	"sync/atomic"

	"github.com/banli/banli/internal/calendar"
)

// LiveCalendar is the calendar of now: the built-in years with those of the database, read again while the program runs.
type LiveCalendar struct {
	store   *Store
	current atomic.Pointer[calendar.Calendar]
	told    string // the version of which changed has heard
}

// NewLiveCalendar reads the calendar once. It fails if the database does not answer, or if what it holds makes no calendar.
func NewLiveCalendar(ctx context.Context, s *Store) (*LiveCalendar, error) {
	l := &LiveCalendar{store: s}
	c, err := s.Calendar(ctx)
	if err != nil {
		return nil, err
	}
	l.current.Store(c)
	l.told = c.Version()
	return l, nil
}

// Current is the calendar of now. Whoever counts twice for one purpose asks once: it may change in between.
func (l *LiveCalendar) Current() *calendar.Calendar { return l.current.Load() }

// Run keeps the calendar up to date on a connection of its own until the context ends, and calls changed after each change,
// one call at a time; one that fails is called again at the next reading. It does not call changed for what NewLiveCalendar read. While the database cannot be reached, or holds
// what makes no calendar, the last calendar stands. Run it once.
func (l *LiveCalendar) Run(ctx context.Context, changed func() error) {
	reread := func(ctx context.Context) error { return l.reread(ctx, changed) }
	l.store.listen(ctx, listener{
		channel: calendarChannel,
		quiet:   rereadEvery,
		began:   reread,
		said:    func(ctx context.Context, _ string) error { return reread(ctx) },
		silent:  reread,
		lost: func(err error) {
			l.store.Log.Warn("the calendar is not read again until the database answers", "err", err)
		},
	})
}

func (l *LiveCalendar) reread(ctx context.Context, changed func() error) error {
	within, cancel := context.WithTimeout(ctx, rereadWithin)
	defer cancel()
	c, err := l.store.Calendar(within)
	if err != nil {
		return err
	}
	if c.Version() != l.Current().Version() {
		l.current.Store(c)
	}
	if c.Version() == l.told {
		return nil
	}
	if err := changed(); err != nil {
		l.store.Log.Error("nobody counts by the new calendar yet", "err", err)
		return nil
	}
	l.told = c.Version()
	return nil
}
