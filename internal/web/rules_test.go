package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// An administrator copies rules, is told what is wrong with them and what they would change, and puts them in force: new cases get them at once,
// open ones keep theirs.
func TestRulesArePutInForce(t *testing.T) {
	s := newSite(t)
	admin, liaison := s.as(t, proposal.Admin), s.as(t, proposal.Liaison)
	open := strings.TrimPrefix(s.register(t, "0392"), "/cases/")
	p := liaison.get("/rules")
	p.says(t, http.StatusOK, "新件按它办", "1件", "沈阳市民政局建议提案办理规则", "随程序带来")
	if strings.Contains(p.text(), "照着改一套") {
		t.Error("whoever may not put rules in force is offered it")
	}
	admin.get("/rules").says(t, http.StatusOK, "全国通用办理规则", "照着改一套", "改一套新的")
	liaison.get("/rules/new?from=national-1").says(t, http.StatusForbidden)
	liaison.post("/rules/new", nil).says(t, http.StatusForbidden)
	admin.get("/rules/mars-1").says(t, http.StatusNotFound)
	for _, page := range []string{"/rules", "/rules/shenyang-1"} {
		s.as(t, proposal.Assembly).get(page).says(t, http.StatusNotFound)
	}
	liaison.get("/rules/national-1").says(t, http.StatusOK,
		"自交办之日起三个月内答复", "3个月", "2025年3月12日起：《代表法》第五十一条", "处室审核 → 核稿 → 法规审核 → 公开审查 → 主要领导签发", "到期前30天", "过期1个工作日告诉处室负责人",
		"要点可以是：已解决", "涉及商业秘密", "电话、走访", "关于申请退回", "id: national-1")

	path, form := admin.get("/rules/new?from=national-1").form(t)
	begun := form.Get("source")
	for _, words := range []string{"id: own-1\n", "profile: own\n", "extends: national-1\n", "name: 沈阳市民政局建议提案办理规则\n", "# 下面只写与“全国通用办理规则”不同的地方"} {
		if !strings.Contains(begun, words) {
			t.Errorf("what is begun lacks %q:\n%s", words, begun)
		}
	}
	form.Set("source", begun+"rehandling: { rounds: 0 }\nlimits:\n  repply: {}\n")
	form.Set("do", "look")
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "有2处要改", "第8行", "rehandling.rounds", "要写1到366的数", "第10行", "没有这一项", "repply: {}")

	// One that is begun tomorrow would leave nothing to see here: cases of these years are to get it.
	day := calendar.DateOf(s.Store.Now()).AddDays(1)
	text := strings.Replace(begun, day.String(), "2020-01-01", 1) + `signer: { ordinary: bureau_head, strict: bureau_head }
limits:
  reply: { name: 二个月内答复, months: 2, variants: [{ body: cppcc, intersession: false, months: 1 }], sources: [{ from: "2020-01-01", text: 本局办理规则 }] }
`
	form.Set("source", strings.ReplaceAll(text, "\n", "\r\n")) // as a browser sends it
	p = admin.post(path, form)
	p.says(t, http.StatusOK, "2020年1月1日起交办的件按它办", "2020年1月1日交办的新件会怎样", "人大建议 法定期限：", "政协提案（大会期间）", "政协提案（闭会期间）", "本局从此不再按“沈阳市民政局建议提案办理规则", "期限：答复", "3个月", "2个月", "二个月内答复", "审核和签发：人大建议", "在办1件里，1件会不一样",
		"法定期限提前：1件", "签发人不同：1件", "第0392号", "签发人：分管领导 → 主要领导")
	if strings.Contains(p.body, open) || strings.Contains(p.text(), "社工压力") {
		t.Error("the administrator is told what the case is about")
	}
	none := func(after string) {
		t.Helper()
		if kept, err := s.Store.KeptRules(t.Context()); err != nil || len(kept) > 0 {
			t.Fatalf("%s: %d rule packs are kept (%v)", after, len(kept), err)
		}
	}
	none("looking at rules")
	path, looked := p.form(t)
	looked.Set("do", "put")
	looked.Set("source", strings.Replace(text, "months: 2", "months: 1", 1))
	admin.post(path, looked).says(t, http.StatusOK, "1个月")
	none("a text that nobody looked at")

	looked.Set("source", text)
	p = admin.post(path, looked)
	p.says(t, http.StatusOK, "“沈阳市民政局建议提案办理规则”施行了：2020年1月1日起交办的件按它办", "新件按它办", "甲admin施行", "2个月", "本局办理规则")
	if p.path != "/rules/own-1" {
		t.Errorf("then at %s", p.path)
	}
	later := strings.TrimPrefix(s.register(t, "0393"), "/cases/")
	for id, want := range map[string]string{open: "shenyang-1", later: "own-1"} {
		if state, err := s.Store.State(t.Context(), id); err != nil || state.Pack != want {
			t.Errorf("a case is under %q, want %q (%v)", state.Pack, want, err)
		}
	}
	p = admin.get("/changes")
	p.says(t, http.StatusOK, "办理规则 沈阳市民政局建议提案办理规则", "甲admin")
	if strings.Contains(p.text(), "extends") {
		t.Error("the changes repeat the whole file")
	}
	admin.get("/bureau").says(t, http.StatusOK, "沈阳市民政局建议提案办理规则 2020年1月1日起施行")

	// What is in force is followed by rules that say only what differs, from a day on which no case was assigned.
	path, form = admin.get("/rules/new?from=own-1").form(t)
	if begun := form.Get("source"); !strings.Contains(begun, "id: own-2\n") || !strings.Contains(begun, "extends: own-1\n") {
		t.Errorf("what follows is begun as\n%s", begun)
	}
	form.Set("do", "look")
	form.Set("source", strings.Replace(form.Get("source"), day.String(), registeredOn.String(), 1))
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "第5行", "交办的件已经按“own-1”登记")

	// What changes most often is typed into a form, which writes it into the file; what was typed into the file meanwhile stays.
	path, form = admin.get("/rules/new?from=own-1").form(t)
	form.Set("do", "look")
	form.Set("count_first_contact", "10")
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "首次沟通：多久改了，文字也要跟着改")
	form.Set("name_first_contact", "交办之日起10个工作日内与代表首次联系")
	form.Set("extension", "nought")
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "延期最长到交办后：填1以上的整数", `value="nought"`)
	form.Set("extension", "5")
	form.Set("suspension", "1")
	form.Set("source", form.Get("source")+"rehandling: { rounds: 3 }\n")
	p = admin.post(path, form)
	p.says(t, http.StatusOK, "期限：首次沟通", "20个工作日", "10个工作日", "其他：延期最长到交办后", "其他：可以中止计时", "其他：最多办几轮 2次 3次", "变了4条规则")
	if _, again := p.form(t); !strings.Contains(again.Get("source"), "workdays: 10") || !strings.Contains(again.Get("source"), "rounds: 3") || again.Get("rounds") != "3" || again.Get("extension") != "5" {
		t.Errorf("the file and the form are\n%v", again)
	}

	// Those of another place are copied without its name and numbers.
	_, form = admin.get("/rules/new?from=shenyang-2").form(t)
	if copied := form.Get("source"); strings.Contains(copied, "沈民") || strings.Contains(copied, "agency") || !strings.Contains(copied, "id: own-2\n") || !strings.Contains(copied, "extends: national-1\n") || !strings.Contains(copied, "15个工作日") {
		t.Errorf("copied as\n%s", copied)
	}

	// Until their first day rules that were put by mistake can be withdrawn.
	next := "id: own-2\nprofile: own\nextends: own-1\nname: 来年的办理规则\nvalid_from: \"" + day.String() + "\"\n"
	if _, err := s.Store.PutRules(t.Context(), "", next); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(liaison.get("/rules/own-2").text(), "撤回这套规则") {
		t.Error("whoever may not withdraw rules is offered it")
	}
	liaison.post("/rules/own-2/withdraw", nil).says(t, http.StatusForbidden)
	admin.post("/rules/own-1/withdraw", nil).says(t, http.StatusUnprocessableEntity, "已经施行，不能撤回")
	admin.get("/rules/own-2").says(t, http.StatusOK, "撤回这套规则", "1天后施行")
	p = admin.post("/rules/own-2/withdraw", nil)
	p.says(t, http.StatusOK, "撤回了，它不再施行", "甲admin撤回", "来年的办理规则", "extends: own-1")
	if strings.Contains(p.text(), "撤回这套规则") || strings.Contains(admin.get("/rules/own-1").text(), "撤回这套规则") {
		t.Error("what is withdrawn or has begun is offered to be withdrawn")
	}
	admin.get("/rules").says(t, http.StatusOK, "撤回了的", "own-2")
	admin.get("/changes").says(t, http.StatusOK, "撤回办理规则 own-2")
	path, form = admin.get("/rules/new?from=own-1").form(t)
	if begun := form.Get("source"); !strings.Contains(begun, "id: own-3\n") {
		t.Errorf("what follows is begun as\n%s", begun)
	}
	form.Set("do", "look")
	form.Set("source", next)
	admin.post(path, form).says(t, http.StatusUnprocessableEntity, "“own-2”的那一套撤回了")
}

// The API does the same with the same words.
func TestRulesByAPI(t *testing.T) {
	s := newSite(t)
	s.register(t, "0392")
	p := s.program(t)
	status, listed := p.send(proposal.Liaison, "GET", "/rules", "")
	if items, _ := listed["items"].([]any); status != http.StatusOK || len(items) != 3 {
		t.Fatalf("%d: %v", status, listed)
	}
	source := "id: own-1\nprofile: own\nextends: shenyang-1\nname: 本局办理规则\nvalid_from: \"2020-01-01\"\nsigner: { ordinary: bureau_head, strict: bureau_head }\n"
	body := func(source string) string { return encode(t, map[string]any{"source": source}) }
	p.refuses(http.StatusForbidden, "forbidden", proposal.Liaison, "POST", "/rules", body(source))
	p.refuses(http.StatusForbidden, "forbidden", proposal.Liaison, "POST", "/rule-checks", body(source))
	p.refuses(http.StatusUnprocessableEntity, "invalid", proposal.Admin, "POST", "/rules", body(source+"signer: {}\n"))
	_, checked := p.send(proposal.Admin, "POST", "/rule-checks", body(source+"rehandling: { rounds: 0 }\n"))
	if got := encode(t, checked["wrong"]); got != `[{"code":"from_to","field":"rehandling.rounds","line":7,"message":"Enter a number from 1 to 366."}]` {
		t.Errorf("wrong: %s", got)
	}
	_, checked = p.send(proposal.Admin, "POST", "/rule-checks", body(source))
	if got := encode(t, checked["changes"]); got != `[{"field":"signer.ordinary","from":"leader_in_charge","to":"bureau_head"}]` || checked["open_cases"] != 1.0 {
		t.Errorf("checked: %v", checked)
	}
	effect := `"effects":[{"from":"leader_in_charge","to":"bureau_head","what":"signer"}]`
	if got := encode(t, checked["new_cases"]); strings.Count(got, effect) != 4 || !strings.Contains(got, `{"body":"cppcc",`+effect+`,"intersession":true}`) {
		t.Errorf("new cases: %s", got)
	}
	if got := encode(t, checked["cases"]); got != `[{"effects":[{"from":"leader_in_charge","to":"bureau_head","what":"signer"}],"number":"0392"}]` {
		t.Errorf("cases: %s", got)
	}
	if status, made := p.send(proposal.Admin, "POST", "/rules", body(source)); status != http.StatusCreated || made["new_cases"] != true || made["put_by"] != "admin" {
		t.Errorf("%d: %v", status, made)
	}
	if status, shown := p.send(proposal.Handler, "GET", "/rules/own-1", ""); status != http.StatusOK || shown["source"] != source {
		t.Errorf("%d: %v", status, shown)
	}
	p.refuses(http.StatusNotFound, "not_found", proposal.Handler, "GET", "/rules/mars-1", "")

	next := strings.NewReplacer("own-1", "own-2", "shenyang-1", "own-1", "2020-01-01", "2090-01-01").Replace(source)
	p.must(proposal.Admin, "POST", "/rules", map[string]any{"source": next})
	p.refuses(http.StatusForbidden, "forbidden", proposal.Liaison, "POST", "/rules/own-2/withdraw", "{}")
	refusal := p.refuses(http.StatusUnprocessableEntity, "invalid", proposal.Admin, "POST", "/rules/own-1/withdraw", "{}")
	if got := encode(t, refusal["fields"]); !strings.Contains(got, "rules_begun") || !strings.Contains(got, "These rules are in force") {
		t.Errorf("refused: %s", got)
	}
	if left := p.must(proposal.Admin, "POST", "/rules/own-2/withdraw", map[string]any{})["items"].([]any); len(left) != 4 {
		t.Errorf("left are %v", left)
	}
	p.refuses(http.StatusNotFound, "not_found", proposal.Admin, "POST", "/rules/own-2/withdraw", "{}")
}
