package temporal

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"

	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/log/tag"
)

// logger hands the server's warnings and errors to slog, and drops the rest.
type logger struct {
	log   *slog.Logger
	muted *atomic.Bool // shared with everything that With made
}

var (
	_ log.Logger     = (*logger)(nil)
	_ log.WithLogger = (*logger)(nil)
)

func newLogger(to *slog.Logger) *logger {
	return &logger{log: to.With("component", "temporal"), muted: new(atomic.Bool)}
}

// mute silences the logger for good.
func (l *logger) mute() { l.muted.Store(true) }

// fatal is what Fatal panics with.
type fatal string

func (f fatal) Error() string { return string(f) }

func (l *logger) Debug(string, ...tag.Tag) {}
func (l *logger) Info(string, ...tag.Tag)  {}

func (l *logger) Warn(message string, tags ...tag.Tag)   { l.write(slog.LevelWarn, message, tags) }
func (l *logger) Error(message string, tags ...tag.Tag)  { l.write(slog.LevelError, message, tags) }
func (l *logger) DPanic(message string, tags ...tag.Tag) { l.write(slog.LevelError, message, tags) }

func (l *logger) Panic(message string, tags ...tag.Tag) {
	l.write(slog.LevelError, message, tags)
	panic(message)
}

// Fatal must not return. Its panic is caught while the server starts, and ends
// the process, as the server means it to, afterwards.
func (l *logger) Fatal(message string, tags ...tag.Tag) {
	for _, each := range tags {
		message += fmt.Sprintf(", %s %v", each.Key(), each.Value())
	}
	panic(fatal(message))
}

// With is the logger with tags on every line.
func (l *logger) With(tags ...tag.Tag) log.Logger {
	return &logger{log: slog.New(l.log.Handler().WithAttrs(attributes(tags))), muted: l.muted}
}

func (l *logger) write(level slog.Level, message string, tags []tag.Tag) {
	if !l.muted.Load() && !harmless(message, tags) {
		l.log.LogAttrs(context.Background(), level, message, attributes(tags)...)
	}
}

// harmless picks out what the server warns of although all is well here.
func harmless(message string, tags []tag.Tag) bool {
	if strings.HasPrefix(message, "HTTP API port has not been set") {
		return true // on purpose: one open port less, and nobody here uses Nexus
	}
	return slices.ContainsFunc(tags, func(t tag.Tag) bool {
		// A queue was quicker to start than the shard that it reads; it tries again.
		return t.Key() == "error" && fmt.Sprint(t.Value()) == "shard status unknown"
	})
}

func attributes(tags []tag.Tag) []slog.Attr {
	all := make([]slog.Attr, len(tags))
	for i, each := range tags {
		all[i] = slog.Any(each.Key(), each.Value())
	}
	return all
}
