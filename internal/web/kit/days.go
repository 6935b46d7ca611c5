package kit

import (
	"context"
	"sync"
	"time"

	"github.com/banli/banli/internal/calendar"
)

// dayBook holds the calendar with the years that were loaded while the program runs.
type dayBook struct {
	mu   sync.Mutex
	days *calendar.Calendar
	read time.Time
}

// daysFresh is how long a calendar is taken for the newest: years are loaded once a year.
const daysFresh = 30 * time.Second

// Days is the calendar by which pages count. Without the database it is the last one known.
func (s *Kit) Days(ctx context.Context) *calendar.Calendar {
	b := &s.book
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := s.Now(); b.days == nil || now.Sub(b.read) > daysFresh {
		if days, err := s.store.Calendar(ctx); err == nil {
			b.days, b.read = days, now
		}
	}
	if b.days == nil {
		return calendar.National()
	}
	return b.days
}
