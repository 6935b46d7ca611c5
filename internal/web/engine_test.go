package web_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/keyring"
	"github.com/banli/banli/internal/payload"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	commonpb "go.temporal.io/api/common/v1"
	"google.golang.org/protobuf/encoding/protojson"
)

// TestTheEngineIsBehindTheLogin: the Temporal Web UI shows the workflows of all cases, so it is for supervisors and administrators; nobody else
// is sent there, and whoever asks for it all the same gets nothing of it.
func TestTheEngineIsBehindTheLogin(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0811", calendar.DateOf(time.Now()).AddDays(-200)), proposal.Drafting, replyText)
	page := app.EnginePath + "/namespaces/" + engine.Namespace + "/workflows/" + workflows.WorkflowID(id)
	call := app.EnginePath + "/api/v1/namespaces/" + engine.Namespace + "/workflows"

	stranger := s.browser(t)
	if p := stranger.get(page); !strings.HasPrefix(p.path, "/login?back=") {
		t.Errorf("a stranger comes to %s", p.path)
	}
	for _, asked := range []string{call, app.EnginePath + "/_app/version.json"} {
		if p := stranger.get(asked); p.status != http.StatusUnauthorized || p.body != "" {
			t.Errorf("a stranger is answered %d with %q at %s", p.status, p.body, asked)
		}
	}
	for _, role := range []proposal.Role{
		proposal.Handler, proposal.DivisionHead, proposal.Liaison, proposal.LeaderInCharge, proposal.BureauHead, proposal.Publisher, proposal.Auditor, proposal.Assembly,
	} {
		b := s.as(t, role)
		b.get(page).says(t, http.StatusForbidden, "不由你做")
		if p := b.get(call); p.status != http.StatusForbidden || strings.Contains(p.body, workflows.WorkflowID(id)) {
			t.Errorf("%s is answered %d at %s", role, p.status, call)
		}
		for _, list := range []string{"/", "/cases", "/overview", "/cases/" + id + "/process"} {
			if links := b.get(list).links(app.EnginePath); len(links) > 0 {
				t.Errorf("%s is sent to %v on %s", role, links, list)
			}
		}
	}
	for _, role := range []proposal.Role{proposal.Supervisor, proposal.Admin} {
		b := s.as(t, role)
		if !slices.Contains(b.get("/").links(app.EnginePath), app.EnginePath+"/") {
			t.Errorf("%s finds no way to the engine", role)
		}
		p := b.get(page)
		p.says(t, http.StatusOK, `base: "`+app.EnginePath+`"`)
		if policy := p.header.Get("Content-Security-Policy"); !strings.Contains(policy, "'sha256-") {
			t.Errorf("the page of the engine has the policy %q", policy)
		}
		b.get(call).says(t, http.StatusOK, "executions")
		if p := b.post(call+"/"+workflows.WorkflowID(id)+"/terminate", nil); p.status != http.StatusMethodNotAllowed {
			t.Errorf("%s terminates a workflow there: %d", role, p.status)
		}
	}
	b, process := s.as(t, proposal.Supervisor), "/cases/"+id+"/process"
	if links := b.get("/overview").links(process); len(links) != 1 {
		t.Errorf("%d links lead from the overview to how the late case runs", len(links))
	}
	if links := b.get(process).links(page); len(links) != 1 {
		t.Errorf("%d links lead from there to its workflow", len(links))
	}
}

// TestAnEngineOfOnesOwn: the Web UI of a cluster is somewhere else, and is not ours to show.
func TestAnEngineOfOnesOwn(t *testing.T) {
	s := newSite(t)
	config := s.config
	config.EngineUI, config.Web.TemporalUI, config.Work = nil, "https://temporal.example/", false
	other := run(t, config)
	b := other.as(t, proposal.Supervisor)
	b.get(app.EnginePath+"/").says(t, http.StatusNotFound)
	if links := b.get("/").links("https://temporal.example"); !slices.Equal(links, []string{"https://temporal.example/"}) {
		t.Errorf("the links are %v", links)
	}
}

// decoding is a web server whose engine keeps everything encrypted, with a Temporal Web UI elsewhere, and a payload as that engine keeps it.
type decoding struct {
	*site
	ui      string // origin of that Web UI
	payload string // the body of a request to decode it
}

// decoding encrypts what the payload says.
func (s *site) decoding(t *testing.T, said string) decoding {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "engine.key")
	if _, err := keyring.Add(keys); err != nil {
		t.Fatal(err)
	}
	codec, err := payload.Open(keys)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := codec.Encode([]*commonpb.Payload{{Metadata: map[string][]byte{"encoding": []byte("json/plain")}, Data: []byte(said)}})
	if err != nil {
		t.Fatal(err)
	}
	body, err := protojson.Marshal(&commonpb.Payloads{Payloads: sealed})
	if err != nil {
		t.Fatal(err)
	}
	database, _ := fixture.Database(t) // beside the site's own programs it would be refused
	config := s.config
	config.Database.URL = fixture.AsProgram(database)
	config.EngineUI, config.Web.TemporalUI, config.Work, config.Engine.File = nil, "https://temporal.example/ui/", false, keys
	return decoding{run(t, config), "https://temporal.example", string(body)}
}

// ask sends what a page of an origin sends to have the payload decoded, and reads what it is told that it says; "" for nothing.
func (d decoding) ask(t *testing.T, b *browser, method, origin string) (answer, string) {
	t.Helper()
	r, err := http.NewRequest(method, d.url+app.CodecPath+"/decode", strings.NewReader(d.payload))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", origin)
	p := b.do(r)
	var told struct {
		Payloads []struct{ Data []byte }
	}
	if json.Unmarshal([]byte(p.body), &told) != nil || len(told.Payloads) != 1 {
		return p, ""
	}
	return p, string(told.Payloads[0].Data)
}

// TestWhoDecodes: what the engine keeps encrypted is decoded for whoever may open its Web UI, as that asks for it, from the site itself or from the one
// other origin that was named. Nothing is encrypted for anybody.
func TestWhoDecodes(t *testing.T) {
	s := newSite(t)
	const said = `{"stage":"drafting"}`
	d := s.decoding(t, said)
	for _, role := range append(slices.Clone(proposal.Roles), "") {
		b, want := d.browser(t), http.StatusUnauthorized
		switch role {
		case "":
		case proposal.Supervisor, proposal.Admin:
			b, want = d.as(t, role), http.StatusOK
		default:
			b, want = d.as(t, role), http.StatusForbidden
		}
		for _, origin := range []string{d.url, d.ui} {
			if p, told := d.ask(t, b, http.MethodPost, origin); p.status != want || (told == said) != (want == http.StatusOK) || strings.Contains(p.header.Get("Access-Control-Allow-Origin"), "*") {
				t.Errorf("%q is answered %d with %q on a page of %s: %s", role, p.status, told, origin, p.body)
			}
		}
	}

	b := d.as(t, proposal.Supervisor)
	p, _ := d.ask(t, d.browser(t), http.MethodOptions, d.ui)
	if h := p.header; p.status != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != d.ui || h.Get("Access-Control-Allow-Credentials") != "true" ||
		!strings.Contains(h.Get("Access-Control-Allow-Headers"), "X-Namespace") {
		t.Errorf("a browser that asks whether a page of %s may is answered %d: %v", d.ui, p.status, h)
	}
	if p, told := d.ask(t, b, http.MethodPost, d.ui); told != said || p.header.Get("Access-Control-Allow-Origin") != d.ui {
		t.Errorf("a page of %s may not read its answer: %v", d.ui, p.header)
	}
	for _, origin := range []string{"https://elsewhere.example", "http://temporal.example", "null"} {
		for _, method := range []string{http.MethodOptions, http.MethodPost} {
			p, told := d.ask(t, b, method, origin)
			if told != "" || p.status < 400 || p.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s of a page of %s is answered %d with %q, %v", method, origin, p.status, told, p.header)
			}
		}
	}
	b.post(app.CodecPath+"/encode", nil).says(t, http.StatusNotFound)
	if p, told := d.ask(t, b, http.MethodGet, d.url); p.status != http.StatusNotFound || told != "" {
		t.Errorf("to read the address is answered %d with %q", p.status, told)
	}

	plain := d
	plain.site = s // where nothing is encrypted
	if p, told := plain.ask(t, s.as(t, proposal.Supervisor), http.MethodPost, s.url); p.status != http.StatusNotFound || told != "" {
		t.Errorf("without keys it is answered %d with %q", p.status, told)
	}
}
