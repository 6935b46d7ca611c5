package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestStopLetsRequestsFinish tells the program to stop while a request is half sent: it is answered all the same, and then the program ends.
func TestStopLetsRequestsFinish(t *testing.T) {
	run := up(t, filepath.Join(t.TempDir(), "data"), freePorts(t), "--no-demo")
	conn, err := net.Dial("tcp", strings.TrimPrefix(run.site, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := "login=nobody&password=wrong"
	fmt.Fprintf(conn, "POST /login HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		strings.TrimPrefix(run.site, "http://"), run.site, len(body), body[:5])
	time.Sleep(500 * time.Millisecond) // the server has read the head and waits for the rest
	if err := syscall.Kill(run.pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	time.Sleep(500 * time.Millisecond)
	if _, err := conn.Write([]byte(body[5:])); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal("the request under way has no answer:", err)
	}
	answer.Body.Close()
	if err := run.wait(t, 30*time.Second); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
