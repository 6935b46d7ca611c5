package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/web/locale"
)

// step is one press of a button: who, which form, what is typed beside what the form opens with, and what is said then.
type step struct {
	who  proposal.Role
	do   proposal.Kind // empty: the form that the page opens with
	fill url.Values
	then proposal.Stage
}

// registeredOn is the day of assignment on the forms: long past, and yet not so far from today that the form asks about it.
var registeredOn = calendar.DateOf(time.Now()).AddDays(-270)

func registrationForm(number string) url.Values {
	return url.Values{
		"number": {number}, "term": {"16"}, "session": {"3"}, "title": {"关于缓解社工压力提高社工待遇的建议"},
		"text": {"社区工作者任务重、待遇低，建议减负、提薪。"}, "points": {"落实基层减负\n增加社工待遇"}, "lead_deputy": {"倪琛善"},
		"deputy_contact": {"13900000392"}, "assigned_on": {registeredOn.String()},
	}
}

// register enters a proposal through the form and returns the path of its case.
func (s *site) register(t *testing.T, number string) string {
	t.Helper()
	liaison := s.as(t, proposal.Liaison)
	path, form := liaison.get("/cases/new").form(t)
	p := liaison.post(path, with(form, registrationForm(number)))
	p.says(t, http.StatusOK, "第"+number+"号已登记")
	return p.path
}

func with(form, fill url.Values) url.Values {
	for name, values := range fill {
		form[name] = values
	}
	return form
}

// press opens a case as the role, fills in its form and sends it.
func (s *site) press(t *testing.T, path string, st step) answer {
	t.Helper()
	b := s.as(t, st.who)
	address := path
	if st.do != "" {
		address += "?do=" + string(st.do)
	}
	to, form := b.get(address).form(t)
	return b.post(to, with(form, st.fill))
}

var draftText = fixture.Draft(2).Body

// mainLine carries a case from registration to its closure, with one refusal and one send-back on the way.
func mainLine(handler string) []step {
	return []step{
		{proposal.Liaison, "", url.Values{"lead": {"yanglao"}, "co_handling": {"jiceng"}, "opinion": {"请养老处主办。"}}, proposal.Assigning},
		{proposal.LeaderInCharge, proposal.SendBack, url.Values{"reason": {"应由基层处主办。"}}, proposal.Registered},
		{proposal.Liaison, "", url.Values{"lead": {"jiceng"}}, proposal.Assigning},
		{proposal.LeaderInCharge, "", url.Values{"text": {"同意。"}}, proposal.Accepting},
		{proposal.DivisionHead, "", url.Values{"handler": {handler}}, proposal.Consulting},
		{proposal.Handler, "", url.Values{"outcome": {"no_answer"}}, proposal.Consulting},
		{proposal.Handler, "", url.Values{"outcome": {"reached"}, "tick": {"1", "2"}, "words": {"希望看到实际数字。"}, "wish": {"agrees"}}, proposal.Drafting},
		{proposal.Handler, "", url.Values{
			"body": {draftText}, "class": {"A"}, "status.1": {"solved"}, "status.2": {"solved"}, "contact_name": {"张琼"}, "contact_phone": {"23468813"},
		}, proposal.Drafting}, // refused: no paragraph is linked to a point yet, but the version is saved
		{proposal.Handler, "", url.Values{"link": {"2.1", "4.2"}}, proposal.DivisionReview},
		{proposal.DivisionHead, "", nil, proposal.OfficeReview},
		{proposal.OfficeReviewer, proposal.SendBack, url.Values{"to": {"drafting"}, "reason": {"数字请注明出处。"}}, proposal.Drafting},
		{proposal.Handler, "", nil, proposal.DivisionReview},
		{proposal.DivisionHead, "", url.Values{"comment": {"已补。"}}, proposal.OfficeReview},
		{proposal.OfficeReviewer, "", nil, proposal.OpennessReview},
		{proposal.OpennessReviewer, "", nil, proposal.SignOff},
		{proposal.LeaderInCharge, "", nil, proposal.Numbering},
		{proposal.Liaison, "", url.Values{"seal": {"甲，2份"}}, proposal.Dispatching},
		{proposal.Liaison, "", url.Values{"mode": {"mail"}, "copies": {"市人大代表工作委员会\n市政府督查室"}}, proposal.Answered},
		{proposal.Publisher, "", nil, proposal.Answered},
		{proposal.Assembly, proposal.RecordFeedback, url.Values{"attitude": {"satisfied"}, "result": {"satisfied"}}, proposal.Closing},
		{proposal.Liaison, "", nil, proposal.Closed},
	}
}

func TestMainLineByForms(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0392")
	id := strings.TrimPrefix(path, "/cases/")
	for i, st := range mainLine(string(s.bureau.ID(proposal.Handler))) {
		p := s.press(t, path, st)
		state, err := s.Store.State(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if state.Stage != st.then {
			t.Fatalf("step %d, %s: case is in %s, want %s; the page says %d\n%.1500s", i+1, st.who, state.Stage, st.then, p.status, p.text())
		}
	}
	closed := s.as(t, proposal.Liaison).get(path)
	closed.says(t, http.StatusOK, "已办结", "退回到拟稿", "数字请注明出处。", "个工作日办结")
	s.as(t, proposal.Handler).get("/?box=done").says(t, http.StatusOK, "第0392号", "个工作日办结", "A类", "沈民函〔")
	reply, err := s.Store.PublicReply(t.Context(), id)
	if err != nil || reply.Body != draftText {
		t.Errorf("published text: %v, %q", err, reply.Body)
	}

	t.Run("bad input keeps what was typed", func(t *testing.T) { badInput(t, s) })
	t.Run("a stale form", func(t *testing.T) { staleForm(t, s) })
	t.Run("pressing twice is one action", func(t *testing.T) { pressedTwice(t, s) })
	t.Run("claim and release", func(t *testing.T) { claims(t, s) })
	t.Run("contact data", func(t *testing.T) { contactData(t, s) })
}

func badInput(t *testing.T, s *site) {
	liaison := s.as(t, proposal.Liaison)
	path, form := liaison.get("/cases/new").form(t)
	form = with(form, registrationForm("0401"))

	locales, err := locale.Load(time.Now, nil)
	if err != nil {
		t.Fatal(err)
	}
	early, notBefore := registeredOn.AddDays(-30).String(), "不能早于"+locales[locale.Chinese].Date(registeredOn)
	bad := with(clone(form), url.Values{"title": {""}, "due_on": {early}, "term": {"十六"}})
	p := liaison.post(path, bad)
	p.says(t, http.StatusUnprocessableEntity, "社区工作者任务重、待遇低", "届填1到99的数", "请填案由", notBefore)
	bad = with(clone(form), url.Values{"title": {""}, "due_on": {early}})
	p = liaison.post(path, bad)
	p.says(t, http.StatusUnprocessableEntity, "请填案由", notBefore, "社区工作者任务重、待遇低", `value="0401"`)
	p = liaison.post(path, with(clone(form), url.Values{"number": {"0392"}, "action_id": {uuid.NewString()}}))
	p.says(t, http.StatusConflict, "这个编号已经登记过", "关于缓解社工压力提高社工待遇的建议", "社区工作者任务重、待遇低")
	p = liaison.post(path, with(clone(form), url.Values{"colour": {"red"}}))
	p.says(t, http.StatusUnprocessableEntity, "表里多出一项")
	p = liaison.post(path, with(clone(form), url.Values{"text": {"broken \xff text"}}))
	p.says(t, http.StatusBadRequest, "读不出的字", "关于缓解社工压力提高社工待遇的建议")
	p = liaison.post(path, with(clone(form), url.Values{"text": {strings.Repeat("长", 800_000)}}))
	p.says(t, http.StatusRequestEntityTooLarge, "内容太长")
}

func clone(form url.Values) url.Values {
	copied := url.Values{}
	for name, values := range form {
		copied[name] = values
	}
	return copied
}

func staleForm(t *testing.T, s *site) {
	path := s.register(t, "0402")
	late := s.as(t, proposal.Liaison)
	to, form := late.get(path).form(t)
	if p := s.press(t, path, step{proposal.Liaison, "", url.Values{"lead": {"jiceng"}}, ""}); p.status != http.StatusOK {
		t.Fatal(p.text())
	}
	p := late.post(to, with(form, url.Values{"lead": {"yanglao"}, "opinion": {"我写的一段意见。"}}))
	p.says(t, http.StatusConflict, "你已经办过", "拟办意见", "我写的一段意见。")
}

func pressedTwice(t *testing.T, s *site) {
	path := s.register(t, "0403")
	b := s.as(t, proposal.Liaison)
	to, form := b.get(path).form(t)
	form = with(form, url.Values{"lead": {"jiceng"}})
	for range 2 {
		b.post(to, form).says(t, http.StatusOK, "记下了：拟办")
	}
	c, err := s.Store.Case(t.Context(), strings.TrimPrefix(path, "/cases/"))
	if err != nil {
		t.Fatal(err)
	}
	proposed := 0
	for _, e := range c.Events {
		if e.Kind == string(proposal.ProposeAssignment) {
			proposed++
		}
	}
	if proposed != 1 {
		t.Errorf("%d routing opinions on record, want 1", proposed)
	}
}

func claims(t *testing.T, s *site) {
	path := s.register(t, "0404")
	liaison := s.as(t, proposal.Liaison)
	liaison.post(path+"/claim", url.Values{}).says(t, http.StatusOK, "第0404号归你办了", "放回")
	liaison.get("/").says(t, http.StatusOK, "第0404号", "你", "认领的")
	liaison.post(path+"/release", url.Values{"back": {"/"}}).says(t, http.StatusOK, "第0404号已放回", "没人认领")
}

func contactData(t *testing.T, s *site) {
	path := s.register(t, "0405")
	liaison := s.as(t, proposal.Liaison)
	if strings.Contains(liaison.get(path).body, "13900000392") {
		t.Error("contact data stand on the page before anybody asked")
	}
	liaison.post(path+"/deputy-contact", url.Values{}).says(t, http.StatusOK, "13900000392", "看了代表的联系方式")
}
