package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/web"
)

// officerPages and officerForms are every address that wants an officer; {id} stands for a case.
var (
	officerPages = []string{"/", "/?box=active", "/?box=done", "/?box=watched", "/?box=whole", "/views", "/next", "/cases/new", "/cases/{id}", "/cases/{id}/process", "/overview", "/what-if", "/statistics", "/statistics/table", "/operation", "/outgoing"}
	officerForms = []string{
		"/cases", "/cases/{id}/claim", "/cases/{id}/release", "/cases/{id}/deputy-contact", "/cases/{id}/draft",
		"/cases/{id}/draft/check", "/cases/{id}/draft/here", "/cases/{id}/draft/take",
		"/cases/{id}/form/propose_assignment", "/cases/{id}/act/propose_assignment", "/cases/{id}/act/approve_assignment", "/cases/{id}/act/accept",
		"/cases/{id}/act/refuse", "/cases/{id}/act/contact", "/cases/{id}/act/waive", "/cases/{id}/act/submit", "/cases/{id}/act/pass_review",
		"/cases/{id}/act/decide_openness", "/cases/{id}/act/send_back", "/cases/{id}/act/sign", "/cases/{id}/act/assign_number", "/cases/{id}/act/dispatch",
		"/cases/{id}/act/publish", "/cases/{id}/act/close",
	}
)

func at(path, id string) string { return strings.ReplaceAll(path, "{id}", id) }

// deadSite is a site whose database has gone.
func deadSite(t *testing.T) *site {
	database, _ := fixture.Database(t)
	record, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	record.Close()
	web, err := web.New(web.Config{Store: record, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(web.Handler())
	t.Cleanup(server.Close)
	return &site{url: server.URL}
}

func TestExercises(t *testing.T) {
	s := newSite(t)
	id := strings.TrimPrefix(s.register(t, "0501"), "/cases/")
	for _, exercise := range []struct {
		name string
		run  func(t *testing.T, s *site, id string)
	}{
		{"without a session", withoutSession},
		{"with an unknown id", unknownID},
		{"without permission", withoutPermission},
		{"from another origin", anotherOrigin},
		{"languages and display", languagesAndDisplay},
		{"wrong passwords", wrongPasswords},
		{"headers", headers},
		{"with a dead engine", deadEngine},
		{"with a dead database", deadDatabase},
		{"with a database that takes nothing", readOnlyDatabase},
	} {
		t.Run(exercise.name, func(t *testing.T) { exercise.run(t, s, id) })
	}
}

func withoutSession(t *testing.T, s *site, id string) {
	b := s.browser(t)
	for _, page := range officerPages {
		p := b.get(at(page, id))
		p.says(t, http.StatusOK, "工号", "密码")
		if !strings.HasPrefix(p.path, "/login?back=") {
			t.Errorf("%s ends at %s", page, p.path)
		}
	}
	for _, form := range officerForms {
		p := b.post(at(form, id), url.Values{"reason": {"写了一半的理由"}})
		p.says(t, http.StatusUnauthorized, "没送出的字都在", "写了一半的理由")
	}
}

func unknownID(t *testing.T, s *site, id string) {
	b := s.as(t, proposal.Liaison)
	for _, unknown := range []string{uuid.NewString(), "0", "%E6%A1%88", strings.Repeat("9", 300)} {
		b.get("/cases/"+unknown).says(t, http.StatusNotFound, "没有这一页")
		for _, form := range officerForms {
			if strings.Contains(form, "{id}") {
				b.post(at(form, unknown), url.Values{"reason": {"x"}, "action_id": {uuid.NewString()}}).says(t, http.StatusNotFound)
			}
		}
	}
	b.get("/nowhere").says(t, http.StatusNotFound, "没有这一页")
	b.post("/cases/"+id+"/act/abolish", url.Values{}).says(t, http.StatusNotFound)
}

func withoutPermission(t *testing.T, s *site, id string) {
	for _, role := range []proposal.Role{proposal.Auditor, proposal.Admin, proposal.Publisher, proposal.Handler} {
		b := s.as(t, role)
		b.get("/cases/"+id).says(t, http.StatusNotFound) // not theirs to see
		b.get("/cases/new").says(t, http.StatusForbidden, "不由你做")
		for _, form := range officerForms {
			p := b.post(at(form, id), url.Values{"action_id": {uuid.NewString()}})
			if p.status != http.StatusNotFound && p.status != http.StatusForbidden {
				t.Errorf("%s as %s: %d", form, role, p.status)
			}
		}
	}
	b := s.as(t, proposal.Supervisor) // sees every case, may act on none
	p := b.get("/cases/" + id)
	p.says(t, http.StatusOK, "手里：写拟办意见")
	if strings.Contains(p.body, `id="act"`) {
		t.Error("the supervisor is offered a form")
	}
	for _, form := range officerForms {
		if strings.Contains(form, "deputy-contact") || strings.Contains(form, "release") {
			continue // may look, and the look is recorded; putting back what nobody took changes nothing
		}
		p := b.post(at(form, id), url.Values{"action_id": {uuid.NewString()}, "lead": {"jiceng"}, "reason": {"x"}})
		if p.status < 400 || p.status >= 500 {
			t.Errorf("%s as supervisor: %d", form, p.status)
		}
	}
	state, err := s.Store.State(t.Context(), id)
	if err != nil || state.Last.Kind != proposal.Register {
		t.Errorf("somebody acted: %+v, %v", state.Last, err)
	}
}

func anotherOrigin(t *testing.T, s *site, id string) {
	b := s.as(t, proposal.Liaison)
	for _, origin := range []string{"", "https://example.org", "null"} {
		r, _ := http.NewRequest(http.MethodPost, s.url+"/cases/"+id+"/claim", strings.NewReader("a=b"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		b.do(r).says(t, http.StatusForbidden, "不是从本系统送来的")
	}
}

func languagesAndDisplay(t *testing.T, s *site, id string) {
	b := s.browser(t)
	b.get("/language?to=en&back=/login").says(t, http.StatusOK, "Staff number")
	b.get("/display?text=larger&contrast=high&back=/login").says(t, http.StatusOK, `data-text="larger"`, `data-contrast="high"`)
	if p := b.get("/language?to=zh&back=//example.org/"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("the language link leaves the site: %s", p.path)
	}
	b.get("/language?to=fr").says(t, http.StatusNotFound)
}

func wrongPasswords(t *testing.T, s *site, id string) {
	b := s.browser(t)
	wrong := url.Values{"account": {string(proposal.Admin)}, "password": {"wrong"}}
	b.post("/login", wrong).says(t, http.StatusUnprocessableEntity, "还可试4次")
	for range 4 {
		b.post("/login", wrong)
	}
	b.post("/login", wrong).says(t, http.StatusTooManyRequests, "还要停")
	b.post("/login", url.Values{"account": {""}}).says(t, http.StatusUnprocessableEntity, "还没填工号")
}

func headers(t *testing.T, s *site, id string) {
	p := s.browser(t).get("/login")
	for name, want := range map[string]string{
		"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if !strings.Contains(p.header.Get(name), want) {
			t.Errorf("%s: %q", name, p.header.Get(name))
		}
	}
}

func deadEngine(t *testing.T, s *site, id string) {
	config := s.config
	config.Temporal.Address, config.Work = "127.0.0.1:1", false
	away := run(t, config)
	visitor := away.browser(t)
	visitor.get("/readyz").says(t, http.StatusOK, "ok") // pages can be read
	visitor.get("/healthz").says(t, http.StatusServiceUnavailable, "暂时没有回应")
	s.browser(t).get("/healthz").says(t, http.StatusOK, "ok")
	b := away.as(t, proposal.Liaison)
	to, form := b.get("/cases/" + id).form(t)
	form = with(form, url.Values{"lead": {"jiceng"}, "opinion": {"写了一半的意见"}})
	p := b.post(to, form)
	p.says(t, http.StatusServiceUnavailable, "暂时没有回应", "写了一半的意见", "再送一次", form.Get("action_id"))
	// The engine is back: the same form, sent again from that page, is done once.
	again := s.as(t, proposal.Liaison)
	again.post(to, form).says(t, http.StatusOK, "记下了：拟办")
}

func deadDatabase(t *testing.T, s *site, id string) {
	b := &browser{t, deadSite(t), s.as(t, proposal.Liaison).Client}
	for _, page := range append(officerPages, "/healthz", "/readyz") {
		b.get(at(page, id)).says(t, http.StatusServiceUnavailable, "暂时没有回应")
	}
	for _, form := range officerForms {
		b.post(at(form, id), url.Values{"reason": {"写了一半的理由"}}).says(t, http.StatusServiceUnavailable, "暂时没有回应", "写了一半的理由", "再送一次")
	}
	b.site.browser(t).get("/login").says(t, http.StatusOK, "登录")
}

// What takes an administrator is said as that, and what was typed is kept; nobody is told to press again.
func readOnlyDatabase(t *testing.T, s *site, id string) {
	config := s.config
	address, err := url.Parse(config.Database.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Set("default_transaction_read_only", "on")
	address.RawQuery = query.Encode()
	config.Database.URL, config.Work = address.String(), false
	away := run(t, config)
	p := away.browser(t).post("/login", url.Values{"account": {string(proposal.Supervisor)}, "password": {fixture.Password}})
	p.says(t, http.StatusServiceUnavailable, "只能看，不能记")
	if strings.Contains(p.body, "填的都在") || strings.Contains(p.body, "待办") {
		t.Error("who cannot log in is told that a password is kept, or led to tasks")
	}
	away.browser(t).get("/healthz").says(t, http.StatusServiceUnavailable, "只能看，不能记")
	away.browser(t).get("/readyz").says(t, http.StatusOK, "ok")
	b := &browser{t, away, s.as(t, proposal.Liaison).Client}
	for _, path := range officerPages[:len(officerPages)-2] {
		b.get(at(path, id)).says(t, http.StatusOK)
	}
	p = b.post("/cases/"+id+"/notes", url.Values{"action_id": {uuid.NewString()}, "text": {"写了一半的便签"}})
	p.says(t, http.StatusServiceUnavailable, "只能看，不能记", "写了一半的便签", "填的都在")
}
