package web_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// The register is corrected from the page of the case: what it says now stands beside each fact, and what would follow is told
// before the press.
func TestCorrectingTheRegister(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0611")
	liaison := s.as(t, proposal.Liaison)

	p := liaison.get(path + "?do=amend")
	p.says(t, http.StatusOK, "领衔代表", "倪琛善", "不在这里显示", "?do=amend&amp;fact=lead_deputy#act")
	if strings.Contains(p.body, "13900000392") {
		t.Error("a telephone number is shown without a logged look")
	}

	p = liaison.get(path + "?do=amend&fact=assigned_on")
	p.says(t, http.StatusOK, "登记的是", `type="date" class="short" id="value" name="value" value="`+registeredOn.String()+`"`)
	if strings.Contains(p.body, `name="sure"`) || strings.Contains(p.body, "更正后") {
		t.Error("something is asked for, or foreseen, before anything is typed")
	}
	_, form := p.form(t)
	form.Set("value", registeredOn.AddDays(-20).String()) // further than the longest holiday
	p = liaison.post(path+"/form/amend", form)
	if says := p.part("follows"); !strings.Contains(says, "更正后") || !strings.Contains(says, "法定期限从") {
		t.Errorf("what follows: %s", says)
	}

	// Far from today is asked about, and only then.
	form.Set("value", "1026-02-20")
	p = liaison.post(path+"/form/amend", form)
	if !strings.Contains(p.part("follows"), "离得太远") || !strings.Contains(p.body, `name="sure"`) {
		t.Errorf("1026: %s", p.part("follows"))
	}
	_, again := p.form(t)
	again.Set("reason", "交办单看错了")
	again.Set("source", "交办单原件")
	p = liaison.post(path+"/act/amend", again)
	p.says(t, http.StatusUnprocessableEntity, "离得太远", `name="sure"`, "交办单看错了")

	p = liaison.get(path + "?do=amend&fact=lead_deputy")
	action, form := p.form(t)
	form.Set("value", "倪琛缮")
	form.Set("reason", "名字录错")
	form.Set("source", "原件")
	liaison.post(action, form).says(t, http.StatusOK, "更正登记", "原为“倪琛善”，更正为“倪琛缮”")
	liaison.get(path+"?do=amend&fact=lead_deputy").says(t, http.StatusOK, `value="倪琛缮"`)
	liaison.get(path+"?do=amend&fact=key_supervised").says(t, http.StatusOK, `name="value" value="yes"`, `name="value" value="no"`)
}

// A reply that a correction takes back says on its page who corrected what, and from where it came; not what was said when somebody sent
// it back before.
func TestACorrectionTakesTheReplyBack(t *testing.T) {
	s := newSite(t)
	id := s.replyAt(t, "0631", proposal.OfficeReview)
	act := func(a proposal.Action) {
		t.Helper()
		if _, err := s.Cases.Act(t.Context(), id, a); err != nil {
			t.Fatal(err)
		}
	}
	act(s.bureau.Action(proposal.SendBack, proposal.OfficeReviewer, &proposal.SendingBack{To: proposal.DivisionReview, Reason: "数字没有出处"}))
	for state := (proposal.State{}); state.Stage != proposal.Numbering; {
		act(s.bureau.Next(t, s.Store, id))
		var err error
		if state, err = s.Store.State(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	act(s.bureau.Action(proposal.Amend, proposal.Liaison, &proposal.Amendment{Fact: proposal.FactLeadDeputy, Value: "倪琛缮", Reason: "名字录错", Source: "原件"}))
	p := s.as(t, proposal.Liaison).get("/cases/" + id)
	if told := p.part("told"); !strings.Contains(told, "从编号用印退回") || !strings.Contains(told, "名字录错") || strings.Contains(told, "数字没有出处") {
		t.Errorf("told: %s", told)
	}
}

// What the file of a finished case says is corrected where the rest of the register is; the number that was wrong is another's.
func TestCorrectingTheFileOfAFinishedCase(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0651", calendar.NewDate(2019, 2, 20))
	r.Late, r.Archive = true, proposal.Archive{Finished: true, ReplyNumber: "沈民函〔2019〕87号", SignedBy: "何志"}
	if err := s.record(t, r); err != nil {
		t.Fatal(err)
	}
	id, err := s.Store.CaseByKey(t.Context(), r.RegisterKey)
	if err != nil {
		t.Fatal(err)
	}
	liaison, path := s.as(t, proposal.Liaison), "/cases/"+id
	liaison.get(path+"?do=amend").says(t, http.StatusOK, "原发文字号", "档号", "fact=signed_by#act")
	for fact, value := range map[string]string{"signed_by": "何志强", "reply_number": "沈民函〔2019〕88号", "lead": string(fixture.Leading), "closed_on": "2019-06-03"} {
		action, form := liaison.get(path + "?do=amend&fact=" + fact).form(t)
		form.Set("value", value)
		form.Set("reason", "录入有误")
		form.Set("source", "档案")
		liaison.post(action, form).says(t, http.StatusOK, "更正登记")
	}
	p := liaison.get(path)
	p.says(t, http.StatusOK, "何志强", "沈民函〔2019〕88号", "2019年6月3日", "原为“何志”，更正为“何志强”")
	action, form := liaison.get(path + "?do=amend&fact=replied_on").form(t)
	form.Set("value", "2019-06-04")
	form.Set("reason", "录入有误")
	form.Set("source", "档案")
	liaison.post(action, form).says(t, http.StatusUnprocessableEntity, "2019年6月3日", `value="2019-06-04"`)
}

// The day on which a reply went out can be corrected, within what was done before and after it.
func TestCorrectingTheDayOfDispatch(t *testing.T) {
	s := newSite(t)
	liaison, path := s.as(t, proposal.Liaison), "/cases/"+s.replyAt(t, "0671", proposal.Answered)
	today := calendar.DateOf(time.Now())
	p := liaison.get(path + "?do=amend&fact=dispatched_on")
	p.says(t, http.StatusOK, "送达日期", `type="date" class="short" id="value" name="value" value="`+today.String()+`"`)
	action, form := p.form(t)
	form.Set("reason", "前一天就送了")
	form.Set("source", "回执")
	form.Set("value", today.AddDays(-30).String())
	liaison.post(action, form).says(t, http.StatusUnprocessableEntity, "前一天就送了")
}

// Who recorded a talk for the wrong case opens it where it stands, finds it as it was recorded, and says that there was none: the reply
// waits for the talk again.
func TestCorrectingATalk(t *testing.T) {
	s := newSite(t)
	id := s.replyAt(t, "0661", proposal.OfficeReview)
	handler, path := s.as(t, proposal.Handler), "/cases/"+id
	p := handler.get(path)
	mend := regexp.MustCompile(`href="(\?do=correct_contact&amp;talk=\d+)#act"`).FindStringSubmatch(p.body)
	if mend == nil {
		t.Fatal("no way to correct the talk")
	}
	p = handler.get(path + html.UnescapeString(mend[1]))
	_, form := p.formTo(t, "/correct_contact")
	if form.Get("outcome") != "reached" || form.Get("at") == "" || form.Get("talk") == "" || form.Get("mode") == "" {
		t.Errorf("opens with %v", form)
	}
	form.Set("outcome", "none")
	p = handler.post(path+"/act/correct_contact", form)
	p.says(t, http.StatusUnprocessableEntity)
	if _, again := p.formTo(t, "/correct_contact"); again.Get("outcome") != "none" {
		t.Errorf("what was chosen is lost: %v", again)
	}
	form.Set("reason", "记到别的件上了")
	handler.post(path+"/act/correct_contact", form).says(t, http.StatusOK, "没有这次联系")
	state, err := s.Store.State(t.Context(), id)
	if err != nil || state.Stage != proposal.Consulting || state.Consulted {
		t.Fatalf("%s, consulted %v, %v", state.Stage, state.Consulted, err)
	}
	c, err := s.Store.Case(t.Context(), id)
	if err != nil || len(c.Consultations) != 0 {
		t.Errorf("%d talks, %v", len(c.Consultations), err)
	}
	if told := handler.get(path).part("told"); !strings.Contains(told, "记到别的件上了") {
		t.Errorf("told: %s", told)
	}
	report, err := s.Store.VerifyRows(t.Context())
	if err != nil || len(report) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// Who corrects a rating finds the form filled in with what was entered, and changes what is wrong.
func TestCorrectingARating(t *testing.T) {
	s := newSite(t)
	id := s.replyAt(t, "0641", proposal.Closing)
	assembly := s.as(t, proposal.Assembly)
	_, form := assembly.get("/cases/"+id+"?do=correct_rating&ref=1").formTo(t, "/correct_rating")
	if form.Get("attitude") == "" || form.Get("result") == "" || form.Get("source") == "" {
		t.Errorf("opens with %v", form)
	}
}

// Officers merge by number: that which a case bears now. The one that it bore before is nobody's.
func TestMergingByACorrectedNumber(t *testing.T) {
	s := newSite(t)
	leads, joins := s.register(t, "0621"), s.register(t, "0622")
	liaison := s.as(t, proposal.Liaison)
	action, form := liaison.get(leads + "?do=amend&fact=number").form(t)
	form.Set("value", "0629")
	form.Set("reason", "编号录错")
	form.Set("source", "交办单")
	liaison.post(action, form).says(t, http.StatusOK, "0629")

	action, form = liaison.get(joins + "?do=merge").form(t)
	form.Set("reason", "同一问题")
	form.Set("with", "0621")
	p := liaison.post(action, form)
	p.says(t, http.StatusUnprocessableEntity, `value="0621"`)
	_, form = p.form(t)
	form.Set("with", "0629")
	liaison.post(action, form).says(t, http.StatusOK)
	state, err := s.Store.State(t.Context(), strings.TrimPrefix(joins, "/cases/"))
	if err != nil || "/cases/"+state.Merged != leads {
		t.Errorf("merged with %q, want %s: %v", state.Merged, leads, err)
	}
}

// More than a hundred bring a proposal: they are registered, listed, printed a reply each; one who leaves is left out.
func TestMoreThanAHundredCoSigners(t *testing.T) {
	s := newSite(t)
	var many []string
	for i := range 150 {
		many = append(many, fmt.Sprintf("王%c", 0x4e00+i))
	}
	liaison := s.as(t, proposal.Liaison)
	action, form := liaison.get("/cases/new").form(t)
	for name, value := range map[string]string{
		"number": "0641", "term": "16", "session": "3", "title": "关于缓解社工压力提高社工待遇的建议", "lead_deputy": "倪琛善", "text": "减负。",
		"points": "落实基层减负\n增加社工待遇", "assigned_on": s.day(-3), "co_signers": strings.Join(many, "\n"),
	} {
		form.Set(name, value)
	}
	liaison.post(action, form).says(t, http.StatusOK, "0641")
	id := workflows.CaseID(fixture.Registration("0641", calendar.Date{}).RegisterKey)
	for state := (proposal.State{}); state.Stage != proposal.Answered; {
		if _, err := s.Cases.Act(t.Context(), id, s.bureau.Next(t, s.Store, id)); err != nil {
			t.Fatal(err)
		}
		var err error
		if state, err = s.Store.State(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	leaves, stays := many[0], many[len(many)-1]
	liaison.get("/cases?all=1&q=0641").says(t, http.StatusOK, "倪琛善等151")
	liaison.get("/cases/"+id+"/preview").says(t, http.StatusOK, leaves+"代表", stays+"代表")

	action, form = liaison.get("/cases/" + id + "?do=amend&fact=co_signers").form(t)
	form.Set("value", strings.Join(many[1:], "\n"))
	form.Set("reason", "本人退出附议")
	form.Set("source", "来函")
	liaison.post(action, form).says(t, http.StatusOK, "更正登记")
	p := liaison.get("/cases/" + id + "/preview")
	p.says(t, http.StatusOK, stays+"代表")
	if strings.Contains(p.body, leaves+"代表") {
		t.Errorf("%s has left, and a reply is printed", leaves)
	}
	if state, err := s.Store.State(t.Context(), id); err != nil || state.Stage != proposal.Answered || state.Number.Serial == 0 {
		t.Errorf("%s, number %s, %v", state.Stage, state.Number, err)
	}
}
