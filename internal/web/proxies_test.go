package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

func proxyForm(b *browser, fill url.Values) answer {
	b.t.Helper()
	path, form := b.get("/proxies").form(b.t)
	return b.post(path, with(form, fill))
}

func TestProxies(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	head, handler := s.as(t, proposal.DivisionHead), s.as(t, proposal.Handler)
	me, cover := s.bureau.ID(proposal.DivisionHead), s.bureau.ID(proposal.Handler)
	head.get("/proxies").says(t, http.StatusOK, "代理和委派", "还没有代理")

	fill := url.Values{
		"proxy": {string(cover)}, "from": {today.String()}, "to": {today.AddDays(7).String()}, "reason": {"年休假"},
	}
	path, form := head.get("/proxies").form(t)
	form = with(form, fill)
	for range 2 { // pressed twice
		head.post(path, form).says(t, http.StatusOK, "已定由甲handler代理", "我请人代理的", "全部的件", "年休假")
	}
	handler.get("/proxies").says(t, http.StatusOK, "我代理别人的", "甲handler代甲division_head")
	all, err := s.Store.Proxies(t.Context(), me)
	if err != nil || len(all) != 1 || all[0].Principal != me || all[0].Proxy != cover {
		t.Fatalf("%+v, %v", all, err)
	}
	if who, err := s.Store.Person(t.Context(), cover); err != nil || len(who.Covers) != 1 {
		t.Errorf("covers %v, %v", who.Covers, err)
	}
	handler.post("/proxies/"+all[0].ID+"/revoke", url.Values{}).says(t, http.StatusForbidden, "不由你做")
	s.as(t, proposal.Publisher).post("/proxies/"+all[0].ID+"/revoke", url.Values{}).says(t, http.StatusForbidden)
	head.post("/proxies/"+all[0].ID+"/revoke", url.Values{}).says(t, http.StatusOK, "代理已撤销", "已经结束的")
	if who, err := s.Store.Person(t.Context(), cover); err != nil || len(who.Covers) != 0 {
		t.Errorf("still covers %v, %v", who.Covers, err)
	}
	head.post("/proxies/0/revoke", url.Values{}).says(t, http.StatusNotFound)

	t.Run("wrong fields", func(t *testing.T) { wrongProxies(t, s) })
	t.Run("for others", func(t *testing.T) { proxiesForOthers(t, s) })
	t.Run("one case", func(t *testing.T) { proxyForOneCase(t, s) })
}

func wrongProxies(t *testing.T, s *site) {
	today := calendar.DateOf(time.Now())
	head := s.as(t, proposal.DivisionHead)
	p := proxyForm(head, url.Values{"proxy": {""}, "from": {""}, "to": {""}, "reason": {"  "}})
	p.says(t, http.StatusUnprocessableEntity, "有4处要改", "请选由谁代理", "请写明理由", `id="from-error"`, `id="to-error"`)
	p = proxyForm(head, url.Values{
		"proxy": {string(s.bureau.ID(proposal.DivisionHead))}, "from": {today.String()}, "to": {today.AddDays(-1).String()},
		"case": {"9999"}, "reason": {"写好的事由"},
	})
	p.says(t, http.StatusUnprocessableEntity, "不能由自己代理自己", "不能早于", "没有你能看的在办件", "写好的事由")
	p = proxyForm(head, url.Values{"from": {today.AddDays(-9).String()}, "to": {today.AddDays(-2).String()}, "reason": {"x"}})
	p.says(t, http.StatusUnprocessableEntity, "这一天已经过了")
	p = proxyForm(head, url.Values{"from": {"tomorrow"}, "reason": {"x"}})
	p.says(t, http.StatusUnprocessableEntity, `id="from-error"`)
	p = proxyForm(head, url.Values{
		"principal": {string(s.bureau.ID(proposal.LeaderInCharge))}, "proxy": {string(s.bureau.ID(proposal.Handler))},
		"from": {today.String()}, "to": {today.String()}, "reason": {"替领导"},
	})
	p.says(t, http.StatusForbidden, "不由你做")
	head.get("/proxies?case="+newID()).says(t, http.StatusNotFound)
}

func proxiesForOthers(t *testing.T, s *site) {
	today := calendar.DateOf(time.Now())
	admin := s.as(t, proposal.Admin)
	principal, cover := s.bureau.ID(proposal.LeaderInCharge), s.bureau.ID(proposal.BureauHead)
	p := proxyForm(admin, url.Values{
		"principal": {string(principal)}, "proxy": {string(cover)}, "from": {today.AddDays(3).String()}, "to": {today.AddDays(5).String()}, "reason": {"出差"},
	})
	p.says(t, http.StatusOK, "别人之间的", "甲bureau_head代甲leader_in_charge", "甲admin定")
	all, err := s.Store.Proxies(t.Context(), principal)
	if err != nil || len(all) != 1 {
		t.Fatalf("%+v, %v", all, err)
	}
	s.as(t, proposal.Liaison).post("/proxies/"+all[0].ID+"/revoke", url.Values{}).says(t, http.StatusOK, "代理已撤销")
	s.as(t, proposal.LeaderInCharge).get("/proxies").says(t, http.StatusOK, "已经结束的", "出差")
}

// proxyForOneCase hands over a case whose number another case bears too.
func proxyForOneCase(t *testing.T, s *site) {
	today := calendar.DateOf(time.Now())
	first := fixture.Registration("0921", today.AddDays(-3))
	second := fixture.Registration("0921", today.AddDays(-3))
	second.Body, second.Title, second.LeadDeputy = assembly.CPPCC, "关于方便台胞办理婚姻登记的提案", "台盟沈阳市委"
	s.carry(t, first, proposal.Drafting, replyText)
	id := s.carry(t, second, proposal.Drafting, replyText)
	handler := s.as(t, proposal.Handler)
	fill := url.Values{
		"proxy": {string(s.bureau.ID(proposal.DivisionHead))}, "from": {today.String()}, "to": {today.AddDays(1).String()}, "reason": {"集中培训"},
	}
	p := proxyForm(handler, with(url.Values{"case": {"第0921号"}}, fill))
	p.says(t, http.StatusUnprocessableEntity, "有几件都是这个编号")
	handler.get("/cases/"+id).says(t, http.StatusOK, "委派", "/proxies?case="+id)
	path, form := handler.get("/proxies?case=" + id).form(t)
	if form.Get("case") != "0921" {
		t.Errorf("the form opens with %v", form)
	}
	handler.post(path, with(form, fill)).says(t, http.StatusOK, "已定由甲division_head代理", "第0921号", "/cases/"+id)
	c, err := s.Store.Case(t.Context(), id)
	if err != nil || len(c.Covers) != 1 || c.Covers[0].Proxy != s.bureau.ID(proposal.DivisionHead) {
		t.Errorf("%+v, %v", c.Covers, err)
	}
}
