package temporal_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/banli/banli/internal/standalone/temporal"
	"github.com/banli/banli/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const retention = 90 * 24 * time.Hour

// config is an engine with a Web UI on a free port.
func config(t *testing.T) temporal.Config {
	t.Helper()
	return temporal.Config{
		Postgres: testkit.Postgres(t), UIPort: freePort(t), Namespace: "banli", Retention: retention,
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

func start(t *testing.T, cfg temporal.Config) (*temporal.Server, client.Client) {
	t.Helper()
	server, err := temporal.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := client.Dial(client.Options{HostPort: server.Address(), Namespace: cfg.Namespace})
	if err != nil {
		t.Fatal(err)
	}
	return server, engine
}

// Greet waits for a name, so that a case of it can outlive a restart.
func Greet(ctx workflow.Context) (string, error) {
	var name string
	workflow.GetSignalChannel(ctx, "name").Receive(ctx, &name)
	return "你好，" + name, nil
}

func TestAWorkflowOutlivesARestart(t *testing.T) {
	cfg := config(t)
	begun := time.Now()
	server, engine := start(t, cfg)
	t.Logf("a fresh engine took %v to start", time.Since(begun))
	options := client.StartWorkflowOptions{ID: "greeting", TaskQueue: "test"}
	if _, err := engine.ExecuteWorkflow(t.Context(), options, Greet); err != nil {
		t.Fatal(err)
	}
	t.Logf("and %v to accept a workflow", time.Since(begun))

	described, err := engine.WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: "banli"})
	if err != nil {
		t.Fatal(err)
	}
	if got := described.Config.WorkflowExecutionRetentionTtl.AsDuration(); got != retention {
		t.Errorf("retention %v, want %v", got, retention)
	}
	assertUI(t, server.UIURL())

	engine.Close()
	begun = time.Now()
	server.Stop()
	t.Logf("stopping took %v", time.Since(begun))
	if conn, err := net.Dial("tcp", server.Address()); err == nil {
		conn.Close()
		t.Errorf("something still listens on %s", server.Address())
	}

	begun = time.Now()
	server, engine = start(t, cfg)
	defer server.Stop()
	defer engine.Close()
	if err := engine.SignalWorkflow(t.Context(), "greeting", "", "name", "倪代表"); err != nil {
		t.Fatal(err)
	}
	t.Logf("a warm engine took %v to accept a signal", time.Since(begun))
	greeter := worker.New(engine, "test", worker.Options{})
	greeter.RegisterWorkflow(Greet)
	if err := greeter.Start(); err != nil {
		t.Fatal(err)
	}
	defer greeter.Stop()
	var got string
	if err := engine.GetWorkflow(t.Context(), "greeting", "").Get(t.Context(), &got); err != nil {
		t.Fatal(err)
	}
	if want := "你好，倪代表"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func assertUI(t *testing.T, url string) {
	t.Helper()
	var page *http.Response
	var err error
	for range 100 { // it starts beside the server
		if page, err = http.Get(url + "/"); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer page.Body.Close()
	body, err := io.ReadAll(page.Body)
	if err != nil {
		t.Fatal(err)
	}
	if page.StatusCode != http.StatusOK || !strings.Contains(string(body), "<html") {
		t.Errorf("the Web UI answered %s with %.80q", page.Status, body)
	}
}

func TestATakenPortIsNamed(t *testing.T) {
	squatter, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	taken := squatter.Addr().(*net.TCPAddr).Port
	for name, c := range map[string]struct {
		set  func(*temporal.Config)
		flag string
	}{
		"frontend": {func(cfg *temporal.Config) { cfg.Port = taken }, "--temporal-port"},
		"Web UI":   {func(cfg *temporal.Config) { cfg.UIPort = taken }, "--temporal-ui-port"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			c.set(&cfg)
			_, err := temporal.Start(t.Context(), cfg)
			var refusal *temporal.PortTakenError
			if !errors.As(err, &refusal) {
				t.Fatalf("error %v, want a PortTakenError", err)
			}
			if refusal.Port != taken || refusal.Flag != c.flag {
				t.Errorf("the error names port %d and %s, want %d and %s", refusal.Port, refusal.Flag, taken, c.flag)
			}
		})
	}
}
