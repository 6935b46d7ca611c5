package temporal

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"go.temporal.io/server/common/log/tag"
)

func TestLoggerPassesOnWhatMatters(t *testing.T) {
	var out bytes.Buffer
	l := newLogger(slog.New(slog.NewTextHandler(&out, nil)))
	history := l.With(tag.String("service", "history"))
	history.Info("started")
	history.Error("Queue reader unable to retrieve tasks", tag.Error(errors.New("shard status unknown")))
	l.Warn("HTTP API port has not been set. Nexus HTTP endpoints will not be available.")
	if out.Len() != 0 {
		t.Errorf("logged %q, want nothing", out.String())
	}
	history.Error("Queue reader unable to retrieve tasks", tag.Error(errors.New("connection refused")))
	for _, want := range []string{"level=ERROR", "component=temporal", "service=history", `error="connection refused"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("logged %q, want %s in it", out.String(), want)
		}
	}
	out.Reset()
	l.mute()
	history.Error("lost the connection")
	if out.Len() != 0 {
		t.Errorf("logged %q after mute, want nothing", out.String())
	}
}

func TestFatalSaysWhatItKnows(t *testing.T) {
	defer func() {
		failure, ok := recover().(fatal)
		if want := "Failed to start gRPC listener, error in use"; !ok || failure.Error() != want {
			t.Errorf("panic %v, want %q", failure, want)
		}
	}()
	newLogger(slog.Default()).Fatal("Failed to start gRPC listener", tag.Error(errors.New("in use")))
}
