package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// casesAt registers cases and carries them to the stage; the first number is given.
func (s *site) casesAt(t *testing.T, stage proposal.Stage, first, n int) (ids []string) {
	t.Helper()
	for i := range n {
		r := fixture.Registration(fmt.Sprintf("%04d", first+i), calendar.DateOf(time.Now()))
		id := workflows.CaseID(r.RegisterKey)
		a := s.bureau.Register(r)
		for {
			if _, err := s.Cases.Act(t.Context(), id, a); err != nil {
				t.Fatal(a.Kind, err)
			}
			if state, err := s.Store.State(t.Context(), id); err != nil || state.Stage == stage {
				break
			}
			a = s.bureau.Next(t, s.Store, id)
		}
		ids = append(ids, id)
	}
	return ids
}

func ticks(kind proposal.BulkKind, ask proposal.Ask, ids ...string) url.Values {
	form := url.Values{"kind": {string(kind)}}
	for _, id := range ids {
		form.Add("task", id+"~"+string(ask)+"~")
	}
	return form
}

// settled loads the page of a bulk until nothing is under way.
func (b *browser) settled(path string) answer {
	b.t.Helper()
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		p := b.get(path)
		if !strings.Contains(p.body, "data-under-way") {
			return p
		}
		if time.Since(begun) > patience {
			b.t.Fatal(p.text())
		}
	}
}

func (s *site) colleague(t *testing.T, login, name string) proposal.PersonID {
	t.Helper()
	id, err := s.Store.UpsertPerson(t.Context(), store.Person{
		Person: proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading},
		Login:  login, Name: store.Name{ZH: name, EN: login}, Active: true,
	}, fixture.Password)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestBulk(t *testing.T) {
	s := newSite(t)
	zhao := s.colleague(t, "zhaolei", "赵磊")
	t.Run("transfer", func(t *testing.T) { bulkTransfer(t, s, zhao) })
	t.Run("shared out anew", func(t *testing.T) { bulkShared(t, s, zhao) })
	t.Run("one case", func(t *testing.T) { bulkOfOne(t, s, zhao) })
	t.Run("orders", func(t *testing.T) { bulkOrders(t, s) })
	t.Run("claim and delegate", func(t *testing.T) { bulkClaimAndDelegate(t, s, zhao) })
	t.Run("propose", func(t *testing.T) { bulkPropose(t, s) })
	t.Run("not allowed", func(t *testing.T) { bulkNotAllowed(t, s) })
}

// bulkShared gives some of a handler's cases to another: what each has before and after is told before the press, what is not ticked stays, and
// it is taken back at once.
func bulkShared(t *testing.T, s *site, zhao proposal.PersonID) {
	head := s.as(t, proposal.DivisionHead)
	ids := s.casesAt(t, proposal.Consulting, 790, 3)
	var share url.Values
	walk(head.get("/overview").doc, func(n *html.Node) {
		if n.Data == "input" && attr(n, "form") == "share" && strings.Contains(attr(n, "value"), string(s.bureau.ID(proposal.Handler))) {
			share = url.Values{"kind": {"transfer"}, "all": {"1"}, "none": {"1"}, "back": {"/overview"}, "query": {attr(n, "value"), "box=bureau&holder=" + string(zhao)}}
		}
	})
	if share == nil {
		t.Fatal("the handler cannot be ticked on the board")
	}
	p := head.get("/bulk/new?" + share.Encode())
	p.says(t, http.StatusOK, "勾要给别人的件", "各人手上", "选了给谁", "0790", "0791", "0792")
	loads, soon, err := s.Store.HandlerLoads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	from, to := loads[s.bureau.ID(proposal.Handler)], loads[zhao]
	path, fields := p.form(t)
	if len(fields["task"]) != 0 || len(fields["shown"]) < 3 {
		t.Fatalf("ticked %d of %d", len(fields["task"]), len(fields["shown"]))
	}
	head.post(path, with(fields, url.Values{"reason": {"匀一匀"}, "whom": {string(zhao)}})).says(t, http.StatusUnprocessableEntity, "一件都没有勾")
	var ticked []string
	for _, key := range fields["shown"] {
		if strings.HasPrefix(key, ids[0]) || strings.HasPrefix(key, ids[2]) {
			ticked = append(ticked, key)
		}
	}
	fields = with(fields, url.Values{"task": ticked, "reason": {"匀一匀"}, "whom": {string(zhao)}})
	p = head.post("/bulk/new", fields)
	p.says(t, http.StatusOK, "转办2件", "把2件转给赵磊", fmt.Sprintf("%d → %d", from.Open, from.Open-2), fmt.Sprintf("%d → %d", to.Open, to.Open+2))
	page, _, _ := strings.Cut(head.post(path, fields).path, "?")
	head.settled(page).says(t, http.StatusOK, "做完了：把2件转给赵磊")
	holders := func() (mine, his int) {
		for i, id := range ids {
			state, err := s.Store.State(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if state.Handler == zhao {
				his++
			} else if i == 1 {
				mine++
			}
		}
		return mine, his
	}
	if mine, his := holders(); mine != 1 || his != 2 {
		t.Errorf("what was not ticked: %d, what was: %d", mine, his)
	}
	after, _, err := s.Store.HandlerLoads(t.Context())
	want := to
	for range 2 {
		state, err := s.Store.State(t.Context(), ids[0])
		if err != nil {
			t.Fatal(err)
		}
		want.Count(1, state.DueNow().Due(), calendar.DateOf(time.Now()), soon)
	}
	if err != nil || after[zhao] != want {
		t.Errorf("he has %+v, foretold %+v, %v", after[zhao], want, err)
	}
	head.post(page+"/undo", url.Values{}).says(t, http.StatusOK)
	head.settled(page)
	if mine, his := holders(); mine != 1 || his != 0 {
		t.Errorf("taken back, he has %d", his)
	}
}

func bulkTransfer(t *testing.T, s *site, zhao proposal.PersonID) {
	head := s.as(t, proposal.DivisionHead)
	ids := s.casesAt(t, proposal.Consulting, 700, 3)
	waiting := s.casesAt(t, proposal.Accepting, 710, 1)
	form := ticks(proposal.BulkTransfer, proposal.AskOf(proposal.Consulting), ids...)
	form.Add("task", waiting[0]+"~"+string(proposal.AskOf(proposal.Accepting))+"~")
	form.Add("task", newID()+"~drafting~") // nobody's
	form.Add("task", form.Get("task"))     // ticked twice

	p := head.post("/bulk/new", form)
	p.says(t, http.StatusOK, "转办3件", "1件办不了", "转不了", "在“接收”这一步，不归哪个经办人", "赵磊，在办0件", "把3件转给所选的人", "一件件转")
	path, fields := p.form(t)
	p = head.post(path, fields)
	p.says(t, http.StatusUnprocessableEntity, "有2处要改", "请选一个人。", "请写明为什么。", `id="whom-error"`, `id="reason-error"`)
	if fields = with(fields, url.Values{"reason": {"下沉社区"}, "whom": {newID()}}); len(fields["task"]) != 3 {
		t.Fatalf("the form carries %q", fields["task"])
	}
	head.post(path, fields).says(t, http.StatusUnprocessableEntity, "没有这个人", "下沉社区")
	fields.Set("whom", string(zhao))

	head.get("/").says(t, http.StatusOK, "我的批量", "转办…", "委派…")
	all := url.Values{"kind": {string(proposal.BulkTransfer)}, "all": {"1"}, "query": {"box=whole&q=0701"}}
	head.post("/bulk/new", all).says(t, http.StatusOK, "转办1件", "0701")
	all.Set("query", "%zz")
	head.post("/bulk/new", all).says(t, http.StatusNotFound)

	// Between the page and the press somebody hands the second case to another.
	chen := s.colleague(t, "chenguang", "陈光")
	if _, err := s.Cases.Act(t.Context(), ids[1], s.bureau.Action(proposal.Reassign, proposal.DivisionHead, &proposal.Reassignment{Handler: chen, Reason: "先改派"})); err != nil {
		t.Fatal(err)
	}
	p = head.post(path, fields)
	page, _, _ := strings.Cut(p.path, "?")
	if again := head.post(path, fields); again.path != page {
		t.Errorf("pressed twice: %s and %s", page, again.path)
	}
	p = head.settled(page)
	p.says(t, http.StatusOK, "做完了：把3件转给赵磊", "转了2件", "没转1件", "已转给赵磊", "甲division_head", "已改派", "3／3", "撤销已转的2件", "下沉社区")
	if strings.Contains(p.text(), "暂停") {
		t.Error("a bulk that is done can be paused")
	}
	head.get("/bulk").says(t, http.StatusOK, "我的批量", "做完了：把3件转给赵磊", "没转1件")
	s.as(t, proposal.Liaison).get(page).says(t, http.StatusNotFound)
	s.as(t, proposal.Liaison).post(page+"/undo", url.Values{}).says(t, http.StatusNotFound)
	head.post(page+"/explode", url.Values{}).says(t, http.StatusNotFound)
	head.post(page+"/pause", url.Values{}).says(t, http.StatusConflict)

	for range 2 {
		head.post(page+"/undo", url.Values{}).says(t, http.StatusOK)
	}
	p = head.settled(page)
	p.says(t, http.StatusOK, "撤销了：把3件转给赵磊", "退回甲handler了", "撤销了2件")
	head.get("/language?to=en&back=/")
	head.get(page).says(t, http.StatusOK, "Taken back: transfer 3 cases to zhaolei", "Given back to handler", "Not transferred")
	head.post("/bulk/new", form).says(t, http.StatusOK, "Transfer 3 cases", "cannot be done")
	head.get("/language?to=zh&back=/")
}

func bulkOfOne(t *testing.T, s *site, zhao proposal.PersonID) {
	head := s.as(t, proposal.DivisionHead)
	id := s.casesAt(t, proposal.Drafting, 720, 1)[0]
	p := head.get("/bulk/new?back=/%3Fbox%3Dactive&" + ticks(proposal.BulkTransfer, proposal.AskOf(proposal.Drafting), id).Encode())
	p.says(t, http.StatusOK, "转办1件")
	path, fields := p.form(t)
	p = head.post(path, with(fields, url.Values{"whom": {string(zhao)}, "reason": {"休假"}}))
	p.says(t, http.StatusOK, "0720", "已转给赵磊")
	if p.path != "/?box=active" {
		t.Errorf("ended at %s", p.path)
	}
	p = head.get("/bulk/new?" + ticks(proposal.BulkTransfer, proposal.AskOf(proposal.Drafting), id).Encode())
	if strings.Contains(p.body, "赵磊，在办") {
		t.Error("the case can be transferred to whoever has it")
	}
	// Each list says where it was ticked: that is where the way back leads.
	for _, list := range []string{"/cases?q=0720", "/?box=whole&q=0720"} {
		form := ticks(proposal.BulkTransfer, proposal.AskOf(proposal.Drafting), id)
		_, carried := head.get(list).formTo(t, "/bulk/new")
		for name, values := range carried {
			form[name] = values
		}
		if p = head.post("/bulk/new", form); !strings.Contains(p.body, `href="`+strings.ReplaceAll(list, "&", "&amp;")+`"`) {
			t.Errorf("ticked at %s, the way back leads elsewhere", list)
		}
	}
}

// bulkPropose: the division is chosen once for all that are ticked, and named wherever the bulk is.
func bulkPropose(t *testing.T, s *site) {
	liaison := s.as(t, proposal.Liaison)
	ids := s.casesAt(t, proposal.Registered, 725, 2)
	liaison.get("/").says(t, http.StatusOK, "拟办…")
	form := ticks(proposal.BulkPropose, proposal.AskOf(proposal.Registered), append(ids, s.casesAt(t, proposal.Drafting, 728, 1)...)...)
	path, fields := liaison.post("/bulk/new", form).form(t)
	liaison.post(path, fields).says(t, http.StatusUnprocessableEntity, "请选主办处室。", `id="whom-error"`)
	liaison.post(path, with(fields, url.Values{"whom": {"nowhere"}})).says(t, http.StatusUnprocessableEntity, "没有这个处室。")
	p := liaison.post(path, with(fields, url.Values{"whom": {string(fixture.Leading)}}))
	page, _, _ := strings.Cut(p.path, "?")
	divisions, err := s.Store.Divisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	name := divisions[slices.IndexFunc(divisions, func(d store.Division) bool { return d.Code == fixture.Leading })].Name.ZH
	liaison.settled(page).says(t, http.StatusOK, "做完了：给2件拟办，由"+name+"主办", "拟办了2件", "已拟由"+name+"主办")
	if p := s.as(t, proposal.DivisionHead).post("/bulk/new", form); p.status != http.StatusForbidden {
		t.Errorf("a division head proposes: %d", p.status)
	}
}

func bulkOrders(t *testing.T, s *site) {
	supervisor := s.as(t, proposal.Supervisor)
	ids := s.casesAt(t, proposal.Consulting, 730, 8)
	path, fields := supervisor.post("/bulk/new", ticks(proposal.BulkUrge, proposal.AskOf(proposal.Consulting), ids...)).form(t)
	supervisor.post(path, fields).says(t, http.StatusUnprocessableEntity, "请写要催什么。")
	page := supervisor.post(path, with(fields, url.Values{"reason": {"请抓紧"}})).path
	supervisor.post(page+"/pause", url.Values{})
	v, err := s.Store.Bulk(t.Context(), s.bureau.ID(proposal.Supervisor), fields.Get("action_id"))
	if err != nil {
		t.Fatal(err)
	}
	if v.Status == proposal.BulkPaused {
		supervisor.get(page).says(t, http.StatusOK, "暂停了：催办8件", "继续", "取消没做的")
		supervisor.post(page+"/resume", url.Values{})
	}
	p := supervisor.settled(page)
	p.says(t, http.StatusOK, "催了8件", "已催办", "撤不回来", "返回督办")
	supervisor.post(page+"/undo", url.Values{}).says(t, http.StatusUnprocessableEntity, "撤不回来")
	supervisor.post("/bulk/new", ticks(proposal.BulkUrge, proposal.AskOf(proposal.Consulting), ids[0])).
		says(t, http.StatusOK, "还不能催", "刚催过", "现在都办不了")
}

func bulkClaimAndDelegate(t *testing.T, s *site, zhao proposal.PersonID) {
	liaison, handler := s.as(t, proposal.Liaison), s.as(t, proposal.Handler)
	ids := s.casesAt(t, proposal.Registered, 740, 2)
	path, fields := liaison.post("/bulk/new", ticks(proposal.BulkClaim, proposal.AskOf(proposal.Registered), ids...)).form(t)
	page := liaison.post(path, fields).path
	liaison.settled(page).says(t, http.StatusOK, "认领了2件", "归你办了", "放回已认领的2件")
	liaison.post("/bulk/new", ticks(proposal.BulkClaim, proposal.AskOf(proposal.Registered), ids...)).says(t, http.StatusOK, "认领不了", "本来就在你手里")
	liaison.post(page+"/undo", url.Values{})
	liaison.settled(page).says(t, http.StatusOK, "放回了")

	today := calendar.DateOf(time.Now())
	ids = s.casesAt(t, proposal.Drafting, 750, 2)
	path, fields = handler.post("/bulk/new", ticks(proposal.BulkDelegate, proposal.AskOf(proposal.Drafting), ids...)).form(t)
	if fields.Get("from") != today.String() {
		t.Errorf("from %q", fields.Get("from"))
	}
	handler.post(path, with(fields, url.Values{"whom": {string(zhao)}, "reason": {"下沉"}, "until": {today.AddDays(-1).String()}})).
		says(t, http.StatusUnprocessableEntity, "不能早于")
	handler.post(path, with(fields, url.Values{"whom": {string(zhao)}, "reason": {"下沉"}, "until": {"soon"}})).
		says(t, http.StatusUnprocessableEntity, `id="until-error"`)
	page = handler.post(path, with(fields, url.Values{"whom": {string(zhao)}, "reason": {"下沉"}, "until": {today.AddDays(3).String()}})).path
	handler.settled(page).says(t, http.StatusOK, "委派了2件", "已委派给赵磊")
	handler.get("/proxies").says(t, http.StatusOK, "赵磊")
	handler.post(page+"/undo", url.Values{})
	handler.settled(page).says(t, http.StatusOK, "委派撤销了")
}

func bulkNotAllowed(t *testing.T, s *site) {
	id := s.casesAt(t, proposal.Consulting, 760, 1)[0]
	form := ticks(proposal.BulkTransfer, proposal.AskOf(proposal.Consulting), id)
	handler := s.as(t, proposal.Handler)
	handler.post("/bulk/new", form).says(t, http.StatusForbidden, "不由你做")
	handler.post("/bulk", with(form, url.Values{"action_id": {newID()}})).says(t, http.StatusForbidden)
	handler.post("/bulk/new", url.Values{"kind": {"burn"}}).says(t, http.StatusNotFound)
	handler.post("/bulk", url.Values{"kind": {"burn"}}).says(t, http.StatusNotFound)
	handler.get("/bulk/"+newID()).says(t, http.StatusNotFound)
	handler.get("/bulk").says(t, http.StatusOK, "我的批量")
	// A case of another division is not there for its head.
	other := s.browser(t)
	other.post("/login", url.Values{"account": {string(fixture.OtherHead)}, "password": {fixture.Password}})
	other.post("/bulk/new", form).says(t, http.StatusOK, "没有勾到你能办的件")
	other.get("/bulk").says(t, http.StatusOK, "还没有一次办过许多件")
	p := other.post("/bulk", with(form, url.Values{"action_id": {newID()}, "whom": {string(s.bureau.ID(fixture.OtherHandler))}, "reason": {"x"}}))
	p.says(t, http.StatusUnprocessableEntity, "没有勾到你能办的件")
	s.as(t, proposal.DivisionHead).post("/bulk", with(form, url.Values{"action_id": {"x"}, "whom": {newID()}, "reason": {"x"}})).
		says(t, http.StatusUnprocessableEntity)
}
