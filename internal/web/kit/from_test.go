package kit

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestFrom(t *testing.T) {
	s := &Kit{Config: Config{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/30"), netip.MustParsePrefix("fd00::/64")}}}
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:4711", nil, "192.0.2.1"},
		{"192.0.2.1:4711", []string{"198.51.100.7"}, "192.0.2.1"}, // says who likes
		{"10.0.0.1:4711", []string{"198.51.100.7"}, "198.51.100.7"},
		{"[::ffff:10.0.0.1]:4711", []string{"198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.1:4711", []string{"203.0.113.9, 198.51.100.7", "10.0.0.2"}, "198.51.100.7"}, // what the reader wrote before is no one's word
		{"10.0.0.1:4711", nil, "10.0.0.1"},
		{"10.0.0.1:4711", []string{"198.51.100.7, unknown"}, "10.0.0.1"},
		{"[fd00::1]:4711", []string{"2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"},
		{"[2001:db8:1:2::9]:4711", nil, "2001:db8:1:2::/64"},
		{"[::1]:4711", nil, "::1"},
		{"@", nil, ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = c.peer, c.forwarded
		from := ""
		s.throughProxies(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { from = From(r) })).ServeHTTP(httptest.NewRecorder(), r)
		if from != c.want {
			t.Errorf("%s with %q: from %q, want %q", c.peer, c.forwarded, from, c.want)
		}
	}
}
