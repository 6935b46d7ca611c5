package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/web"
)

var deputyAddress = regexp.MustCompile(`http://[^/]+(/deputy/[A-Z2-7]+)`)

// link makes a link as the liaison and returns its path.
func (s *site) link(t *testing.T, id string) string {
	t.Helper()
	p := s.as(t, proposal.Liaison).post("/cases/"+id+"/deputy-link", url.Values{})
	p.says(t, http.StatusOK, "这个地址只显示这一次", "倪琛善")
	found := deputyAddress.FindStringSubmatch(p.text())
	if found == nil {
		t.Fatalf("no address on %s", p.text())
	}
	return found[1]
}

func rating(attitude, result proposal.Rating) url.Values {
	return url.Values{"attitude": {string(attitude)}, "result": {string(result)}, "words": {"希望把数字都写上。"}}
}

// TestDeputyRatesByLink: the deputy sees the own case and no more of the bureau than the reply says, rates it once, and leaves
// no trace of the secret.
func TestDeputyRatesByLink(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0941", calendar.DateOf(time.Now()).AddDays(-3))
	id := s.carry(t, r, proposal.Answered, replyText)
	s.as(t, proposal.Liaison).get("/cases/"+id).says(t, http.StatusOK, "做代表的反馈链接")
	path := s.link(t, id)
	sheet := s.as(t, proposal.Liaison).post("/cases/"+id+"/deputy-link", url.Values{})
	sheet.says(t, http.StatusOK, "办理情况征询意见表", "沈民函〔", r.Title, "满意", "基本满意", "不满意", "签名", "打印征询意见表", `viewBox="0 0 `)
	if body := s.as(t, proposal.Liaison).get("/cases/" + id).body; strings.Contains(body, path) {
		t.Error("the case page has the secret")
	}

	deputy := s.browser(t)
	p := deputy.get(path)
	p.says(t, http.StatusOK, r.Title, "第0941号", "办理经过", "交办", "承办处室接收", "同您沟通", "答复签发", "答复送出",
		"人均薪酬待遇达到5450元/月", "联系人：", "办理态度", "基本满意", "倪琛善代表：")
	for _, inner := range []string{"甲handler", "甲liaison", "甲leader_in_charge", "拟办", "请基层处主办", "希望看到实际数字", "13900000392"} {
		if strings.Contains(p.body, inner) {
			t.Errorf("the deputy reads %q", inner)
		}
	}
	for header, want := range map[string]string{
		"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow, noarchive", "Set-Cookie": "",
	} {
		if got := p.header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}

	to, form := p.form(t)
	wrong := deputy.post(to, with(clone(form), url.Values{"attitude": {"satisfied"}, "words": {"写了一半"}}))
	wrong.says(t, http.StatusUnprocessableEntity, `id="result-error"`, "写了一半")
	deputy.post(to, with(clone(form), url.Values{"source": {"assembly"}, "scan": {"x"}, "ref": {"7"}})).says(t, http.StatusUnprocessableEntity)
	form = with(form, rating(proposal.Satisfied, proposal.BasicallySatisfied))
	deputy.post(to, form).says(t, http.StatusOK, "谢谢您", "第0941号")
	c, err := s.Store.Case(t.Context(), id)
	if err != nil || len(c.Feedback) != 1 {
		t.Fatalf("%+v, %v", c.Feedback, err)
	}
	if f := c.Feedback[0]; f.By != store.DeputyAccount || f.Source != proposal.FeedbackFromDeputy || f.Attitude != proposal.Satisfied || f.Result != proposal.BasicallySatisfied ||
		f.Words != "希望把数字都写上。" {
		t.Errorf("%+v", f)
	}
	deputy.post(to, form).says(t, http.StatusConflict, "已经评价过了")
	used := deputy.get(path)
	used.says(t, http.StatusOK, "已经评价过了")
	if strings.Contains(used.body, `id="act"`) || strings.Contains(used.body, "5450元") {
		t.Error("a used link still shows the case")
	}
	s.as(t, proposal.Liaison).post("/cases/"+id+"/deputy-link", url.Values{}).says(t, http.StatusConflict)
}

func TestDissatisfiedDeputyOpensARound(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0942", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Answered, replyText)
	path := s.link(t, id)
	spare := s.link(t, id)
	to, form := s.browser(t).get(path).form(t)
	s.browser(t).post(to, with(form, rating(proposal.Satisfied, proposal.NotSatisfied))).says(t, http.StatusOK, "重新办理或者上报")
	state, err := s.Store.State(t.Context(), id)
	if err != nil || state.Round != 2 {
		t.Errorf("round %d, %v", state.Round, err)
	}
	s.browser(t).get(spare).says(t, http.StatusOK, "已经评价过了")
}

// TestBureauCannotRate (R12): whoever is logged in, neither the officers' forms nor their session put a rating through.
func TestBureauCannotRate(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0943", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Answered, replyText)
	for _, role := range proposal.Roles {
		if role == proposal.Liaison {
			continue
		}
		p := s.as(t, role).post("/cases/"+id+"/deputy-link", url.Values{})
		if p.status != http.StatusForbidden && p.status != http.StatusNotFound {
			t.Errorf("%s makes a link: %d", role, p.status)
		}
	}
	for _, role := range []proposal.Role{proposal.Liaison, proposal.Handler, proposal.LeaderInCharge, proposal.Supervisor} {
		form := with(url.Values{"action_id": {newID()}, "source": {"deputy"}}, rating(proposal.Satisfied, proposal.Satisfied))
		if p := s.as(t, role).post("/cases/"+id+"/act/record_feedback", form); p.status < 400 {
			t.Errorf("%s rates: %d", role, p.status)
		}
		if p := s.as(t, role).post("/deputy/"+id, form); p.status != http.StatusNotFound {
			t.Errorf("%s rates with no secret: %d", role, p.status)
		}
	}
	c, err := s.Store.Case(t.Context(), id)
	if err != nil || len(c.Feedback) != 0 {
		t.Fatalf("%+v, %v", c.Feedback, err)
	}
	path := s.link(t, id)
	officer := s.as(t, proposal.Handler) // with a session: the rating is still the deputy's own
	to, form := officer.get(path).form(t)
	officer.post(to, with(form, rating(proposal.Satisfied, proposal.Satisfied))).says(t, http.StatusOK, "谢谢您")
	if c, err = s.Store.Case(t.Context(), id); err != nil || len(c.Feedback) != 1 || c.Feedback[0].By != store.DeputyAccount {
		t.Errorf("%+v, %v", c.Feedback, err)
	}
}

func TestDeputyLinksThatOpenNothing(t *testing.T) {
	s := newSite(t)
	id := s.carry(t, fixture.Registration("0944", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Answered, replyText)
	path := s.link(t, id)
	deputy := s.browser(t)

	t.Run("an expired one", func(t *testing.T) {
		later := s.later(t, 100*24*time.Hour)
		b := &browser{t, later, deputy.Client}
		b.get(path).says(t, http.StatusOK, "这个链接过期了")
		b.post(path, with(url.Values{"action_id": {newID()}}, rating(proposal.Satisfied, proposal.Satisfied))).says(t, http.StatusConflict, "这个链接过期了")
	})
	t.Run("guesses", func(t *testing.T) {
		for range 20 {
			deputy.get("/deputy/"+strings.ToUpper(strings.ReplaceAll(newID(), "-", ""))).says(t, http.StatusNotFound, "这个链接打不开")
		}
		deputy.get("/deputy/AAAA").says(t, http.StatusTooManyRequests, "请过15分钟")
		deputy.get(path).says(t, http.StatusOK, "办理态度") // strangers lock nobody's link, and it is rated from their address below
		deputy.get("/deputy/").says(t, http.StatusNotFound)
	})
	t.Run("the engine away", func(t *testing.T) {
		config := s.config
		config.Temporal.Address, config.Work = "127.0.0.1:1", false
		b := run(t, config).browser(t)
		to, form := b.get(path).form(t)
		form = with(form, rating(proposal.Satisfied, proposal.BasicallySatisfied))
		p := b.post(to, form)
		p.says(t, http.StatusServiceUnavailable, "现在送不出去", "希望把数字都写上。", form.Get("action_id"))
		if strings.Contains(p.body, "attitude-error") {
			t.Error("the deputy is told that something is wrong with what they chose")
		}
		deputy.post(p.form(t)).says(t, http.StatusOK, "谢谢您") // the same form, sent again
	})
}

// later is the site with its own clock moved on.
func (s *site) later(t *testing.T, by time.Duration) *site {
	t.Helper()
	away, err := web.New(web.Config{
		Store: s.Store, Cases: s.Cases, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(by) },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(away.Handler())
	t.Cleanup(server.Close)
	return &site{App: s.App, url: server.URL}
}

// TestSecretsAreNotLogged: what a deputy's address says behind its first word opens a case.
func TestSecretsAreNotLogged(t *testing.T) {
	s := newSite(t)
	var log bytes.Buffer
	site, err := web.New(web.Config{
		Store: s.Store, Cases: s.Cases, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	site.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/deputy/TOPSECRET", nil))
	if !strings.Contains(log.String(), "/deputy/") || strings.Contains(log.String(), "TOPSECRET") {
		t.Errorf("the log says %s", log.String())
	}
}
