package e2e

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// line is what the web server and the worker beside the machine reach its database or its engine through. It can be disturbed.
type line struct{ proxy *toxiproxy.Proxy }

// newLine lays a line to an address of TCP.
func newLine(t *testing.T, name, to string) line {
	t.Helper()
	zerolog.SetGlobalLevel(zerolog.Disabled)
	at := fmt.Sprintf("127.0.0.1:%d", freePorts(t).web) // one that nobody takes while the line is cut
	proxy := toxiproxy.NewProxy(toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop()), name, at, to)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	return line{proxy}
}

// newDatabaseLine lays a line to a database that is reached at a socket, and returns how to reach it through the line.
func newDatabaseLine(t *testing.T, database string) (l line, through string) {
	t.Helper()
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	socket := fmt.Sprintf("%s/.s.PGSQL.%s", address.Query().Get("host"), address.Query().Get("port"))
	l = newLine(t, "the database", onTCP(t, socket))
	address.Host, address.RawQuery = l.proxy.Listen, "sslmode=disable"
	return l, address.String()
}

// onTCP passes what comes in at an address of TCP, which it returns, on to a socket: lines end at TCP alone.
func onTCP(t *testing.T, socket string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	pass := func(to, from net.Conn) {
		_, _ = io.Copy(to, from)
		to.Close()
		from.Close()
	}
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", socket)
			if err != nil {
				near.Close()
				continue
			}
			go pass(near, far)
			go pass(far, near)
		}
	}()
	return listener.Addr().String()
}

// disturbances are what may happen to a line: a sentence about it, and the toxic that does it; "" cuts it.
var disturbances = []struct{ what, toxic string }{
	{"is cut", ""},
	{"resets whoever connects", `{"type": "reset_peer", "stream": "upstream"}`},
	{"is slow", `{"type": "latency", "attributes": {"latency": 400, "jitter": 300}}`},
	{"is narrow", `{"type": "bandwidth", "attributes": {"rate": 4}}`},
	{"brings no answers", `{"type": "timeout", "attributes": {"timeout": 0}}`},
	{"takes nothing", `{"type": "timeout", "stream": "upstream", "attributes": {"timeout": 0}}`},
}

func (l line) disturb(t *testing.T, toxic string, lasts time.Duration) {
	if toxic == "" {
		l.proxy.Stop()
		time.Sleep(lasts)
		if err := l.proxy.Start(); err != nil {
			t.Error(err)
		}
		return
	}
	added, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(toxic))
	if err != nil {
		t.Error(err)
		return
	}
	time.Sleep(lasts)
	if err := l.proxy.Toxics.RemoveToxic(t.Context(), added.Name); err != nil {
		t.Error(err)
	}
}

// lineFaults are all disturbances of all lines.
func lineFaults() (all []fault) {
	for i, name := range []string{"the database", "the engine"} {
		for _, d := range disturbances {
			all = append(all, fault{
				fmt.Sprintf("the line to %s %s", name, d.what),
				func(r *rack, lasts time.Duration) { r.lines[i].disturb(r.t, d.toxic, lasts) },
			})
		}
	}
	return all
}
