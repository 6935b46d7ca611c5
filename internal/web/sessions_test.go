package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

var sessionEnd = regexp.MustCompile(`action="([^"]*/sessions/[^"]+/end)"`)

// Sessions are ended one by one, by an administrator or by oneself; the others go on, and it is told who did it.
func TestSessionsAreEndedSingly(t *testing.T) {
	s := newSite(t)
	admin, first, second := s.as(t, proposal.Admin), s.as(t, proposal.Handler), s.browser(t)
	second.post("/login", url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}}).says(t, http.StatusOK)
	account := "/people/" + string(s.bureau.ID(proposal.Handler))
	page := admin.get(account)
	page.says(t, http.StatusOK, "从127.0.0.1登录，最近一次操作")
	if ends := sessionEnd.FindAllStringSubmatch(page.body, -1); len(ends) != 2 {
		t.Fatalf("%d sessions can be ended", len(ends))
	}
	own := first.get("/password")
	own.says(t, http.StatusOK, "你登录的地方", "就是现在这里")
	other := sessionEnd.FindAllStringSubmatch(own.body, -1)
	if len(other) != 1 {
		t.Fatalf("%d other sessions of one's own", len(other))
	}
	s.as(t, proposal.Publisher).post(other[0][1], nil) // not theirs: it goes on
	second.get("/notices").says(t, http.StatusOK, "未读提醒")
	first.post(other[0][1], nil).says(t, http.StatusOK, "那次登录结束了")
	if p := second.get("/notices"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("a session that was ended goes on at %s", p.path)
	}
	first.get("/notices").says(t, http.StatusOK, "未读提醒")
	page = admin.get(account)
	left := sessionEnd.FindAllStringSubmatch(page.body, -1)
	if len(left) != 1 {
		t.Fatalf("%d sessions are left", len(left))
	}
	s.as(t, proposal.Publisher).post(left[0][1], nil).says(t, http.StatusForbidden)
	admin.post(left[0][1], nil).says(t, http.StatusOK, "那次登录结束了")
	if p := first.get("/notices"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("a session that an administrator ended goes on at %s", p.path)
	}
	if told := admin.get("/changes?logins").text(); strings.Count(told, "登录被结束") != 2 || !strings.Contains(told, "甲admin") {
		t.Errorf("it is told as:\n%s", told)
	}
}
