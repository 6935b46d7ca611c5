package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/kinds"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Whatever day is typed into whatever form, or sent by a program, the answer is no error of ours.
func TestNoDayMakesAnError(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	today := calendar.DateOf(time.Now())
	odd := []string{"0001-01-01", "1026-02-03", "2016-03-01", "2023-02-29", "2099-12-31", "9999-12-31"}
	answered := func(what string, status int) {
		t.Helper()
		if status >= 500 {
			t.Errorf("%s: %d", what, status)
		}
	}

	liaison := s.as(t, proposal.Liaison)
	path, form := liaison.get("/cases/new").form(t)
	for _, day := range odd {
		for _, field := range []string{"assigned_on", "due_on", "on"} {
			typed := with(with(clone(form), registrationForm("0771")), url.Values{field: {day}, "late": {"1"}, "sure": {"1"}})
			if field == "assigned_on" && day == "2016-03-01" || field == "due_on" && day == "2099-12-31" {
				continue // meant, it is registered
			}
			answered("register "+field+" "+day, liaison.post(path, typed).status)
			input := map[string]any{"number": "0771", field: day, "sure": true}
			status, _ := p.send(proposal.Liaison, "POST", "/cases", encode(t, members{"id": newID(), "input": input}))
			answered("register "+field+" "+day+" by a program", status)
		}
	}

	for stage, roles := range map[proposal.Stage][]proposal.Role{
		proposal.Registered: {proposal.Liaison}, proposal.Consulting: {proposal.Handler}, proposal.Drafting: {proposal.Handler},
		proposal.Closed: {proposal.Liaison},
	} {
		id := s.carry(t, fixture.Registration("077"+string(rune('2'+len(stage)%8)), today.AddDays(-3)), stage, replyText)
		for _, role := range roles {
			b := s.as(t, role)
			for _, kind := range kinds.OnCase() {
				for _, field := range kinds.Of(kind).Fields {
					if field.Control != kinds.Day && field.Control != kinds.Moment && field.Name != "call_back_at" && field.Name != "value" {
						continue
					}
					for _, day := range odd {
						say := day
						if field.Control == kinds.Moment || field.Name == "call_back_at" {
							say += "T10:00"
						}
						form := url.Values{
							"action_id": {newID()}, field.Name: {say}, "reason": {"x"}, "source": {"x"}, "mode": {"phone"}, "outcome": {"call_back"},
							"explanation": {"x"}, "question": {"x"}, "unit": {"市人社局"}, "text": {"x"}, "granted": {"1"}, "fact": {"assigned_on"},
						}
						for name := range form {
							if _, has := kinds.Of(kind).Field(name); !has && name != "action_id" {
								form.Del(name)
							}
						}
						what := string(stage) + ": " + string(kind) + " " + field.Name + " " + say
						answered(what, b.post("/cases/"+id+"/act/"+string(kind), form).status)
						input := members{field.Name: say}
						if field.Control != kinds.Day && field.Name != "value" {
							input[field.Name] = day + "T10:00:00Z"
						}
						status, _ := p.send(role, "POST", "/cases/"+id+"/actions", encode(t, members{"id": newID(), "kind": kind, "input": input}))
						answered(what+" by a program", status)
					}
				}
			}
		}
	}

	head := s.as(t, proposal.DivisionHead)
	for _, day := range odd {
		answered("ticked in "+day, s.as(t, proposal.Handler).post("/cases/"+newID()+"/act/contact", url.Values{"tick_at.1": {"99999999999999999"}}).status)
		for _, fill := range []url.Values{{"from": {day}, "to": {today.AddDays(3).String()}}, {"from": {today.String()}, "to": {day}}, {"from": {day}, "to": {day}}} {
			fill.Set("proxy", string(s.bureau.ID(proposal.Handler)))
			fill.Set("reason", "年休假")
			p := proxyForm(head, fill)
			answered("proxy "+fill.Encode(), p.status)
			if p.status == http.StatusOK {
				t.Errorf("a proxy is made for %s", fill.Encode())
			}
		}
	}
}
