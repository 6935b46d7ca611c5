package e2e

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"go.temporal.io/sdk/client"
	temporallog "go.temporal.io/sdk/log"
)

// traveller is a case on its way while the program is killed.
type traveller struct {
	id       string
	answered int              // actions that were answered
	inFlight *proposal.Action // sent, and not answered
}

// TestKillAndResume kills the program with actions in flight, twice, and starts it again on the same data.
func TestKillAndResume(t *testing.T) {
	t.Parallel()
	data, p := filepath.Join(t.TempDir(), "data"), freePorts(t)
	run := up(t, data, p, "--no-demo")
	bureau := fixture.New(t, run.store(t))
	var cases []*traveller
	desk := run.cases(t, p)
	for i := range 24 {
		r := fixture.Registration(fmt.Sprintf("%04d", i+1), calendar.DateOf(time.Now()))
		c := &traveller{id: workflows.CaseID(r.RegisterKey)}
		cases = append(cases, c)
		if _, err := desk.Act(t.Context(), c.id, bureau.Register(r)); err != nil {
			t.Fatal(err)
		}
		c.answered++
	}
	for range 2 {
		stop := travel(t, bureau, run.store(t), run.cases(t, p), cases)
		time.Sleep(400 * time.Millisecond)
		family := run.family(t)
		run.kill9(t)
		stop()
		if left := living(family); len(left) > 0 {
			t.Errorf("still there after kill -9: %s", strings.Join(left, "; "))
		}
		run = up(t, data, p, "--no-demo")
		resume(t, run.store(t), run.cases(t, p), cases)
	}
	arrive(t, bureau, run.store(t), run.cases(t, p), cases[:6])
	if report := run.banli(t, "", "verify"); !strings.Contains(report, "every hash holds") {
		t.Error(report)
	}
	family := run.family(t)
	if err := run.interrupt(t); err != nil {
		t.Errorf("after Ctrl-C it ended with %v", err)
	}
	if left := living(family); len(left) > 0 {
		t.Errorf("still there after Ctrl-C: %s", strings.Join(left, "; "))
	}
}

// cases makes typed calls to the program's engine, as its web server does.
func (p *program) cases(t *testing.T, at ports) *workflows.Client {
	t.Helper()
	c, err := client.Dial(client.Options{
		HostPort: fmt.Sprintf("127.0.0.1:%d", at.temporal), Namespace: "banli",
		Logger: temporallog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return &workflows.Client{Temporal: c, Actions: p.store(t)}
}

// quiet ends a goroutine, not the test, when the program is killed under it.
type quiet struct{ testing.TB }

func (quiet) Fatal(...any) { runtime.Goexit() }

func (quiet) Fatalf(string, ...any) { runtime.Goexit() }

// travel carries every case on, each in a goroutine, until an action is not answered. The function it returns gives up on
// the answers that are still out.
func travel(t *testing.T, bureau fixture.Bureau, s *store.Store, client *workflows.Client, cases []*traveller) (stop func()) {
	ctx, giveUp := context.WithCancel(t.Context())
	var under sync.WaitGroup
	for _, c := range cases {
		under.Go(func() {
			for {
				if state, err := s.State(ctx, c.id); err != nil || state.Stage == proposal.Closed {
					return
				}
				action := bureau.Next(quiet{t}, s, c.id)
				c.inFlight = &action
				if _, err := client.Act(ctx, c.id, action); err != nil {
					return
				}
				c.answered, c.inFlight = c.answered+1, nil
			}
		})
	}
	return func() {
		giveUp()
		under.Wait()
	}
}

// resume checks that every case is where it was, sends again what was in flight, and then once more.
func resume(t *testing.T, s *store.Store, client *workflows.Client, cases []*traveller) {
	t.Helper()
	inFlight, committed := 0, 0
	var again sync.WaitGroup
	for _, c := range cases {
		switch state := stateOf(t, s, c.id); {
		case c.inFlight == nil && state.Seq == c.answered:
			continue
		case c.inFlight != nil && state.Seq == c.answered+1:
			committed++
		case c.inFlight == nil || state.Seq != c.answered:
			t.Fatalf("%s: %d actions in the record, %d were answered, in flight %v", c.id, state.Seq, c.answered, c.inFlight)
		}
		inFlight++
		again.Go(func() { // side by side: the engine hands out what a dead worker held after two seconds
			for range 2 {
				if _, err := client.Act(t.Context(), c.id, *c.inFlight); err != nil {
					t.Errorf("%s: the %s that was in flight, sent again: %v", c.id, c.inFlight.Kind, err)
				}
			}
			c.answered, c.inFlight = c.answered+1, nil
		})
	}
	again.Wait()
	for _, c := range cases {
		if state := stateOf(t, s, c.id); state.Seq != c.answered {
			t.Errorf("%s: %d actions in the record after sending again, want %d", c.id, state.Seq, c.answered)
		}
		appliedOnce(t, s, c)
	}
	t.Logf("%d actions were in flight, %d of them committed", inFlight, committed)
	if inFlight == 0 {
		t.Error("nothing was in flight: the kill came too late to show anything")
	}
}

// appliedOnce checks that the timeline has one event for every action, and none twice.
func appliedOnce(t *testing.T, s *store.Store, c *traveller) {
	t.Helper()
	full, err := s.Case(t.Context(), c.id)
	if err != nil {
		t.Fatal(err)
	}
	moves := 0
	for _, e := range full.Events {
		if proposal.NewInput(proposal.Kind(e.Kind)) != nil {
			moves++
		}
	}
	if moves != c.answered {
		t.Errorf("%s: %d actions in the timeline, want %d", c.id, moves, c.answered)
	}
}

// arrive carries cases to their end and checks that no workflow is apart from its row for good.
func arrive(t *testing.T, bureau fixture.Bureau, s *store.Store, client *workflows.Client, cases []*traveller) {
	t.Helper()
	for _, c := range cases {
		for stateOf(t, s, c.id).Stage != proposal.Closed {
			if _, err := client.Act(t.Context(), c.id, bureau.Next(t, s, c.id)); err != nil {
				t.Fatal(err)
			}
			c.answered++
		}
		appliedOnce(t, s, c)
	}
	for range 2 { // the first may be the one that mends
		run, err := client.Reconcile(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := run.Get(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	drift, ok, err := s.LastDrift(t.Context())
	if err != nil || !ok || drift.Behind+drift.Missing+drift.Failed > 0 {
		t.Errorf("drift %+v, %v, %v; want none", drift, ok, err)
	}
}

func stateOf(t *testing.T, s *store.Store, id string) proposal.State {
	t.Helper()
	state, err := s.State(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// TestTheSecondStart asks for what is taken: the data of a running program, or one of its ports.
func TestTheSecondStart(t *testing.T) {
	t.Parallel()
	data, p := filepath.Join(t.TempDir(), "data"), freePorts(t)
	run := up(t, data, p, "--no-demo")
	free := freePorts(t)
	elsewhere := filepath.Join(t.TempDir(), "other")
	for name, second := range map[string]struct {
		data string
		at   ports
		want []string
	}{
		"same data":     {data, free, []string{data, fmt.Sprint(run.pid)}},
		"web port":      {elsewhere + "1", ports{p.web, free.temporal}, []string{fmt.Sprint(p.web), "--listen"}},
		"Temporal port": {elsewhere + "2", ports{free.web, p.temporal}, []string{fmt.Sprint(p.temporal), "--temporal-port"}},
	} {
		t.Run(name, func(t *testing.T) {
			other := launch(t, second.data, second.at, "--no-demo")
			family := other.family(t)
			if err := other.wait(t); err == nil {
				t.Error("it ended as if all were well")
			}
			lines := strings.Split(strings.TrimSpace(other.said.String()), "\n")
			last := lines[len(lines)-1]
			t.Log(last)
			for _, want := range second.want {
				if !strings.Contains(last, want) {
					t.Errorf("its last line does not name %s: %s", want, last)
				}
			}
			if strings.Contains(other.said.String(), "goroutine ") || strings.Contains(other.said.String(), "panic") {
				t.Errorf("it says more than an officer can read:\n%s", other.said)
			}
			if left := living(family); len(left) > 0 {
				t.Errorf("still there: %s", strings.Join(left, "; "))
			}
		})
	}
	if !run.healthy() {
		t.Error("the first program was disturbed")
	}
}
