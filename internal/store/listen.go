package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// listener hears one channel of Postgres on a connection of its own. An error from one of its functions ends the connection, as
// a lost network does, and listening begins anew.
type listener struct {
	channel string
	quiet   time.Duration               // how long nothing is said before silent is called
	began   func(context.Context) error // it listens, for the first time or again: what was said before, nobody tells
	said    func(ctx context.Context, payload string) error
	silent  func(context.Context) error
	lost    func(error) // once per outage
}

const (
	// dialWithin bounds connecting and what is asked right after, so that a connection that hangs does not hang the listener.
	dialWithin = 10 * time.Second
	// listenAgain is how long a listener waits before it asks a lost database again.
	listenAgain = time.Second
)

// listen runs until the context ends.
func (s *Store) listen(ctx context.Context, l listener) {
	for failing := false; ; {
		err := s.listenOnce(ctx, l, func() { failing = false })
		if ctx.Err() != nil {
			return
		}
		if !failing {
			l.lost(err)
			failing = true
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(listenAgain):
		}
	}
}

// listenOnce listens until something fails. It tells when nothing fails any more.
func (s *Store) listenOnce(ctx context.Context, l listener, wentWell func()) error {
	dial, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	conn, err := pgx.ConnectConfig(dial, s.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer func() {
		farewell, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		conn.Close(farewell)
	}()
	if _, err := conn.Exec(dial, "listen "+l.channel); err != nil {
		return err
	}
	if err := l.began(ctx); err != nil {
		return err
	}
	wentWell()
	for {
		wait, cancel := context.WithTimeout(ctx, l.quiet)
		heard, err := conn.WaitForNotification(wait)
		cancel()
		switch {
		case err == nil:
			err = l.said(ctx, heard.Payload)
		case ctx.Err() == nil && pgconn.Timeout(err):
			if err = alive(ctx, conn); err == nil {
				err = l.silent(ctx)
			}
		}
		if err != nil {
			return err
		}
	}
}

// alive asks whether a silent connection is still one: a network that was cut says nothing either.
func alive(ctx context.Context, conn *pgx.Conn) error {
	within, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	return conn.Ping(within)
}
