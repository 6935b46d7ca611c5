package standalone_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/banli/banli/internal/standalone"
)

// holdDir tells a copy of this test binary to start everything on that data
// folder, to start the workflow, and to hold on until it is killed.
const holdDir = "BANLI_TEST_HOLD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdDir); dir != "" {
		hold(dir)
	}
	os.Exit(m.Run())
}

func hold(dir string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
	}
	instance, err := standalone.Start(context.Background(), standalone.Config{DataDir: dir})
	fail(err)
	engine, err := client.Dial(client.Options{HostPort: instance.TemporalAddress(), Namespace: instance.Namespace()})
	fail(err)
	_, err = engine.ExecuteWorkflow(context.Background(), client.StartWorkflowOptions{ID: "case", TaskQueue: "test"}, Case)
	fail(err)
	fail(instance.Announce("http://127.0.0.1:8080/"))
	fmt.Println("holding")
	select {}
}

// Case waits for its end, so that it can outlive a crash.
func Case(ctx workflow.Context) (outcome string, err error) {
	workflow.GetSignalChannel(ctx, "end").Receive(ctx, &outcome)
	return outcome, nil
}

func start(t *testing.T, cfg standalone.Config) *standalone.Instance {
	t.Helper()
	begun := time.Now()
	cfg.Progress = func(line string) { t.Logf("%5.2f s %s", time.Since(begun).Seconds(), line) }
	instance, err := standalone.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%5.2f s started", time.Since(begun).Seconds())
	t.Cleanup(func() {
		if err := instance.Close(); err != nil {
			t.Error(err)
		}
	})
	return instance
}

// assertGone expects that no process works in the cluster of dir any more.
func assertGone(t *testing.T, dir string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if where, err := os.Readlink(link); err == nil && strings.HasPrefix(where, dir) {
			t.Errorf("%s still works in %s", link, where)
		}
	}
}

func TestACaseOutlivesKill9AndNobodyElseGetsIn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holdDir+"="+dir)
	output, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = holder.Process.Kill()
		_ = holder.Wait()
	}()
	if line, _ := bufio.NewReader(output).ReadString('\n'); line != "holding\n" {
		t.Fatalf("the holder said %q", line)
	}

	_, err = standalone.Start(t.Context(), standalone.Config{DataDir: dir})
	var held *standalone.HeldError
	if !errors.As(err, &held) || held.PID != holder.Process.Pid {
		t.Fatalf("error %v, want one that names process %d", err, holder.Process.Pid)
	}
	if !strings.Contains(err.Error(), "http://127.0.0.1:8080/") {
		t.Errorf("the error %q does not say where the other one is", err)
	}

	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = holder.Wait()
	begun := time.Now()
	instance := start(t, standalone.Config{DataDir: dir}) // at once
	engine, err := client.Dial(client.Options{HostPort: instance.TemporalAddress(), Namespace: instance.Namespace()})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if err := engine.SignalWorkflow(t.Context(), "case", "", "end", "办结"); err != nil {
		t.Fatal(err)
	}
	t.Logf("%5.2f s after the kill the case took a signal", time.Since(begun).Seconds())
	w := worker.New(engine, "test", worker.Options{})
	w.RegisterWorkflow(Case)
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	defer w.Stop()
	var outcome string
	if err := engine.GetWorkflow(t.Context(), "case", "").Get(t.Context(), &outcome); err != nil {
		t.Fatal(err)
	}
	if outcome != "办结" {
		t.Errorf("outcome %q, want 办结", outcome)
	}
}

func TestCloseLeavesNothingAndStartGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	run := func(statement string) {
		t.Helper()
		instance := start(t, standalone.Config{DataDir: dir})
		conn, err := pgx.Connect(t.Context(), instance.DatabaseURL())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(context.Background())
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
		select {
		case <-instance.Lost():
			t.Error("Postgres is lost while it runs")
		default:
		}
		begun := time.Now()
		if err := instance.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%5.2f s to stop", time.Since(begun).Seconds())
		assertGone(t, dir)
	}
	run(`CREATE TABLE kept (number text); INSERT INTO kept VALUES ('0392')`)
	run(`SELECT 1 / count(*) FROM kept`)
}

func TestATakenPortStopsTheStartAndLeavesNothing(t *testing.T) {
	squatter, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	port := squatter.Addr().(*net.TCPAddr).Port
	dir := filepath.Join(t.TempDir(), "data")
	_, err = standalone.Start(t.Context(), standalone.Config{DataDir: dir, TemporalPort: port})
	if want := fmt.Sprintf("port %d, meant for the Temporal frontend, is taken", port); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %v, want one that begins %q", err, want)
	}
	assertGone(t, dir)
	start(t, standalone.Config{DataDir: dir}) // the lock is free again
}
