package web_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Programs add, rename, close and reopen divisions as the page and the command do.
func TestDivisionsByAPI(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	s.carry(t, fixture.Registration("0571", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Consulting, "")
	listed := func() map[string]map[string]any {
		t.Helper()
		_, list := p.send(proposal.Handler, "GET", "/divisions", "")
		all := map[string]map[string]any{}
		items, _ := list["items"].([]any)
		for _, item := range items {
			d := item.(map[string]any)
			all[d["code"].(string)] = d
		}
		return all
	}
	for _, c := range []struct {
		role       proposal.Role
		path, body string
		status     int
	}{
		{proposal.Handler, "/divisions", `{"name":"财务科"}`, http.StatusForbidden},
		{proposal.Admin, "/divisions", `{}`, http.StatusUnprocessableEntity},
		{proposal.Admin, "/divisions", `{"name":"养老服务处"}`, http.StatusUnprocessableEntity},
		{proposal.Admin, "/divisions", `{"name":"财务科","sort":1000}`, http.StatusUnprocessableEntity},
		{proposal.Admin, "/divisions", `{"name":"财务科","name_en":"Finance","sort":7,"phone":"23468803"}`, http.StatusOK},
		{proposal.Admin, "/divisions", `{"code":"d1","name":"规划财务科"}`, http.StatusOK},
		{proposal.Admin, "/divisions", `{"code":"nowhere","name":"某科"}`, http.StatusNotFound},
		{proposal.Handler, "/divisions/d1/close", `{}`, http.StatusForbidden},
		{proposal.Admin, "/divisions/" + string(fixture.Leading) + "/close", `{}`, http.StatusUnprocessableEntity}, // it has people
		{proposal.Admin, "/divisions/d1/close", `{}`, http.StatusOK},
	} {
		if status, answer := p.send(c.role, "POST", c.path, c.body); status != c.status {
			t.Errorf("%s %s %s: %d %v", c.role, c.path, c.body, status, answer)
		}
	}
	if d := listed()["d1"]; d["name"] != "规划财务科" || d["name_en"] != "Finance" || d["sort"] != 7.0 || d["phone"] != "23468803" || d["closed_on"] == nil {
		t.Errorf("the division is %v", d)
	}
	status, _ := p.send(proposal.Admin, "POST", "/divisions", `{"code":"d1","name_en":"","phone":""}`)
	if d := listed()["d1"]; status != http.StatusOK || d["name"] != "规划财务科" || d["name_en"] != nil || d["sort"] != 7.0 || d["phone"] != nil {
		t.Errorf("%d, what was emptied is %v", status, d)
	}
	if status, _ := p.send(proposal.Admin, "POST", "/divisions/d1/reopen", `{}`); status != http.StatusOK || listed()["d1"]["closed_on"] != nil {
		t.Errorf("%d, it is %v", status, listed()["d1"])
	}
	status, closed := p.send(proposal.Admin, "POST", "/divisions/"+string(fixture.Leading)+"/close", `{"into":"d1"}`)
	if d := listed()[string(fixture.Leading)]; status != http.StatusOK || d["taken_over_by"] != "d1" || closed["cases"] != 1.0 {
		t.Errorf("%d %v, it is %v", status, closed, d)
	}
	bulk, _ := closed["bulk"].(string)
	if v, err := s.Store.Bulk(t.Context(), s.bureau.ID(proposal.Admin), bulk); err != nil || v.Kind != proposal.BulkRegroup || v.Total() != 1 {
		t.Errorf("the bulk is %+v, %v", v, err)
	}
	if head, err := s.Store.Person(t.Context(), s.bureau.ID(proposal.Handler)); err != nil || head.Division != "d1" {
		t.Errorf("its people are in %q, %v", head.Division, err)
	}
}
