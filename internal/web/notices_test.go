package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// TestNotices hurries a handler twice and looks at what the handler, and nobody else, is told.
func TestNotices(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	handler := s.as(t, proposal.Handler)
	handler.get("/notices").says(t, http.StatusOK, "未读提醒0条", "还没有提醒")

	var ids []string
	for _, number := range []string{"0931", "0932"} {
		id := s.carry(t, fixture.Registration(number, today.AddDays(-3)), proposal.Drafting, replyText)
		urge := s.bureau.Action(proposal.Urge, proposal.Liaison, &proposal.UrgeNote{Text: "请抓紧。"})
		if _, err := s.Cases.Act(t.Context(), id, urge); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	// What was done since is told and not counted: contacting the deputies.
	handler.get("/").says(t, http.StatusOK, `提醒<span class="count">2</span>`)
	p := handler.get("/notices")
	p.says(t, http.StatusOK, "未读提醒2条", "催办。请抓紧", "请抓紧。", "第0931号", "第0932号", "全部标为已读", "已办", "今天", "内部")
	if text := p.text(); strings.Index(text, "第0932号") > strings.Index(text, "第0931号") {
		t.Error("the newest is not first")
	}
	if n := strings.Count(p.body, `class="new"`); n != 2 || strings.Contains(p.body[strings.LastIndex(p.body, `class="new"`):], "催办。请抓紧") == false {
		t.Errorf("%d unread", n)
	}
	s.as(t, proposal.Publisher).get("/notices").says(t, http.StatusOK, "未读提醒0条", "还没有提醒")
	if p := handler.get("/notices?show=unread"); strings.Contains(p.text(), "已办") || strings.Count(p.body, `class="new"`) != 2 {
		t.Errorf("only the unread:\n%s", p.text())
	}
	if p := handler.get("/notices?kind=assigned"); strings.Contains(p.text(), "请抓紧，并答复") || !strings.Contains(p.text(), "归你办") {
		t.Errorf("only what was assigned:\n%s", p.text())
	}
	handler.get("/notices?kind=rated&show=unread").says(t, http.StatusOK, "没有这样的提醒", "看全部提醒")

	list, err := s.Store.Notices(t.Context(), s.bureau.ID(proposal.Handler), store.NoticeFilter{Limit: 10})
	if err != nil || len(list.Items) != 4 {
		t.Fatalf("%+v %v", list, err)
	}
	newest := "/notices/" + strconv.FormatInt(list.Items[0].ID, 10) + "/read"
	s.as(t, proposal.Publisher).post(newest, url.Values{}).says(t, http.StatusOK) // not theirs: nothing is marked
	handler.get("/notices").says(t, http.StatusOK, "未读提醒2条")
	for range 2 {
		p = handler.post(newest, url.Values{"kind": {"urge"}})
		p.says(t, http.StatusOK, "未读提醒1条", "第0932号")
		if p.path != "/notices?kind=urge" {
			t.Errorf("back at %s", p.path)
		}
	}
	handler.get("/cases/" + ids[0]) // opening the case reads what was told of it
	handler.get("/notices").says(t, http.StatusOK, "未读提醒0条", "第0931号")
	if body := handler.get("/").body; strings.Contains(body, `提醒<span class="count"`) {
		t.Error("the top bar still counts")
	}
	handler.post("/notices/read", url.Values{"up_to": {strconv.FormatInt(list.Items[0].ID, 10)}}).says(t, http.StatusOK, "未读提醒0条")

	english := s.browser(t)
	english.post("/login", url.Values{"account": {string(proposal.Handler)}, "password": {fixture.Password}})
	english.get("/language?to=en&back=/notices").says(t, http.StatusOK, "0 unread notices", "has sent a prompt", "Done", "No. 0931")
	handler.post("/notices/x/read", url.Values{}).says(t, http.StatusNotFound)
	handler.post("/notices/read", url.Values{}).says(t, http.StatusNotFound)
	handler.get("/notices?after=x").says(t, http.StatusUnprocessableEntity)
}
