package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
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
