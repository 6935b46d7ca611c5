package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// A place whose rules want a signature for what it assigned (签收) asks the liaison for it, from the day of the registration on.
func TestAssignedIsSignedFor(t *testing.T) {
	today := calendar.DateOf(time.Now())
	pack := `id: signed-for-1
profile: signed-for
extends: shenyang-1
name: 本局办理规则（须签收）
valid_from: "2020-01-01"
limits:
  receipt:
    name: 自交办之日起2个工作日内签收
    workdays: 2
    sources: [{ from: "2020-01-01", text: 本市签收规定 }]
`
	s := newSite(t)
	if _, err := s.Store.PutRules(t.Context(), "", pack); err != nil {
		t.Fatal(err)
	}
	liaison := s.as(t, proposal.Liaison)
	to, form := liaison.get("/cases/new").form(t)
	p := liaison.post(to, with(with(form, registrationForm("0392")), url.Values{"assigned_on": {today.String()}}))
	p.says(t, http.StatusOK, "第0392号已登记", "签收", "等签收", "签收期限为什么是", "自交办之日起2个工作日内签收", "本市签收规定")
	path := p.path
	if desk := liaison.get("/"); !strings.Contains(desk.text(), "签收") {
		t.Errorf("the liaison's list does not ask for it: %.600s", desk.text())
	}
	to, form = liaison.get(path + "?do=sign_for").form(t)
	if form.Get("signed_on") != today.String() {
		t.Errorf("the form opens with %q", form.Get("signed_on"))
	}
	liaison.post(to, with(form, url.Values{"signed_on": {""}})).says(t, http.StatusUnprocessableEntity, "请填签收日期。")
	p = liaison.post(to, with(form, url.Values{"signed_on": {today.AddDays(-30).String()}, "text": {"纸质件一并收到"}}))
	p.says(t, http.StatusUnprocessableEntity, "签收日期：不能早于", "纸质件一并收到")
	to, form = p.form(t)
	p = liaison.post(to, with(form, url.Values{"signed_on": {today.String()}}))
	p.says(t, http.StatusOK, "已签收", "纸质件一并收到")
	if strings.Contains(p.text(), "等签收") {
		t.Errorf("it is asked for still: %.600s", p.text())
	}
	s.as(t, proposal.Handler).get(path+"?do=sign_for").says(t, http.StatusNotFound)
}
