package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// roomPages and roomForms are the addresses of attachments, proxies, notices, the deputy's link and the calendar that want an
// officer.
var (
	roomPages = []string{"/proxies", "/proxies?case={id}", "/notices", "/settings", "/calendar", "/cases/{id}/attachments/" + uuid.NewString()}
	roomForms = []string{
		"/proxies", "/proxies/" + uuid.NewString() + "/revoke", "/notices/read", "/notices/1/read", "/settings", "/cases/{id}/deputy-link", "/cases/{id}/attachments",
	}
)

// bareKey is a key of these rooms that stands where its words should.
var bareKey = regexp.MustCompile(`\b(proxy|notice|settings|mail|calendar|deputy_page|progress|form|field|nav|attachment|link)\.[a-z_]+`)

// TestRoomsExercises opens every address of the rooms as somebody who may not, and with nobody or nothing there.
func TestRoomsExercises(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0951", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Answered, replyText)
	liaison := s.as(t, proposal.Liaison)

	t.Run("without a session", func(t *testing.T) {
		b := s.browser(t)
		for _, page := range roomPages {
			if p := b.get(at(page, id)); !strings.HasPrefix(p.path, "/login?back=") {
				t.Errorf("%s ends at %s", page, p.path)
			}
		}
		for _, form := range roomForms {
			b.post(at(form, id), url.Values{"reason": {"写了一半的理由"}}).says(t, http.StatusUnauthorized, "没送出的字都在", "写了一半的理由")
		}
	})
	t.Run("from another origin", func(t *testing.T) {
		for _, form := range roomForms {
			r, _ := http.NewRequest(http.MethodPost, s.url+at(form, id), strings.NewReader("a=b"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", "https://example.org")
			liaison.do(r).says(t, http.StatusForbidden, "不是从本系统送来的")
		}
	})
	t.Run("with an unknown id", func(t *testing.T) {
		for _, unknown := range []string{uuid.NewString(), "0", "%E6%A1%88"} {
			for _, form := range []string{"/cases/{id}/deputy-link", "/cases/{id}/attachments"} {
				liaison.post(at(form, unknown), url.Values{}).says(t, http.StatusNotFound)
			}
			liaison.get("/proxies?case="+unknown).says(t, http.StatusNotFound)
			liaison.post("/proxies/"+unknown+"/revoke", url.Values{}).says(t, http.StatusNotFound)
		}
	})
	t.Run("by somebody who may not see the case", func(t *testing.T) {
		for _, role := range []proposal.Role{proposal.Admin, proposal.Auditor} {
			b := s.as(t, role)
			b.get("/proxies?case="+id).says(t, http.StatusNotFound)
			b.post("/cases/"+id+"/deputy-link", url.Values{}).says(t, http.StatusNotFound)
			b.upload("/cases/"+id+"/attachments", scanForm(), "表.pdf", scan).says(t, http.StatusNotFound)
		}
	})
	t.Run("in English", func(t *testing.T) {
		b := s.browser(t)
		b.post("/login", url.Values{"account": {string(proposal.Liaison)}, "password": {fixture.Password}})
		b.get("/language?to=en&back=/")
		for _, page := range []string{"/proxies", "/notices", "/calendar", s.link(t, id)} {
			p := b.get(page)
			p.says(t, http.StatusOK)
			if key := bareKey.FindString(p.text()); key != "" {
				t.Errorf("%s shows the key %s", page, key)
			}
		}
	})
	t.Run("with a dead database", func(t *testing.T) {
		dead := deadSite(t)
		b := &browser{t, dead, liaison.Client}
		for _, page := range roomPages {
			b.get(at(page, id)).says(t, http.StatusServiceUnavailable, "暂时没有回应")
		}
		for _, form := range roomForms {
			b.post(at(form, id), url.Values{"reason": {"写了一半的理由"}}).says(t, http.StatusServiceUnavailable, "暂时没有回应", "写了一半的理由")
		}
		nobody := dead.browser(t)
		nobody.get("/deputy/SECRET").says(t, http.StatusServiceUnavailable, "现在打不开")
		nobody.post("/deputy/SECRET", url.Values{}).says(t, http.StatusServiceUnavailable, "现在打不开")
	})
}
