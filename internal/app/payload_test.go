package app_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/keyring"
	"github.com/banli/banli/internal/payload"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
)

// TestEncryptedPayloads: a system with open cases takes to encrypting what the engine keeps, changes the key while people work, and loses its keys. Cases
// go on each time: what was not encrypted is read as it is, a new key is found in the file, and what cannot be read is told and taken up from the record.
// At no time do two programs work of which one cannot read the other's.
func TestEncryptedPayloads(t *testing.T) {
	ctx := t.Context()
	database, bureau := fixture.Database(t)
	keys := filepath.Join(t.TempDir(), "engine.key")
	var log lines

	open, stop := run(t, database, "", os.Stderr)
	reconcile(t, open)
	r := fixture.Registration("闭8101", calendar.DateOf(time.Now()))
	id := workflows.CaseID(r.RegisterKey)
	_, err := open.Cases.Act(ctx, id, bureau.Register(r))
	must(t, err)
	if used := encryptedWith(t, open, id, 0); !slices.Equal(used, []string{""}) {
		t.Fatalf("without a file of keys payloads are encrypted with %q", used)
	}
	before := lastEvent(t, open, id)
	refused := func(what string, given app.EngineKeys, words ...string) {
		t.Helper()
		program, err := app.New(ctx, app.Config{Database: app.Database{URL: database}, Engine: given})
		if err == nil {
			program.Close()
		}
		for _, word := range words {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("%s: %v, want a word of %s", what, err, word)
			}
		}
	}

	refused("a file of keys that is not there", app.EngineKeys{File: keys}, keys)
	first, err := keyring.Add(keys)
	must(t, err)
	refused("keys beside a worker without", app.EngineKeys{File: keys}, keys, first, fmt.Sprint("process ", os.Getpid()))
	stop()
	sealed, stop := run(t, database, keys, os.Stderr)
	next := func(program *app.App) {
		t.Helper()
		_, err := program.Cases.Act(ctx, id, bureau.Next(t, program.Store, id))
		must(t, err)
	}
	next(sealed)
	if used := encryptedWith(t, sealed, id, before); !slices.Equal(used, []string{first}) {
		t.Errorf("after the switch payloads are encrypted with %q, want only %s", used, first)
	}

	other := filepath.Join(t.TempDir(), "other.key")
	_, err = keyring.Add(other)
	must(t, err)
	refused("no keys beside a worker with them", app.EngineKeys{}, first, "without --engine-key")
	refused("other keys beside it", app.EngineKeys{File: other}, first, other)
	refused("no keys, since those of the worker are said to be lost", app.EngineKeys{Lost: []string{first}}, first)

	// A web server is started with a new key; the worker has been running since before.
	second, err := keyring.Add(keys)
	must(t, err)
	before = lastEvent(t, sealed, id)
	desk, err := app.New(ctx, app.Config{Database: app.Database{URL: database}, Temporal: app.Temporal{Address: engine.Address(t), Namespace: engine.Namespace}, Engine: app.EngineKeys{File: keys}})
	must(t, err)
	next(desk)
	desk.Close()
	if used := encryptedWith(t, sealed, id, before); !slices.Contains(used, second) || slices.Contains(used, "") {
		t.Errorf("after a new key payloads are encrypted with %q, want %s among them", used, second)
	}
	if drift := reconcile(t, sealed); drift.Apart() != 0 || drift.Failed != 0 {
		t.Errorf("drift %+v", drift)
	}
	stop()

	// The keys are lost; others stand in their place.
	must(t, os.Remove(keys))
	_, err = keyring.Add(keys)
	must(t, err)
	refused("lost keys", app.EngineKeys{File: keys}, keys, "--engine-key-lost "+min(first, second))
	lost, stop := run(t, database, keys, &log, first, second)
	for begun := time.Now(); ; time.Sleep(time.Second) {
		p, running, err := lost.Cases.Position(ctx, id)
		if state, _ := lost.Store.State(ctx, id); err == nil && running && p.Seq == state.Seq {
			t.Logf("taken up from the record after %.0f s", time.Since(begun).Seconds())
			break
		}
		if time.Since(begun) > 2*time.Minute {
			t.Fatalf("the case is not taken up from the record: %v\n%s", err, log.String())
		}
	}
	if said := log.String(); !strings.Contains(said, first) || !strings.Contains(said, keys) {
		t.Errorf("the log does not name the lost key %s and the file:\n%s", first, said)
	}
	carryToTheEnd(t, lost, bureau, id)
	if state, err := lost.Store.State(ctx, id); err != nil || state.Stage != proposal.Closed {
		t.Errorf("the case stands at %s, %v", state.Stage, err)
	}

	stop()

	// A key comes into use that a program at work was too slow to refuse.
	slow, err := app.New(ctx, app.Config{Database: app.Database{URL: database}, Engine: app.EngineKeys{File: keys}})
	must(t, err)
	defer slow.Close()
	codec, err := payload.Open(other)
	must(t, err)
	must(t, slow.Store.AnnounceEngineKey(ctx, codec.First(), codec.Probe()))
	_, err = slow.Store.UseEngineKey(ctx, codec.First())
	must(t, err)
	within, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := slow.Run(within); err == nil || !strings.Contains(err.Error(), codec.First()) {
		t.Errorf("beside a program whose key it lacks it works on: %v", err)
	}
}

// lastEvent is the number of the last event of a case's history.
func lastEvent(t *testing.T, program *app.App, caseID string) (no int64) {
	t.Helper()
	for _, e := range history(t, program, caseID) {
		no = e.EventId
	}
	return no
}

func history(t *testing.T, program *app.App, caseID string) (all []*historypb.HistoryEvent) {
	t.Helper()
	events := program.Cases.Temporal.GetWorkflowHistory(t.Context(), workflows.WorkflowID(caseID), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		must(t, err)
		all = append(all, e)
	}
	return all
}

// encryptedWith are the ids of the keys of every payload in the history of a case after an event, search attributes aside; "" for one that can be read.
func encryptedWith(t *testing.T, program *app.App, caseID string, after int64) (used []string) {
	t.Helper()
	look := func(_ *proxy.VisitPayloadsContext, all []*commonpb.Payload) ([]*commonpb.Payload, error) {
		for _, p := range all {
			key := ""
			if string(p.Metadata["encoding"]) == "binary/encrypted" {
				key = string(p.Metadata["encryption-key-id"])
			}
			used = append(used, key)
		}
		return all, nil
	}
	for _, e := range history(t, program, caseID) {
		if e.EventId > after {
			must(t, proxy.VisitPayloads(t.Context(), e, proxy.VisitPayloadsOptions{Visitor: look, SkipSearchAttributes: true}))
		}
	}
	slices.Sort(used)
	return slices.Compact(used)
}

// lines is a log that many write to.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
