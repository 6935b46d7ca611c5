package web_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/engine"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/web"
	"github.com/banli/banli/internal/web/kit"
)

// An administrator makes divisions and people from the browser; whoever is added chooses a password behind a link and comes in. Nobody else does.
func TestStaff(t *testing.T) {
	s := newSite(t)
	for _, role := range []proposal.Role{proposal.Handler, proposal.Liaison, proposal.BureauHead} {
		for _, page := range []string{"/people", "/people/new", "/people/" + string(s.bureau.ID(proposal.Admin)), "/divisions", "/bureau", "/changes"} {
			s.as(t, role).get(page).says(t, http.StatusForbidden)
		}
		for _, form := range []string{"/people/new", "/people/" + string(s.bureau.ID(role)), "/people/" + string(s.bureau.ID(role)) + "/link", "/divisions", "/bureau"} {
			s.as(t, role).post(form, url.Values{"name": {"某某"}, "login": {"mou"}, "roles": {"admin"}, "active": {"1"}}).says(t, http.StatusForbidden)
		}
	}
	s.as(t, proposal.Auditor).get("/people").says(t, http.StatusForbidden)
	admin := s.as(t, proposal.Admin)

	admin.post("/divisions", url.Values{"name": {""}}).says(t, http.StatusUnprocessableEntity, "这里要填")
	admin.post("/divisions", url.Values{"name": {"养老服务处"}}).says(t, http.StatusUnprocessableEntity, "养老服务处")
	admin.post("/divisions", url.Values{"name": {"财务科"}, "sort": {"0"}}).says(t, http.StatusUnprocessableEntity, "1到999", "财务科")
	admin.post("/divisions", url.Values{"name": {"财务科"}}).says(t, http.StatusOK, "财务科存下了", "没有负责人")
	admin.get("/home").says(t, http.StatusOK, "财务科没有负责人", "财务科没有经办人")
	p := admin.get("/divisions?code=d1")
	path, form := p.form(t)
	form.Set("name", "规划财务科")
	admin.post(path, form).says(t, http.StatusOK, "规划财务科存下了")

	s.register(t, "0555")
	if strings.Contains(admin.get("/home").text(), "没有人能办") {
		t.Error("a case is told to lack somebody, with everybody there")
	}
	liaison := s.bureau[proposal.Liaison]
	for _, active := range []bool{false, true} {
		liaison.Active = active
		if _, err := s.Store.UpsertPerson(t.Context(), liaison, ""); err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(admin.get("/home").text(), "1件等联络员，没有人能办"); told == active {
			t.Errorf("with the liaison there: %v; told that a case lacks one: %v", active, told)
		}
	}

	path, form = admin.get("/people/new").form(t)
	form.Set("name", "孙丽")
	form.Set("login", "HANDLER")
	form.Set("email", "nobody")
	p = admin.post(path, form)
	p.says(t, http.StatusUnprocessableEntity, "至少勾一个角色", "孙丽", "HANDLER")
	form["roles"] = []string{"division_head"}
	form.Set("email", "")
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "请从给出的里面选一个")
	form.Set("division", "d1")
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "这个工号已经有人用了")
	form.Set("login", "sunli")
	p = admin.post(path, form)
	p.says(t, http.StatusOK, "孙丽的资料存下了", "还没设密码", "规划财务科")
	account := p.path
	admin.get("/people?q="+url.QueryEscape("孙丽")).says(t, http.StatusOK, "人员（1人）", "处室负责人", "还没设密码")

	link := func() string {
		t.Helper()
		p := admin.post(account+"/link", nil)
		p.says(t, http.StatusOK, "只显示这一次", "sunli")
		_, secret, found := strings.Cut(p.text(), s.url)
		if !found {
			t.Fatalf("no address on the page: %s", p.text())
		}
		return strings.Fields(secret)[0]
	}
	first, second := link(), link()
	stranger := s.browser(t)
	stranger.get(first).says(t, http.StatusNotFound, "这个地址打不开了")
	stranger.get(second).says(t, http.StatusOK, "孙丽，请设密码", "sunli")
	chosen := url.Values{"password": {"ｍy own words"}, "password_again": {"ｍy own wordz"}}
	stranger.post(second, chosen).says(t, http.StatusUnprocessableEntity, "两遍不一样")
	guessed := url.Values{"password": {"SunLi2026"}, "password_again": {"SunLi2026"}}
	stranger.post(second, guessed).says(t, http.StatusUnprocessableEntity, "太好猜")
	chosen.Set("password_again", chosen.Get("password"))
	stranger.post(second, chosen).says(t, http.StatusOK, "登录")
	stranger.post(second, chosen).says(t, http.StatusNotFound, "这个地址打不开了")
	stranger.post("/login", url.Values{"account": {"SunLi"}, "password": chosen["password"]}).says(t, http.StatusOK, "孙丽", "工作台")

	// Whoever has left is not asked to log in again, and the last administrator cannot leave.
	path, form = admin.get(account).form(t)
	form.Del("active")
	admin.post(path, form).says(t, http.StatusOK, "已停用")
	if p := stranger.get("/"); !strings.HasPrefix(p.path, "/login") {
		t.Errorf("who has left comes to %s", p.path)
	}
	admin.post(account+"/link", nil).says(t, http.StatusNotFound)
	path, form = admin.get("/people/" + string(s.bureau.ID(proposal.Admin))).form(t)
	form["roles"] = []string{"auditor"}
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "就没有能登录的管理员了")

	revokeToken(t, s, admin)
	handOver(t, s, admin)
	closeDivision(t, s, admin)
	contactPhone(t, s, admin)

	p = s.as(t, proposal.Auditor).get("/changes")
	p.says(t, http.StatusOK, "规划财务科", "财务科", "孙丽", "甲admin", "设密码的地址")
	if strings.Contains(p.body, "argon2") || strings.Contains(p.body, "sha256") {
		t.Error("a secret stands among the changes")
	}
	p.says(t, http.StatusOK, "处室负责人", "排序", "在岗")
	if raw := regexp.MustCompile(`changes\.|\d{4}-\d\d-\d\dT|[0-9a-f]{8}-[0-9a-f]{4}-`).FindString(p.text()); raw != "" {
		t.Errorf("a change is told in the record's own words: %q", raw)
	}
	s.browser(t).post("/login", url.Values{"account": {"sunli"}, "password": {"wrong"}})
	p = s.as(t, proposal.Auditor).get("/changes?logins")
	p.says(t, http.StatusOK, "孙丽", "登录了", "没让进", "127.0.0.1")
	if !regexp.MustCompile(`第\d+条 [0-9a-f]{16}`).MatchString(p.text()) {
		t.Errorf("no place in the chain on %s", p.text())
	}
	for range 100 {
		if err := s.Store.TellLogin(t.Context(), s.bureau.ID(proposal.Supervisor), store.WentOut, "192.0.2.9"); err != nil {
			t.Fatal(err)
		}
	}
	p = s.as(t, proposal.Auditor).get("/changes?logins")
	if older := regexp.MustCompile(`href="(/changes\?after=\d+&amp;logins=)"`).FindStringSubmatch(p.body); strings.Contains(p.text(), "没让进") || older == nil {
		t.Errorf("the page is not cut: %v", older)
	} else {
		p = s.as(t, proposal.Auditor).get(strings.ReplaceAll(older[1], "&amp;", "&"))
		p.says(t, http.StatusOK, "没让进", "最新的")
		if strings.Contains(p.body, `rel="next"`) {
			t.Error("there is something older than everything")
		}
	}
	s.as(t, proposal.Auditor).get("/changes?after=x").says(t, http.StatusUnprocessableEntity)
	if p := s.as(t, proposal.Handler).get("/changes?logins"); p.status != http.StatusForbidden {
		t.Errorf("a handler reads who came in: %d", p.status)
	}
	for _, page := range []string{"/people", account, "/divisions", "/bureau", "/changes"} {
		admin.get(page+"?lang=en").says(t, http.StatusOK)
	}
}

// handOver gives what somebody has in hand to a colleague, from the page of the person, and takes it back.
func handOver(t *testing.T, s *site, admin *browser) {
	handler, ids := s.bureau.ID(proposal.Handler), s.casesAt(t, proposal.Drafting, 560, 2)
	account := "/people/" + string(handler)
	s.as(t, proposal.DivisionHead).get(account+"/hand-over").says(t, http.StatusForbidden)
	s.as(t, proposal.DivisionHead).post(account+"/hand-over", url.Values{"to": {string(handler)}}).says(t, http.StatusForbidden)
	p := admin.get(account)
	p.says(t, http.StatusOK, "手上的事", "经办2件", "交接…")
	admin.get(account+"/hand-over").says(t, http.StatusOK, "没有同处室、同角色的人可以接手")
	zhao := s.colleague(t, "zhaolei_too", "赵磊")
	page := admin.get(account + "/hand-over")
	page.says(t, http.StatusOK, "把甲handler手上的2件交给谁", "赵磊，在办0件")
	path, form := page.form(t)
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "这里要填")
	form.Set("to", string(s.bureau.ID(proposal.Liaison)))
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "请从本局的处室和人员里选")
	form.Set("to", string(zhao))
	bulk, _, _ := strings.Cut(admin.post(path, form).path, "?")
	admin.settled(bulk).says(t, http.StatusOK, "做完了：把2件交接给赵磊", "已交给赵磊", "管理员不看件的内容", "交还已交接的2件")
	admin.get(account).says(t, http.StatusOK, "手上没有事")
	s.as(t, proposal.DivisionHead).get("/cases/"+ids[0]).says(t, http.StatusOK, "由赵磊接手")
	admin.post(bulk+"/undo", nil)
	admin.settled(bulk).says(t, http.StatusOK, "交还了")
	admin.get(account).says(t, http.StatusOK, "经办2件")
}

// revokeToken ends one of somebody's two tokens, from their page.
func revokeToken(t *testing.T, s *site, admin *browser) {
	handler := s.bureau.ID(proposal.Handler)
	account := "/people/" + string(handler)
	var ids, secrets []string
	for _, name := range []string{"数据交换", "自动登记"} {
		token, secret, err := s.Store.CreateToken(t.Context(), handler, name, s.Store.Now().AddDate(0, 0, 30))
		if err != nil {
			t.Fatal(err)
		}
		ids, secrets = append(ids, token.ID), append(secrets, secret)
	}
	admin.get(account).says(t, http.StatusOK, "接口令牌“数据交换”", "接口令牌“自动登记”", "没用过")
	s.as(t, proposal.Liaison).post(account+"/tokens/"+ids[0]+"/revoke", nil).says(t, http.StatusForbidden)
	p := admin.post(account+"/tokens/"+ids[0]+"/revoke", nil)
	p.says(t, http.StatusOK, "令牌作废了", "自动登记")
	if strings.Contains(p.text(), "数据交换") {
		t.Error("the revoked token is still shown")
	}
	for i, works := range []bool{false, true} {
		if _, err := s.Store.PersonByToken(t.Context(), secrets[i]); (err == nil) != works {
			t.Errorf("token %d: %v", i, err)
		}
	}
	admin.post(account+"/tokens/nonsense/revoke", nil).says(t, http.StatusNotFound)
}

// closeDivision merges a division with open cases into another, from the page of the divisions, and takes it back.
func closeDivision(t *testing.T, s *site, admin *browser) {
	page := "/divisions/" + string(fixture.Leading) + "/close"
	s.as(t, proposal.DivisionHead).get(page).says(t, http.StatusForbidden)
	s.as(t, proposal.DivisionHead).post(page, url.Values{"into": {"d1"}}).says(t, http.StatusForbidden)
	s.as(t, proposal.DivisionHead).post("/divisions/"+string(fixture.Leading)+"/reopen", nil).says(t, http.StatusForbidden)
	admin.get("/divisions/nowhere/close").says(t, http.StatusNotFound)
	p := admin.get(page)
	p.says(t, http.StatusOK, "撤并基层政权和社区建设处", "没办完的2件", "带着角色一起过去")
	path, form := p.form(t)
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "请选并入哪个处室")
	form.Set("into", "d1")
	bulk, _, _ := strings.Cut(admin.post(path, form).path, "?")
	admin.settled(bulk).says(t, http.StatusOK, "处室撤并，2件转给规划财务科", "已转给规划财务科", "管理员不看件的内容", "恢复处室，转回2件")
	admin.get("/divisions").says(t, http.StatusOK, "撤并，由规划财务科接手")
	admin.get(page).says(t, http.StatusOK, "由规划财务科接手", "没有没办完的件", "恢复这个处室")
	id := s.casesAt(t, proposal.Registered, 570, 1)[0]
	if p := s.as(t, proposal.Liaison).get("/cases/" + id); strings.Contains(p.body, `value="`+string(fixture.Leading)+`"`) {
		t.Error("the closed division can be chosen")
	}
	admin.post(bulk+"/undo", nil)
	admin.settled(bulk).says(t, http.StatusOK, "恢复了处室", "转回了")
	admin.get(page).says(t, http.StatusOK, "没办完的2件")
}

// contactPhone looks at whom a reply tells its deputy to ring, as it opens: the handler, or, of one without a telephone, their division.
func contactPhone(t *testing.T, s *site, admin *browser) {
	path := s.drafting(t, "0572")
	opens := func(want string) {
		t.Helper()
		_, form := s.as(t, proposal.Handler).get(path).form(t)
		if got := form.Get("contact_phone"); got != want {
			t.Errorf("the draft opens with the telephone %q, want %q", got, want)
		}
	}
	opens("23468801")
	handler := s.bureau[proposal.Handler]
	handler.Phone = ""
	if _, err := s.Store.UpsertPerson(t.Context(), handler, ""); err != nil {
		t.Fatal(err)
	}
	page, form := admin.get("/divisions?code=" + string(fixture.Leading)).form(t)
	admin.post(page, with(form, url.Values{"phone": {"024-23468899"}})).says(t, http.StatusOK, "存下了")
	opens("024-23468899")
}

// An administrator has a mail take the link for a password to whoever has an address; then nobody else sees it.
func TestPasswordLinkByMail(t *testing.T) {
	database, bureau := fixture.Database(t)
	s := run(t, app.Config{
		Database: app.Database{URL: fixture.AsProgram(database)},
		Temporal: app.Temporal{Address: engine.Address(t), Namespace: engine.Namespace},
		Web:      app.Web{Listen: "127.0.0.1:0"},
		Mail:     app.Mail{SMTPURL: "smtp://127.0.0.1:25", From: "办理 <banli@banli.example>", PublicURL: "https://banli.example"},
		Serve:    true,
		Log:      slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	s.bureau = bureau
	admin, handler := s.as(t, proposal.Admin), bureau[proposal.Handler]
	account, byMail := "/people/"+string(handler.ID), url.Values{"by": {"mail"}}
	if p := admin.get(account); strings.Contains(p.text(), "寄到") {
		t.Error("a mail is offered to nowhere")
	}
	admin.post(account+"/link", byMail).says(t, http.StatusUnprocessableEntity)
	handler.Email = "handler@banli.example"
	if _, err := s.Store.UpsertPerson(t.Context(), handler, ""); err != nil {
		t.Fatal(err)
	}
	admin.get(account).says(t, http.StatusOK, "把设密码的地址寄给他", "寄到handler@banli.example", "给一个设密码的地址")
	p := admin.post(account+"/link", byMail)
	p.says(t, http.StatusOK, "会寄到handler@banli.example", "等着寄往handler@banli.example")
	if strings.Contains(p.body, "/password/") {
		t.Error("the address stands on the page, too")
	}
	admin.post(account+"/link", url.Values{"by": {"hand"}}).says(t, http.StatusOK, "只显示这一次")
	admin.get(account).says(t, http.StatusOK, "由管理员转交")
	s.as(t, proposal.Auditor).get("/changes").says(t, http.StatusOK, "设密码的地址", "寄往", "handler@banli.example")
}

// A new password ends every session and every token of its owner: whoever knew the old one is out.
func TestANewPasswordEndsSessionsAndTokens(t *testing.T) {
	s := newSite(t)
	handler := s.bureau.ID(proposal.Handler)
	account := url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}}
	thief, owner := s.browser(t), s.browser(t)
	thief.post("/login", account)
	_, secret, err := s.Store.CreateToken(t.Context(), handler, "a script", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if p := thief.get("/notices"); p.path != "/notices" {
		t.Fatalf("not logged in: %s", p.path)
	}
	link := ""
	err = s.Store.Edit(t.Context(), s.bureau.ID(proposal.Admin), func(e *store.Edit) (err error) {
		link, _, err = e.NewPasswordLink(t.Context(), handler)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Store.UsePasswordLink(t.Context(), link, "一句只有本人知道的话"); err != nil {
		t.Fatal(err)
	}
	if p := thief.get("/notices"); p.path != "/login?back=%2Fnotices" {
		t.Errorf("the old session goes on at %s", p.path)
	}
	if _, err := s.Store.PersonByToken(t.Context(), secret); !kit.Refused(err, proposal.NotFound) {
		t.Errorf("the old token opens: %v", err)
	}
	owner.post("/login", account).says(t, http.StatusUnprocessableEntity)
	owner.post("/login", with(clone(account), url.Values{"password": {"一句只有本人知道的话"}})).says(t, http.StatusOK)
}

// Everybody changes their own password, who knows the one they have: wrong ones count as at the login. The session in which it is done goes on, and no other.
func TestOwnPassword(t *testing.T) {
	s := newSite(t)
	account := url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}}
	here, elsewhere := s.browser(t), s.browser(t)
	here.post("/login", account)
	elsewhere.post("/login", account)
	if links := here.get("/settings").links("/password"); len(links) != 1 {
		t.Errorf("%d ways from the settings to the password", len(links))
	}
	const fresh = "一句只有本人知道的话"
	path, form := here.get("/password").form(t)
	try := func(old, chosen, again string) answer {
		return here.post(path, with(clone(form), url.Values{"old": {old}, "password": {chosen}, "password_again": {again}}))
	}
	try("wrong", fresh, fresh).says(t, http.StatusUnprocessableEntity, "现在的密码不对", "还可试4次")
	try(fixture.Password, "short", "short").says(t, http.StatusUnprocessableEntity, "太短")
	try(fixture.Password, "Handler2026", "Handler2026").says(t, http.StatusUnprocessableEntity, "太好猜")
	try(fixture.Password, fresh, "另一句").says(t, http.StatusUnprocessableEntity, "两遍不一样")
	if p := try(fixture.Password, fresh, fresh); p.path != "/settings" || !strings.Contains(p.text(), "密码改好了") {
		t.Errorf("at %s: %s", p.path, p.text())
	}
	if p := here.get("/notices"); p.path != "/notices" {
		t.Errorf("whoever changed it is sent to %s", p.path)
	}
	if p := elsewhere.get("/notices"); p.path != "/login?back=%2Fnotices" {
		t.Errorf("another session goes on at %s", p.path)
	}
	elsewhere.post("/login", account).says(t, http.StatusUnprocessableEntity)
	for range 5 {
		try("wrong", fresh, fresh)
	}
	try(fresh, "另一句只有本人知道的话", "另一句只有本人知道的话").says(t, http.StatusTooManyRequests, "试得太多")
}

// A session ends when nobody has used it for as long as the settings say, and after their longest time although somebody does.
func TestSessionsEnd(t *testing.T) {
	s := newSite(t)
	for name, limits := range map[string]web.Config{"idle": {SessionIdle: 3 * time.Second}, "lifetime": {SessionLifetime: 3 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			limits.Store, limits.Cases, limits.Log, limits.Now = s.Store, s.Cases, slog.New(slog.DiscardHandler), time.Now
			limited, err := web.New(limits)
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(limited.Handler())
			t.Cleanup(server.Close)
			b := (&site{App: s.App, url: server.URL}).browser(t)
			if p := b.post("/login", url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}}); p.path == "/login" {
				t.Fatal("the login failed")
			}
			for begun := time.Now(); time.Since(begun) < 4*time.Second; time.Sleep(time.Second) {
				if name == "lifetime" {
					b.get("/notices")
				}
			}
			if p := b.get("/notices"); p.path != "/login?back=%2Fnotices" {
				t.Errorf("the session goes on at %s", p.path)
			}
		})
	}
}
