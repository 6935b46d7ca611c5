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
	t.Parallel()
	run := up(t, filepath.Join(t.TempDir(), "data"), freePorts(t), "--no-demo")
	conn, err := net.Dial("tcp", strings.TrimPrefix(run.site, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	body := "login=nobody&password=wrong"
	fmt.Fprintf(conn, "POST /login HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n",
		strings.TrimPrefix(run.site, "http://"), run.site, len(body))
	answers := bufio.NewReader(conn)
	if _, err := http.ReadResponse(answers, nil); err != nil { // the server has read the head and asks for the rest
		t.Fatal(err)
	}
	if err := syscall.Kill(run.pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	for { // until nobody new is let in
		other, err := net.Dial("tcp", conn.RemoteAddr().String())
		if err != nil {
			break
		}
		other.Close()
		time.Sleep(20 * time.Millisecond)
	}
	if _, err := conn.Write([]byte(body)); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatal("the request under way has no answer:", err)
	}
	answer.Body.Close()
	if err := run.wait(t); err != nil {
		t.Errorf("it ended with %v", err)
	}
}
