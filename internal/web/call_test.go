package web_test

import (
	"encoding/json"
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

// consultation is the newest recorded one of a case.
func (s *site) consultation(t *testing.T, id string) proposal.Consultation {
	t.Helper()
	c, err := s.Store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var in proposal.Consultation
	for _, e := range c.Events {
		if e.Kind == string(proposal.Contact) {
			in = proposal.Consultation{}
			if err := json.Unmarshal(e.Input, &in); err != nil {
				t.Fatal(err)
			}
		}
	}
	return in
}

func TestTelephoneCall(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0611", calendar.DateOf(time.Now()).AddDays(-3))
	r.ContactTime, r.SecondContact = "工作日上午9点半以后", "024-22220392"
	id := s.carry(t, r, proposal.Consulting, "")
	path := "/cases/" + id
	handler := s.as(t, proposal.Handler)

	p := handler.get(path)
	p.says(t, http.StatusOK, "工作日上午9点半以后", "逐点念给代表听", "打满3次仍不通", "记为第1次")
	if strings.Contains(p.body, "13900000392") || strings.Contains(p.body, "22220392") {
		t.Error("the number stands on the page before anybody asked")
	}
	to, form := p.form(t)

	t.Run("the number keeps what was typed", func(t *testing.T) {
		p := handler.post(path+"/deputy-contact", with(clone(form), url.Values{"do": {"contact"}, "words": {"刚说到一半"}}))
		p.says(t, http.StatusOK, "13900000392", "tel:13900000392", "024-22220392", "已记入查看记录", "刚说到一半")
	})
	t.Run("no answer is counted", func(t *testing.T) {
		handler.post(to, with(clone(form), url.Values{"outcome": {"no_answer"}})).says(t, http.StatusOK, "无人接听", "记为第2次")
		if state, err := s.Store.State(t.Context(), id); err != nil || state.Attempts != 1 {
			t.Errorf("%d attempts, %v", state.Attempts, err)
		}
	})
	t.Run("call back", func(t *testing.T) {
		to, form := handler.get(path).form(t)
		handler.post(to, with(clone(form), url.Values{"outcome": {"call_back"}})).says(t, http.StatusUnprocessableEntity)
		at := calendar.DateOf(time.Now()).AddDays(1)
		half := with(clone(form), url.Values{"outcome": {"call_back"}, "call_back_day": {at.String()}})
		handler.post(to, half).says(t, http.StatusUnprocessableEntity, at.String())
		handler.post(to, with(half, url.Values{"call_back_clock": {"14:30"}})).says(t, http.StatusOK)
		handler.get("/").says(t, http.StatusOK, "14:30 约定回拨")
	})
	t.Run("reached", func(t *testing.T) { reached(t, s, id) })
}

// What the deputy did not say yes to stays, and says so; what was changed keeps its original.
func reached(t *testing.T, s *site, id string) {
	path, handler := "/cases/"+id, s.as(t, proposal.Handler)
	to, form := handler.get(path).form(t)
	known := form["point"]
	handler.post(to, with(clone(form), url.Values{"outcome": {"reached"}})).says(t, http.StatusUnprocessableEntity) // nothing ticked

	ticked := time.Now().Add(-time.Minute).Truncate(time.Millisecond)
	points := append([]string{known[0], "改过的第二点", ""}, "代表新提的一点")
	sent := with(clone(form), url.Values{
		"outcome": {"reached"}, "point": points, "tick": {"2"}, "tick_at.2": {strconv.FormatInt(ticked.UnixMilli(), 10)}, "seconds": {"277"},
		"words": {"希望看到实际数字。"},
	})
	handler.post(to, sent).says(t, http.StatusOK, "要点1代表未确认", "原文："+known[1], "谈了4分钟")
	in := s.consultation(t, id)
	if len(in.Points) != 3 || in.Points[1] != "改过的第二点" || in.Seconds != 277 {
		t.Fatalf("recorded: %+v", in)
	}
	want := []proposal.PointCheck{{Unconfirmed: true}, {Was: known[1], At: ticked.UTC()}, {}}
	for i, check := range want {
		if got := in.Checks[i]; got.Was != check.Was || got.Unconfirmed != check.Unconfirmed || !got.At.Equal(check.At) {
			t.Errorf("point %d: %+v, want %+v", i+1, got, check)
		}
	}
	c, err := s.Store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if c.Points[0].Confirmed || !c.Points[1].Confirmed || !c.Points[2].Confirmed {
		t.Errorf("points: %+v", c.Points)
	}
	if p := handler.get("/"); strings.Contains(p.body, "14:30 约定回拨") {
		t.Error("the call was made, and the list still asks for it")
	}
}
