package web

import (
	"sync"
	"time"
)

// After five wrong passwords an account rests for fifteen minutes at the address they came from. Counting account and
// address together keeps a stranger elsewhere from locking an officer out.
const (
	loginTries = 5
	loginRest  = 15 * time.Minute
)

// throttle counts failed logins in this process. Losing it at a restart costs a guesser five more tries, nothing else.
type throttle struct {
	now   func() time.Time
	mu    sync.Mutex
	tries map[string]attempts
}

type attempts struct {
	made int
	last time.Time
}

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, tries: map[string]attempts{}}
}

// take counts one try before the password is looked at, so that tries in parallel count too. It returns how many are left
// after this one, or how long the key must still rest, in which case the try must not be made.
func (t *throttle) take(key string) (left int, rest time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	for k, a := range t.tries {
		if now.Sub(a.last) > loginRest {
			delete(t.tries, k)
		}
	}
	a := t.tries[key]
	if a.made >= loginTries {
		return 0, a.last.Add(loginRest).Sub(now)
	}
	a.made++
	a.last = now
	t.tries[key] = a
	return loginTries - a.made, 0
}

func (t *throttle) clear(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, key)
}
