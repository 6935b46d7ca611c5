package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/wording"
)

// An administrator puts a notice in other words: what is wrong is said beside the field and what was typed stays, an example shows what readers get,
// and whoever is told from then on reads it so.
func TestWordingIsChanged(t *testing.T) {
	s := newSite(t)
	admin, handler := s.as(t, proposal.Admin), s.as(t, proposal.Handler)
	const path = "/bureau/wording/notice.urge"
	admin.get("/bureau").says(t, http.StatusOK, "改提醒、邮件的用语和答复的骨架")
	admin.get("/bureau/wording").says(t, http.StatusOK, "催办时", "{谁}催办。请抓紧，并答复催办。", "每日汇总的主题", "{提出人}反馈了")
	admin.get("/bureau/wording/login.title").says(t, http.StatusNotFound)
	handler.get(path).says(t, http.StatusForbidden)
	handler.post(path, url.Values{"do": {"save"}, "zh": {"别办了。"}}).says(t, http.StatusForbidden)

	admin.get(path).says(t, http.StatusOK, "原有用语：{谁}催办。请抓紧，并答复催办。", "{who}", "可以不写", "甲admin催办。请抓紧")
	type form = url.Values
	admin.post(path, form{"do": {"save"}, "zh": {"{哪个}催办，{谁"}, "en": {"Hurry up, says {who}"}}).
		says(t, http.StatusUnprocessableEntity, "{哪个}这里用不上", "花括号不成对", "{哪个}催办，{谁", "Hurry up, says {who}")
	admin.post("/bureau/wording/notice.remind_today", form{"do": {"save"}, "zh": {"今天到期"}}).says(t, http.StatusUnprocessableEntity, "少了{期限}", "少了{日期}")
	p := admin.post(path, form{"do": {"look"}, "zh": {"{谁}请你快办。"}, "en": {""}})
	p.says(t, http.StatusOK, "甲admin请你快办。", "{谁}请你快办。")
	if own, err := s.Store.OwnWords(t.Context()); err != nil || len(own) != 0 {
		t.Fatalf("looking at an example kept %v, %v", own, err)
	}
	admin.post(path, form{"do": {"save"}, "zh": {" {谁}请你快办。 "}, "en": {""}}).says(t, http.StatusOK, "新说法存下了", "换回原有用语")
	admin.get("/bureau/wording").says(t, http.StatusOK, "{谁}请你快办。", "自拟")

	// Words as they were are none of one's own.
	same, form2 := admin.get("/bureau/wording/notice.bulk").form(t)
	admin.post(same, form2).says(t, http.StatusOK, "新说法存下了")
	if own, err := s.Store.OwnWords(t.Context()); err != nil || len(own["zh"]) != 1 || len(own["en"]) != 0 {
		t.Errorf("%v, %v", own, err)
	}
	id := s.carry(t, fixture.Registration("0971", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Drafting, replyText)
	urge := s.bureau.Action(proposal.Urge, proposal.Liaison, &proposal.UrgeNote{Text: "请抓紧。"})
	if _, err := s.Cases.Act(t.Context(), id, urge); err != nil {
		t.Fatal(err)
	}
	handler.get("/notices").says(t, http.StatusOK, "请你快办。")
	english := handler.get("/language?to=en&back=/notices") // nobody put the English in other words
	english.says(t, http.StatusOK, "has sent a prompt. Please speed this up, and answer it.")
	handler.get("/language?to=zh&back=/notices").says(t, http.StatusOK, "请你快办。")
	admin.get("/changes").says(t, http.StatusOK, "催办时（中文）", "{谁}请你快办。")
	admin.post(path, form{"do": {"back"}}).says(t, http.StatusOK, "换回了原有用语")
	handler.get("/notices").says(t, http.StatusOK, "催办。请抓紧")
}

// Programs do the same.
func TestWordingByAPI(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	texts := 0
	for _, g := range wording.Groups {
		for _, text := range g.Texts {
			texts += len(text.Languages())
		}
	}
	status, list := p.send(proposal.Admin, "GET", "/words", "")
	if items, _ := list["items"].([]any); status != http.StatusOK || len(items) != texts {
		t.Errorf("%d, %d texts", status, len(items))
	}
	for _, c := range []struct {
		role   proposal.Role
		body   string
		status int
	}{
		{proposal.Handler, `{"language":"zh","key":"notice.urge","text":"快办"}`, http.StatusForbidden},
		{proposal.Admin, `{"language":"zh","key":"notice.urge","text":"{谁"}`, http.StatusUnprocessableEntity},
		{proposal.Admin, `{"language":"zh","key":"login.title","text":"好"}`, http.StatusUnprocessableEntity},
		{proposal.Admin, `{"language":"zh","key":"notice.urge","text":"{谁}请你快办。"}`, http.StatusOK},
	} {
		if status, answer := p.send(c.role, "POST", "/words", c.body); status != c.status {
			t.Errorf("%s %s: %d %v", c.role, c.body, status, answer)
		}
	}
	if got := s.Store.Wordings.Own("zh", "notice.urge"); got != "{谁}请你快办。" {
		t.Error(got)
	}
}

// A bureau writes the skeleton of its replies: an empty reply of that kind begins with it, another does not, and what it leaves to be filled in is
// found as anybody's own words would be.
func TestSkeletonOfReplies(t *testing.T) {
	s := newSite(t)
	admin, handler := s.as(t, proposal.Admin), s.as(t, proposal.Handler)
	const own = "/bureau/wording/outline.npc"
	admin.get("/bureau/wording").says(t, http.StatusOK, "答复的骨架", "政协提案重办后的答复", "给主办单位的会办意见")
	admin.get(own).says(t, http.StatusOK, "{各条}", "您提出的关于完善社区养老服务的建议收悉", "一、增加社区食堂")
	admin.get("/bureau/wording/outline.cppcc").says(t, http.StatusOK, "您提出的关于完善社区养老服务的提案收悉")
	admin.get("/bureau/wording/outline.opinion").says(t, http.StatusOK, "贵单位主办的关于完善社区养老服务的建议，经研究，提出会办意见如下")
	skeleton := "{开头}\r\n一年来，我们做了××项工作。\r\n{各条}\r\n下一步，将【待补】。\r\n{致谢}"
	admin.post(own, url.Values{"do": {"save"}, "zh": {"您的建议收悉。"}}).says(t, http.StatusUnprocessableEntity, "少了{各条}", "您的建议收悉。")
	admin.post(own, url.Values{"do": {"look"}, "zh": {skeleton}}).says(t, http.StatusOK, "一年来，我们做了××项工作。", "二、培训护理人员")
	admin.post(own, url.Values{"do": {"save"}, "zh": {skeleton}}).says(t, http.StatusOK, "新说法存下了")

	path := s.drafting(t, "0396")
	lacks := func(p answer) {
		t.Helper()
		if strings.Contains(p.body, "一年来，我们做了××项工作") {
			t.Error("the skeleton is there")
		}
	}
	lacks(handler.get(path))
	p := handler.get(path + "?outline=1")
	p.says(t, http.StatusOK, "您提出的关于缓解社工压力提高社工待遇的建议收悉", "　　一年来，我们做了××项工作。\n　　一、", "　　下一步，将【待补】。\n　　感谢您")
	_, form := p.form(t)
	form.Set("tab", "t1")
	form.Set("seq", "1")
	checked := handler.post(path+"/draft/check", form)
	checked.says(t, http.StatusOK, "“××”", "“【待补】”")
	cppcc := fixture.Registration("0398", calendar.DateOf(time.Now()).AddDays(-3))
	cppcc.Body, cppcc.Title = assembly.CPPCC, "关于方便台胞办理婚姻登记的提案"
	other := handler.get("/cases/" + s.carry(t, cppcc, proposal.Drafting, replyText) + "?outline=1")
	other.says(t, http.StatusOK, "关于方便台胞办理婚姻登记的提案收悉", "　　一、落实基层减负")
	lacks(other)
	admin.post(own, url.Values{"do": {"back"}}).says(t, http.StatusOK, "换回了原有用语")
	lacks(handler.get(s.drafting(t, "0397") + "?outline=1"))
}
