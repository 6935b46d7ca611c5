package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit"
)

// liveCalendar runs until the test ends, and hands over a value for every change.
func liveCalendar(t *testing.T, s *store.Store) (live *store.LiveCalendar, changes <-chan struct{}) {
	t.Helper()
	live, err := store.NewLiveCalendar(t.Context(), s)
	check(t, err)
	told, done := make(chan struct{}, 10), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		defer close(done)
		live.Run(ctx, func() error { told <- struct{}{}; return nil })
	}()
	t.Cleanup(func() {
		stop()
		select {
		case <-done:
		case <-time.After(patience):
			t.Error("the live calendar does not end with its context")
		}
	})
	return live, told
}

// awaitChange fails the test if no change is told.
func awaitChange(t *testing.T, changes <-chan struct{}) {
	t.Helper()
	select {
	case <-changes:
	case <-time.After(patience):
		t.Fatal("no change is told")
	}
}

// A year that is loaded while the program runs counts at once.
func TestLiveCalendarHearsOfALoad(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	friday := calendar.NewDate(2027, 2, 12)
	live, changes := liveCalendar(t, w.Store)
	if live.Current().Published(2027) {
		t.Fatal("2027 is known before its notice")
	}
	w.listening(t)
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", notice2027(t, "2027-02-11")))
	awaitChange(t, changes)
	if c := live.Current(); !c.Published(2027) || !c.IsWorkday(friday) {
		t.Error("2027 is loaded, but does not count")
	}
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", notice2027(t, "2027-02-12")))
	awaitChange(t, changes)
	if live.Current().IsWorkday(friday) {
		t.Error("the correction does not count")
	}
	// Nothing new is not told.
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", notice2027(t, "2027-02-12")))
	_, err := w.sql.Exec(t.Context(), `notify banli_calendar`)
	check(t, err)
	select {
	case <-changes:
		t.Error("a change is told of though nothing changed")
	case <-time.After(200 * time.Millisecond):
	}
}

// While the database is away the last calendar stands; what was loaded meanwhile counts when it is back.
func TestLiveCalendarSurvivesAnOutage(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	live, changes := liveCalendar(t, w.Store)
	w.listening(t)
	var database string
	check(t, w.sql.QueryRow(t.Context(), `select current_database()`).Scan(&database))
	admin := testkit.Postgres(t)
	check(t, admin.Exec(t.Context(), `alter database `+database+` allow_connections false`))
	check(t, admin.Exec(t.Context(), `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '`+database+`' and query ilike 'listen%'`))
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", notice2027(t, "2027-02-11"))) // on a connection that it had
	time.Sleep(1500 * time.Millisecond)                                               // Run asks once more, and is refused
	if live.Current() == nil || live.Current().Published(2027) {
		t.Error("the calendar changed during the outage")
	}
	check(t, admin.Exec(t.Context(), `alter database `+database+` allow_connections true`))
	awaitChange(t, changes)
	if !live.Current().Published(2027) {
		t.Error("2027 was loaded during the outage, but does not count after it")
	}
}

// listening waits until somebody hears of loads.
func (w *world) listening(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if w.count(t, `select count(*) from pg_stat_activity where datname = current_database() and query ilike 'listen%'`) > 0 {
			return
		}
	}
	t.Fatal("nobody listens")
}

// Whoever is to count by a new calendar may be away when it comes: he is told again until he has heard.
func TestLiveCalendarTellsUntilItIsHeard(t *testing.T) {
	t.Parallel() // it waits more than it works
	w := newWorld(t)
	live, err := store.NewLiveCalendar(t.Context(), w.Store)
	check(t, err)
	told := make(chan struct{}, 10)
	deaf := 2
	go live.Run(t.Context(), func() error {
		told <- struct{}{}
		if deaf--; deaf >= 0 {
			return errors.New("away")
		}
		return nil
	})
	w.listening(t)
	check(t, w.SaveCalendarYears(t.Context(), "hanxue", notice2027(t, "2027-02-11")))
	awaitChange(t, told)
	for range 2 { // as a minute's silence does
		_, err := w.sql.Exec(t.Context(), `notify banli_calendar`)
		check(t, err)
		awaitChange(t, told)
	}
	_, err = w.sql.Exec(t.Context(), `notify banli_calendar`)
	check(t, err)
	select {
	case <-told:
		t.Error("it is told once more though it was heard")
	case <-time.After(200 * time.Millisecond):
	}
}
