package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
)

func TestMain(m *testing.M) { engine.Main(m) }

// patience is how long a busy machine may take with what is done at once.
const patience = time.Minute

// site is the real program on a database and an engine of its own, with one person for every role.
type site struct {
	*app.App
	config app.Config
	bureau fixture.Bureau
	url    string
	logged map[proposal.Role]*browser
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteWith(t, app.Provider{})
}

// newSiteWith is a site whose people come in by the provider.
func newSiteWith(t *testing.T, provider app.Provider) *site {
	t.Helper()
	database, bureau := fixture.Database(t)
	s := run(t, app.Config{
		Database: app.Database{URL: fixture.AsProgram(database)},
		Temporal: app.Temporal{Address: engine.Address(t), Namespace: engine.Namespace},
		Web:      app.Web{Listen: "127.0.0.1:0"},
		Secrets:  app.Secrets{Keys: filepath.Join(t.TempDir(), "keys")},
		Provider: provider,
		EngineUI: engine.UI(t),
		Serve:    true, Work: true,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	s.bureau = bureau
	return s
}

// run starts the program and ends it with the test.
func run(t *testing.T, config app.Config) *site {
	t.Helper()
	a, err := app.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		a.Close()
	})
	return &site{App: a, config: config, url: a.Site(), logged: map[proposal.Role]*browser{}}
}

// uncompressed: to pack and unpack every page takes longer than to draw it, on this machine.
var uncompressed = &http.Transport{DisableCompression: true}

// browser is one person's browser: it keeps cookies and names an origin when it posts.
type browser struct {
	t    *testing.T
	site *site
	*http.Client
}

func (s *site) browser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, s, &http.Client{Jar: jar, Transport: uncompressed}}
}

// as is the browser of whoever has the role, logged in.
func (s *site) as(t *testing.T, role proposal.Role) *browser {
	t.Helper()
	if b := s.logged[role]; b != nil {
		return &browser{t, s, b.Client}
	}
	b := s.browser(t)
	s.logged[role] = b
	p := b.post("/login", url.Values{"account": {string(role)}, "password": {fixture.Password}})
	if p.status != http.StatusOK || p.path != "/" && p.path != "/home" && p.path != "/overview" {
		t.Fatalf("login as %s: %d at %s", role, p.status, p.path)
	}
	return b
}

// answer is a page as a test looks at it.
type answer struct {
	status int
	path   string // where redirects ended
	body   string
	header http.Header
	doc    *html.Node
}

func (b *browser) do(r *http.Request) answer {
	b.t.Helper()
	resp, err := b.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	var body strings.Builder
	doc, err := html.Parse(readInto(resp.Body, &body))
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Request.URL.RequestURI(), body.String(), resp.Header, doc}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.site.url+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(r)
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.site.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", b.site.url)
	return b.do(r)
}

// form reads what a browser would send of the form with id act, and where to.
func (a answer) form(t *testing.T) (path string, values url.Values) {
	t.Helper()
	values = url.Values{}
	var form *html.Node
	walk(a.doc, func(n *html.Node) {
		if n.Data == "form" && attr(n, "id") == "act" {
			form = n
		}
	})
	if form == nil {
		t.Fatalf("no form on %s:\n%s", a.path, a.text())
	}
	collect := func(n *html.Node) { collectField(n, values) }
	walk(form, collect)
	walk(a.doc, func(n *html.Node) {
		if attr(n, "form") == "act" && !inside(n, form) {
			collect(n)
		}
	})
	return attr(form, "action"), values
}

func collectField(n *html.Node, values url.Values) {
	name := attr(n, "name")
	switch {
	case name == "":
	case n.Data == "textarea":
		values.Add(name, strings.TrimPrefix(textOf(n), "\n"))
	case n.Data == "select":
		chosen := ""
		walk(n, func(o *html.Node) {
			if o.Data == "option" && has(o, "selected") {
				chosen = attr(o, "value")
			}
		})
		values.Add(name, chosen)
	case n.Data == "input":
		kind := attr(n, "type")
		if (kind == "checkbox" || kind == "radio") && !has(n, "checked") && name != "sha256" { // read to its end
			return
		}
		values.Add(name, attr(n, "value"))
	}
}

// text is what a reader sees, on one line.
func (a answer) text() string { return strings.Join(strings.Fields(textOf(a.doc)), " ") }

func (a answer) says(t *testing.T, status int, words ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("%s: status %d, want %d\n%.600s", a.path, a.status, status, a.text())
	}
	for _, w := range words {
		if !strings.Contains(a.text(), w) && !strings.Contains(a.body, w) {
			t.Errorf("%s does not say %q:\n%.1200s", a.path, w, a.text())
		}
	}
}
