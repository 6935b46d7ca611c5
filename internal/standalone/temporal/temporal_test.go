package temporal_test

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/banli/banli/internal/standalone/temporal"
	"github.com/banli/banli/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

const retention = 90 * 24 * time.Hour

// config is an engine with a Web UI.
func config(t *testing.T) temporal.Config {
	t.Helper()
	return temporal.Config{
		Postgres: testkit.Postgres(t), UIPath: "/engine", Namespace: "banli", Retention: retention,
	}
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
	assertUI(t, server.UI())

	engine.Close()
	begun = time.Now()
	server.Stop()
	t.Logf("stopping took %v", time.Since(begun))
	if conn, err := net.Dial("tcp", server.Address()); err == nil {
		conn.Close()
		t.Errorf("something still listens on %s", server.Address())
	}

	// A later release wants more of an engine that there is.
	cfg.SearchAttributes = map[string]enumspb.IndexedValueType{"CaseNumber": enumspb.INDEXED_VALUE_TYPE_KEYWORD}
	begun = time.Now()
	server, engine = start(t, cfg)
	defer server.Stop()
	defer engine.Close()
	has, err := engine.OperatorService().ListSearchAttributes(t.Context(), &operatorservice.ListSearchAttributesRequest{Namespace: "banli"})
	if err != nil || has.CustomAttributes["CaseNumber"] != enumspb.INDEXED_VALUE_TYPE_KEYWORD {
		t.Errorf("the namespace has the search attributes %v, error %v", has.GetCustomAttributes(), err)
	}
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

// assertUI: the Web UI shows what there is under its path, and changes nothing.
func assertUI(t *testing.T, ui http.Handler) {
	t.Helper()
	ask := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		ui.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader("{}")))
		return w
	}
	page := ask(http.MethodGet, "/engine/namespaces/banli/workflows").Body.String()
	script, policy := regexp.MustCompile(`"(/engine/_app/[^"]*\.js)"`).FindStringSubmatch(page), "http-equiv"
	if script == nil || strings.Contains(page, policy) || strings.Contains(page, `"/_app/`) || !strings.Contains(page, `base: "/engine"`) {
		t.Fatalf("the Web UI is not made for its path:\n%s", page)
	}
	for _, want := range []struct {
		method, path string
		status       int
		says         string
	}{
		{http.MethodGet, script[1], http.StatusOK, ""},
		{http.MethodGet, "/engine/api/v1/settings", http.StatusOK, `"DisableWriteActions":true`},
		{http.MethodGet, "/engine/api/v1/namespaces/banli/workflows?query=" + url.QueryEscape(`WorkflowId = "greeting"`), http.StatusOK, `"greeting"`},
		{http.MethodPost, "/engine/api/v1/namespaces/banli/workflows/greeting/cancel", http.StatusMethodNotAllowed, ""},
		{http.MethodPost, "/engine/api/v1/namespaces/banli/workflows/greeting/terminate", http.StatusMethodNotAllowed, ""},
		{http.MethodGet, "/api/v1/settings", http.StatusNotFound, ""},
	} {
		// The index of workflows is written a moment after they are started.
		got := ask(want.method, want.path)
		for begun := time.Now(); got.Code == http.StatusOK && !strings.Contains(got.Body.String(), want.says) && time.Since(begun) < time.Minute; {
			time.Sleep(20 * time.Millisecond)
			got = ask(want.method, want.path)
		}
		if got.Code != want.status || !strings.Contains(got.Body.String(), want.says) {
			t.Errorf("%s %s answered %d with %.200q", want.method, want.path, got.Code, got.Body)
		}
	}
}

func TestATakenPortIsNamed(t *testing.T) {
	squatter, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer squatter.Close()
	taken := squatter.Addr().(*net.TCPAddr).Port
	cfg := config(t)
	cfg.Port = taken
	_, err = temporal.Start(t.Context(), cfg)
	if refusal := (*temporal.PortTakenError)(nil); !errors.As(err, &refusal) || refusal.Port != taken {
		t.Fatalf("error %v, want a PortTakenError of %d", err, taken)
	}
}
