package app

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"
)

// A round that panics ends neither the program nor the rounds after it.
func TestARoundThatPanicsIsNotTheLast(t *testing.T) {
	a := &App{config: Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil))}}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	n := 0
	a.rounds(ctx, time.Millisecond, "", func(context.Context) error {
		if n++; n == 3 {
			stop()
			return nil
		}
		panic("a defect")
	})
	if n != 3 {
		t.Errorf("there were %d rounds", n)
	}
}
