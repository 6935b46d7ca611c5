package supervision

import (
	"context"
	"sync"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// How long a page and a file wait for what is read of last year.
const (
	pagePatience = 300 * time.Millisecond
	filePatience = time.Minute
)

// daily keeps what is told of last year: it does not change any more, but for what is recorded later and a calendar that is corrected, and reading it takes
// as long as the year was busy. It is read once a day, and each minute as long as it tells nothing, beside the pages: they show what was read before.
type daily[T any] struct {
	sync.Mutex
	on      calendar.Date
	told    T
	empty   time.Time // when it was read and told nothing; zero if it tells something
	err     error
	reading chan struct{} // closed at its end; nil if nothing is being read
}

// read waits so long for last year, and returns what is known; known is false while it is being read for the first time. load says whether what it
// returns tells anything.
func (d *daily[T]) read(
	ctx context.Context, today calendar.Date, patience time.Duration, load func(context.Context) (told T, tells bool, err error),
) (told T, known bool, err error) {
	d.Lock()
	if d.reading == nil && (d.on != today || !d.empty.IsZero() && time.Since(d.empty) >= time.Minute) {
		d.reading = make(chan struct{})
		go d.begin(context.WithoutCancel(ctx), today, load)
	}
	reading := d.reading
	d.Unlock()
	if reading != nil {
		select {
		case <-reading:
		case <-time.After(patience):
		case <-ctx.Done():
		}
	}
	d.Lock()
	defer d.Unlock()
	if d.on.Year != today.Year {
		return told, false, d.err
	}
	return d.told, true, nil
}

func (d *daily[T]) begin(ctx context.Context, today calendar.Date, load func(context.Context) (T, bool, error)) {
	told, tells, err := load(ctx)
	d.Lock()
	defer d.Unlock()
	close(d.reading)
	d.reading = nil
	if d.err = err; err == nil {
		d.on, d.told, d.empty = today, told, time.Time{}
		if !tells {
			d.empty = time.Now()
		}
	}
}
