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
	"github.com/banli/banli/internal/testkit/fixture"
)

// TestNotices hurries a handler twice and looks at what the handler, and nobody else, is told.
func TestNotices(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	handler := s.as(t, proposal.Handler)
	handler.get("/notices").says(t, http.StatusOK, "没看的提醒0条", "还没有提醒")

	for _, number := range []string{"0931", "0932"} {
		id := s.carry(t, fixture.Registration(number, today.AddDays(-3)), proposal.Drafting, letterText)
		urge := s.bureau.Action(proposal.Urge, proposal.Liaison, &proposal.UrgeNote{Text: "请抓紧。"})
		if _, err := s.Cases.Act(t.Context(), id, urge); err != nil {
			t.Fatal(err)
		}
	}
	handler.get("/").says(t, http.StatusOK, `提醒<span class="count">2</span>`)
	p := handler.get("/notices")
	p.says(t, http.StatusOK, "没看的提醒2条", "有人催办", "第0931号", "第0932号", "全部标为已看")
	if text := p.text(); strings.Index(text, "第0932号") > strings.Index(text, "第0931号") {
		t.Error("the newest is not first")
	}
	if p.rows() != 2 || strings.Count(p.body, `class="new"`) != 2 {
		t.Errorf("%d rows", p.rows())
	}
	s.as(t, proposal.Publisher).get("/notices").says(t, http.StatusOK, "没看的提醒0条", "还没有提醒")

	list, err := s.Store.Notices(t.Context(), s.bureau.ID(proposal.Handler), "", 10)
	if err != nil || len(list.Items) != 2 {
		t.Fatalf("%+v %v", list, err)
	}
	newest := "/notices/" + strconv.FormatInt(list.Items[0].ID, 10) + "/read"
	s.as(t, proposal.Publisher).post(newest, url.Values{}).says(t, http.StatusOK) // not theirs: nothing is marked
	handler.get("/notices").says(t, http.StatusOK, "没看的提醒2条")
	for range 2 {
		p = handler.post(newest, url.Values{})
		p.says(t, http.StatusOK, "没看的提醒1条", "第0932号")
	}
	handler.post("/notices/read", url.Values{"up_to": {strconv.FormatInt(list.Items[0].ID, 10)}}).says(t, http.StatusOK, "没看的提醒0条", "第0931号")
	if body := handler.get("/").body; strings.Contains(body, `class="count"`) {
		t.Error("the top bar still counts")
	}
	handler.post("/notices/x/read", url.Values{}).says(t, http.StatusNotFound)
	handler.post("/notices/read", url.Values{}).says(t, http.StatusNotFound)
	handler.get("/notices?after=x").says(t, http.StatusUnprocessableEntity)
}
