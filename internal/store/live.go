package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// rereadEvery is how long a change takes to reach a running program if Postgres' word of it is lost.
	rereadEvery = time.Minute
	// rereadWithin bounds one reading, so that a connection that hangs keeps nothing from being read again.
	rereadWithin = 10 * time.Second
)

// live is something of the database that running programs keep at hand. It is read when a program starts, and again when Postgres says that it was
// changed.
type live[T any] struct {
	what    string // of the warning
	channel string
	store   *Store
	read    func(context.Context) (T, error)
	reading sync.Mutex // so that what was read before is never kept after what was read later
	current atomic.Pointer[T]
}

// Run keeps it up to date on a connection of its own until the context ends. While the database cannot be reached, what was read last stands.
func (l *live[T]) Run(ctx context.Context) {
	l.store.listen(ctx, listener{
		channel: l.channel,
		quiet:   rereadEvery,
		began:   l.reread,
		said:    func(ctx context.Context, _ string) error { return l.reread(ctx) },
		silent:  l.reread,
		lost: func(err error) {
			l.store.Log.Warn(l.what+" are not read again until the database answers", "err", err)
		},
	})
}

func (l *live[T]) reread(ctx context.Context) error {
	within, cancel := context.WithTimeout(ctx, rereadWithin)
	defer cancel()
	l.reading.Lock()
	defer l.reading.Unlock()
	now, err := l.read(within)
	if err == nil {
		l.current.Store(&now)
	}
	return err
}
