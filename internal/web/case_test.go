package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/html"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// part is what a reader sees of the element with the id, on one line.
func (a answer) part(id string) string {
	text := ""
	walk(a.doc, func(n *html.Node) {
		if attr(n, "id") == id {
			text = strings.Join(strings.Fields(textOf(n)), " ")
		}
	})
	return text
}

// TestCasePage walks one case and looks at its page: the page of every past moment says what the page said then; the history is
// narrowed; notes and links are written; a race is told.
func TestCasePage(t *testing.T) {
	s := newSite(t)
	path := s.register(t, "0392")
	id := strings.TrimPrefix(path, "/cases/")
	liaison := s.as(t, proposal.Liaison)

	type moment struct {
		event, points, past, versions string
	}
	var moments []moment
	last := func() string {
		c, err := s.Store.Case(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return strconv.Itoa(c.Events[len(c.Events)-1].No)
	}
	look := func() {
		before, p := last(), liaison.get(path)
		for after := last(); after != before; after = last() { // a clock rang meanwhile
			before, p = after, liaison.get(path)
		}
		p.says(t, http.StatusOK)
		moments = append(moments, moment{before, p.part("points"), p.part("past"), p.part("versions")})
	}
	look()
	for _, st := range mainLine(string(s.bureau.ID(proposal.Handler)))[:12] {
		s.press(t, path, st)
		look()
	}
	for _, m := range moments {
		p := liaison.get(path + "/at?event=" + m.event)
		p.says(t, http.StatusOK, "的样子，只能看", "回到现在")
		for name, want := range map[string]string{"points": m.points, "past": m.past, "versions": m.versions} {
			if got := p.part(name); got != want {
				t.Errorf("event %s, %s:\nthen  %s\nasked %s", m.event, name, want, got)
			}
		}
		if strings.Contains(p.body, `id="act"`) || strings.Contains(p.body, `name="action_id"`) {
			t.Errorf("event %s: something can be pressed in the past", m.event)
		}
	}
	today := calendar.DateOf(time.Now())
	liaison.get(path+"/at?date="+today.String()).says(t, http.StatusOK, "的样子")
	liaison.get(path+"/at?date="+today.AddDays(-1).String()).says(t, http.StatusOK, "还没登记")
	liaison.get(path+"/at?date="+today.AddDays(1).String()).says(t, http.StatusOK, "还没到那一刻")
	liaison.get(path+"/at?date=tomorrow").says(t, http.StatusOK, "填得不对")
	liaison.get(path+"/at?event=999").says(t, http.StatusNotFound)
	s.as(t, proposal.Publisher).get(path+"/at?event=1").says(t, http.StatusNotFound)

	t.Run("the history narrowed", func(t *testing.T) { historyNarrowed(t, s, path) })
	t.Run("notes", func(t *testing.T) { notesOnPage(t, s, path) })
	t.Run("links", func(t *testing.T) { linksOnPage(t, s, path) })
	t.Run("a race", func(t *testing.T) { raceOnPage(t, s) })
	t.Run("watching", func(t *testing.T) { watchingOnPage(t, s, path) })
}

func historyNarrowed(t *testing.T, s *site, path string) {
	b := s.as(t, proposal.Liaison)
	whole := b.get(path).part("past")
	for _, c := range []struct{ query, has, hasNot string }{
		{"past=contact", "已接通", "拟由"},
		{"past=draft", "第1稿", "已接通"},
		{"past=handling", "拟由", "已接通"},
		{"by=" + string(s.bureau.ID(proposal.OfficeReviewer)), "数字请注明出处", "已接通"},
		{"said=" + url.QueryEscape("实际数字"), "希望看到实际数字", "拟由"},
		{"said=" + url.QueryEscape("没有这样的字"), "没有这样的经过", "拟由"},
	} {
		p := b.get(path + "?" + c.query)
		p.says(t, http.StatusOK)
		got := p.part("past")
		if !strings.Contains(got, c.has) || strings.Contains(got, c.hasNot) || len(got) >= len(whole)+200 {
			t.Errorf("%s: has %q, not %q: %s", c.query, c.has, c.hasNot, got)
		}
	}
	b.get(path+"?do=withdraw&past=draft").says(t, http.StatusOK, `name="do" value="withdraw"`)
}

func notesOnPage(t *testing.T, s *site, path string) {
	b := s.as(t, proposal.Handler)
	note := func(text, mention string) answer {
		return b.post(path+"/notes", url.Values{"action_id": {uuid.NewString()}, "text": {text}, "mention": {mention}})
	}
	p := note("请@甲supervisor 看一眼。", "")
	p.says(t, http.StatusOK, "备注记下了", "请@甲supervisor 看一眼。", "提到甲supervisor，已通知")
	s.as(t, proposal.Supervisor).get("/notices").says(t, http.StatusOK, "在备注里提到你")
	refused := note("请@甲publisher 也看一眼。", "")
	refused.says(t, http.StatusUnprocessableEntity, "看不到这一件", "请@甲publisher 也看一眼。")
	note("", "").says(t, http.StatusUnprocessableEntity, `id="note-error"`)
	note("只选人", string(s.bureau.ID(fixture.OtherHandler))).says(t, http.StatusUnprocessableEntity, "看不到这一件")
	note("只选人", string(s.bureau.ID(proposal.Liaison))).says(t, http.StatusOK, "提到甲liaison，已通知")
	s.as(t, fixture.OtherHandler).post(path+"/notes", url.Values{"action_id": {uuid.NewString()}, "text": {"x"}}).says(t, http.StatusNotFound)
	if c, err := s.Store.Case(t.Context(), strings.TrimPrefix(path, "/cases/")); err != nil || len(c.Notes) != 2 {
		t.Errorf("%d notes, %v", len(c.Notes), err)
	}
}

func linksOnPage(t *testing.T, s *site, path string) {
	other := s.register(t, "0461")
	b := s.as(t, proposal.Liaison)
	link := func(number string) answer {
		return b.post(path+"/links", url.Values{"action_id": {uuid.NewString()}, "number": {number}, "link_kind": {string(store.SameMatter)}})
	}
	link("7777").says(t, http.StatusUnprocessableEntity, "没有这个编号的件", `value="7777"`)
	link("0392").says(t, http.StatusUnprocessableEntity, "不能同自己关联")
	link("第0461号").says(t, http.StatusOK, "两件已关联", "同一事项")
	link("0461").says(t, http.StatusUnprocessableEntity, "已经关联过")
	b.get(other).says(t, http.StatusOK, "第0392号", "同一事项", "关联另一件")
	handler := s.as(t, proposal.Handler).get(path)
	if strings.Contains(handler.body, "第0461号") {
		t.Error("the handler learns of a case that is not theirs to see")
	}
	id := strings.TrimPrefix(other, "/cases/")
	b.post(path+"/links/"+id+"/end", url.Values{"action_id": {uuid.NewString()}}).says(t, http.StatusOK, "关联已取消")
	if p := b.get(other); strings.Contains(p.part("linked"), "第0392号") {
		t.Error("the link stands on the other side")
	}
}

// Two officers press on one case: the second learns who was first, what stands now and that their words are there.
func raceOnPage(t *testing.T, s *site) {
	id := s.carry(t, fixture.Registration("0477", calendar.DateOf(time.Now()).AddDays(-1)), proposal.OfficeReview, replyText)
	path := "/cases/" + id
	late := s.as(t, proposal.DivisionHead)
	to, form := late.get(path + "?do=recall").form(t)
	s.press(t, path, step{proposal.OfficeReviewer, proposal.SendBack, url.Values{"to": {"drafting"}, "reason": {"要点2没有说清。"}}, ""})
	p := late.post(to, with(form, url.Values{"reason": {"我想补一段数字。"}}))
	p.says(t, http.StatusConflict, "甲office_reviewer先办了", "退回到拟稿", "撤回上一步", "没有做", "要点2没有说清。", "我想补一段数字。", "一个字没丢", "轮到谁")

	taken := s.register(t, "0478")
	s.as(t, proposal.Liaison).post(taken+"/claim", url.Values{})
	second, err := s.Store.UpsertPerson(t.Context(), store.Person{
		Person: proposal.Person{Roles: []proposal.Role{proposal.Liaison}}, Login: "second", Name: store.Name{ZH: "乙联络员"}, Active: true,
	}, fixture.Password)
	if err != nil || second == "" {
		t.Fatal(err)
	}
	b := s.browser(t)
	b.post("/login", url.Values{"account": {"second"}, "password": {fixture.Password}}).says(t, http.StatusOK)
	b.post(taken+"/claim", url.Values{}).says(t, http.StatusConflict, "甲liaison已经认领了这一步", "所以你刚才的“认领”没有做。", "看这一件")
}

func watchingOnPage(t *testing.T, s *site, path string) {
	b := s.as(t, proposal.Supervisor)
	b.post(path+"/watch", url.Values{}).says(t, http.StatusOK, "已关注", "取消关注", "关注的人 甲supervisor")
	b.post(path+"/unwatch", url.Values{}).says(t, http.StatusOK, "不再关注")
}
