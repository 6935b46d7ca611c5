package kit

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// A link that is passed on leads where the server's administrator said, whatever the request says of itself.
func TestSite(t *testing.T) {
	for _, c := range []struct {
		config Config
		want   string
	}{
		{Config{PublicURL: "https://banli.example/"}, "https://banli.example"},
		{Config{}, "http://desk.example:8080"},
		{Config{SecureCookies: true}, "https://desk.example:8080"},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://desk.example:8080/people/1/link", nil)
		r.Header.Set("Origin", "https://stranger.example")
		if got := (&Kit{Config: c.config}).Site(r); got != c.want {
			t.Errorf("%+v: %s, want %s", c.config, got, c.want)
		}
	}
}
