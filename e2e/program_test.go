package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/banli/banli/internal/store"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("e2e: skipped, -short")
		return
	}
	build := exec.Command(".ci/build", "./cmd/banli-standalone", "./cmd/banli")
	build.Dir, build.Stdout, build.Stderr = "..", os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: cannot build the programs:", err)
		os.Exit(1)
	}
	err := errors.Join(os.RemoveAll("out"), os.Mkdir("out", 0o755)) // the pictures of the last run
	if err != nil {
		panic(err)
	}
	if scratch, err = os.MkdirTemp("", "banli-e2e-"); err != nil {
		panic(err)
	}
	status := m.Run()
	os.RemoveAll(scratch)
	if axe.states > 0 {
		line := fmt.Sprintf("axe: %d page states, %d findings\n", axe.states, axe.findings)
		if err := os.WriteFile(filepath.Join("out", "axe.txt"), []byte(line), 0o644); err != nil {
			panic(err)
		}
	}
	os.Exit(status)
}

// patience is how long a busy machine may take with what takes a quiet one seconds.
const patience = 5 * time.Minute

// scratch is a folder for what tests share.
var scratch string

func binary(name string) string {
	path, err := filepath.Abs(filepath.Join("..", "bin", name))
	if err != nil {
		panic(err) // the working directory is gone
	}
	return path
}

// program is a running bin/banli-standalone, started as a person would start it.
type program struct {
	site     string // http://127.0.0.1:…
	database string // how the banli command and the store reach its database
	data     string
	pid      int
	said     *transcript
	ended    chan struct{}
	status   error // once ended
}

// ports are where one program listens.
type ports struct{ web, temporal int }

// portsTried keeps a test from the ports that another, beside it, has been given and does not listen on yet.
var portsTried atomic.Int32

// freePorts chooses ports below the ephemeral range, so that no outgoing connection sits on one when the program wants it.
func freePorts(t *testing.T) ports {
	t.Helper()
	var found []int
	for len(found) < 2 {
		port := 21000 + os.Getpid()%5000 + int(portsTried.Add(1))
		if port > 32000 {
			t.Fatal("no free ports below 32768")
		}
		if l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			l.Close()
			found = append(found, port)
		}
	}
	return ports{found[0], found[1]}
}

// launch starts the program and does not wait for it to be up. The test ends with it stopped, and with what it said if the
// test failed.
func launch(t *testing.T, data string, p ports, flags ...string) *program {
	t.Helper()
	cmd := exec.Command(binary("banli-standalone"), append([]string{
		"up", "--data", data, "--listen", fmt.Sprintf("127.0.0.1:%d", p.web),
		"--temporal-port", fmt.Sprint(p.temporal),
	}, flags...)...)
	run := begin(t, cmd)
	run.site, run.data = fmt.Sprintf("http://127.0.0.1:%d", p.web), data
	return run
}

// begin starts a command, which the test ends with.
func begin(t *testing.T, cmd *exec.Cmd) *program {
	t.Helper()
	said := &transcript{}
	cmd.Stdout, cmd.Stderr = said, said
	// It must not outlive a test binary that is killed. The signal follows the thread that started it: see below.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	run := &program{said: said, ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // and never let go: the thread lives as long as this goroutine
		err := cmd.Start()
		started <- err
		if err == nil {
			run.status = cmd.Wait()
			close(run.ended)
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	run.pid = cmd.Process.Pid
	t.Cleanup(func() {
		run.interrupt(t)
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), said)
		}
	})
	return run
}

// up starts the program and waits until it says that it is up and its web server answers.
func up(t *testing.T, data string, p ports, flags ...string) *program {
	t.Helper()
	run := launch(t, data, p, flags...)
	begun := time.Now()
	for !run.healthy() || run.after("Database") == "" {
		select {
		case <-run.ended:
			t.Fatalf("the program ended before it was up: %v\n%s", run.status, run.said)
		case <-time.After(20 * time.Millisecond):
		}
		if time.Since(begun) > patience {
			t.Fatalf("the program is not up after %s:\n%s", patience, run.said)
		}
	}
	run.database = run.after("Database")
	t.Logf("up after %.1f s", time.Since(begun).Seconds())
	return run
}

func (p *program) healthy() bool {
	response, err := http.Get(p.site + "/healthz")
	if err != nil {
		return false
	}
	response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// after is what follows the label in the lines that the program said; "" if it has not said it yet.
func (p *program) after(label string) string {
	for line := range strings.Lines(p.said.String()) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), label); ok {
			return strings.TrimSpace(rest)
		}
	}
	return ""
}

// awaitDemo waits until every case of the demonstration bureau is where it should be.
func (p *program) awaitDemo(t *testing.T) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var done, total int
		for line := range strings.Lines(p.said.String()) {
			_, _ = fmt.Sscanf(line, "Demonstration bureau: %d of %d cases", &done, &total)
		}
		if total > 0 && done == total {
			t.Logf("the demonstration bureau was there after %.1f s", time.Since(begun).Seconds())
			return
		}
		if time.Since(begun) > patience {
			t.Fatalf("the demonstration bureau is not there after %s:\n%s", patience, p.said)
		}
	}
}

// demonstration is the data of a program whose demonstration bureau is complete.
var demonstration struct {
	once   sync.Once
	folder string
}

// upWithDemo starts the program on the demonstration bureau, which is made once: each test has a copy of its own.
func upWithDemo(t *testing.T) *program {
	t.Helper()
	demonstration.once.Do(func() {
		folder := filepath.Join(scratch, "demonstration")
		run := up(t, folder, freePorts(t))
		run.awaitDemo(t)
		if err := run.interrupt(t); err != nil {
			t.Fatal(err)
		}
		demonstration.folder = folder
	})
	if demonstration.folder == "" {
		t.Fatal("there is no demonstration bureau: the first test that asked for it says why")
	}
	data := filepath.Join(t.TempDir(), "data")
	if out, err := exec.CommandContext(t.Context(), "cp", "-a", demonstration.folder, data).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return up(t, data, freePorts(t))
}

// wait returns how the program ended.
func (p *program) wait(t *testing.T) error {
	t.Helper()
	select {
	case <-p.ended:
		return p.status
	case <-time.After(patience):
		t.Fatalf("the program has not ended after %v:\n%s", patience, p.said)
		return nil
	}
}

// interrupt is Ctrl-C. It returns how the program ended; nil if it had ended before.
func (p *program) interrupt(t *testing.T) error {
	t.Helper()
	select {
	case <-p.ended:
		return nil
	default:
	}
	syscall.Kill(p.pid, syscall.SIGINT)
	return p.wait(t)
}

// kill9 ends the program without a word.
func (p *program) kill9(t *testing.T) {
	t.Helper()
	syscall.Kill(p.pid, syscall.SIGKILL)
	_ = p.wait(t)
}

// store opens the record beside the running program.
func (p *program) store(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), p.database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// banli runs the other command against the program's database and returns what it printed.
func (p *program) banli(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary("banli"), args...)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+p.database)
	cmd.Stdin = strings.NewReader(stdin)
	var out, complaints strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		t.Fatalf("banli %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), complaints.String())
	}
	return out.String()
}

// family are the program's process and everything below it: pid → command line.
func (p *program) family(t *testing.T) map[int]string {
	t.Helper()
	family := map[int]string{p.pid: "banli-standalone"}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for grown := true; grown; {
		grown = false
		for _, entry := range entries {
			var pid, parent int
			if _, err := fmt.Sscan(entry.Name(), &pid); err != nil || family[pid] != "" {
				continue
			}
			stat, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "stat"))
			if err != nil {
				continue // it has just ended
			}
			_, rest, _ := strings.Cut(string(stat), ") ")
			var state string
			if _, err := fmt.Sscan(rest, &state, &parent); err == nil && family[parent] != "" {
				line, _ := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
				family[pid] = strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " ") + " ")
				if family[pid] == "" {
					family[pid] = "?"
				}
				grown = true
			}
		}
	}
	return family
}

// living waits for the family to be gone, and returns who is still there after a minute.
func living(family map[int]string) []string {
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var left []string
		for pid, command := range family {
			if syscall.Kill(pid, 0) == nil {
				left = append(left, fmt.Sprintf("%d %s", pid, command))
			}
		}
		if len(left) == 0 || time.Since(begun) > time.Minute {
			return left
		}
	}
}

// transcript keeps what a process says. It is safe to read while the process talks.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

func (t *transcript) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
