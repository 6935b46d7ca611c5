package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

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
	admin.get("/bureau").says(t, http.StatusOK, "改提醒和邮件的用语")
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
	handler.get("/notices?lang=en").says(t, http.StatusOK)
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
		texts += len(g.Texts)
	}
	status, list := p.send(proposal.Admin, "GET", "/words", "")
	if items, _ := list["items"].([]any); status != http.StatusOK || len(items) != texts*len(wording.Languages) {
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
