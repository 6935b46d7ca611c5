package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// An administrator's program adds people, changes what it says of them alone, and gets the address behind which each chooses a password.
func TestPeopleByAPI(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	for _, c := range []struct {
		role         proposal.Role
		method, path string
		body         string
		status       int
	}{
		{proposal.Liaison, "GET", "/people", "", http.StatusForbidden},
		{proposal.Liaison, "POST", "/people", `{"login":"suyu","name":"苏瑜","roles":["auditor"]}`, http.StatusForbidden},
		{proposal.Admin, "POST", "/people", `{"login":"suyu","name":"苏瑜"}`, http.StatusUnprocessableEntity}, // no role
		{proposal.Admin, "POST", "/people", `{"login":"suyu","name":"苏瑜","roles":["emperor"]}`, http.StatusUnprocessableEntity},
		{proposal.Admin, "POST", "/people", `{"login":"suyu","name":"苏瑜","phone":"23468801","roles":["auditor"]}`, http.StatusOK},
		{proposal.Admin, "POST", "/people", `{"login":"suyu","email":"suyu@banli.example"}`, http.StatusOK},
		{proposal.Liaison, "POST", "/people/" + string(s.bureau.ID(proposal.Handler)) + "/password-link", `{}`, http.StatusForbidden},
		{proposal.Admin, "POST", "/people/nobody/password-link", `{}`, http.StatusNotFound},
	} {
		if status, answer := p.send(c.role, c.method, c.path, c.body); status != c.status {
			t.Errorf("%s %s %s %s: %d %v", c.role, c.method, c.path, c.body, status, answer)
		}
	}
	of := func(login string) map[string]any {
		t.Helper()
		_, list := p.send(proposal.Admin, "GET", "/people", "")
		items, _ := list["items"].([]any)
		for _, item := range items {
			if one := item.(map[string]any); one["login"] == login {
				return one
			}
		}
		t.Fatalf("%s is not among %v", login, list)
		return nil
	}
	one := of("suyu")
	if one["name"] != "苏瑜" || one["phone"] != "23468801" || one["email"] != "suyu@banli.example" || one["active"] != true {
		t.Errorf("%v", one)
	}
	// What is said to be empty is empty from then on, a leader in charge who is none any more is in charge of nothing, and the answer is what is kept.
	leading := string(fixture.Leading)
	for _, c := range []struct {
		body string
		want map[string]any // of the answer; nil for what it must not have
	}{
		{`{"login":"HeRen","name":"何人","roles":["auditor"]}`, map[string]any{"login": "heren", "active": true}},
		{`{"login":"SuYu","name_en":"Su Yu","division":"` + leading + `"}`, map[string]any{"login": "suyu", "name_en": "Su Yu", "division": leading, "phone": "23468801"}},
		{`{"login":"suyu","name_en":"","division":"","phone":"","email":""}`, map[string]any{"name": "苏瑜", "name_en": nil, "division": nil, "phone": nil, "email": nil}},
		{`{"login":"suyu","roles":["leader_in_charge"],"field":["` + leading + `"]}`, map[string]any{"field": []any{leading}}},
		{`{"login":"suyu","roles":["auditor"]}`, map[string]any{"field": []any{}, "roles": []any{"auditor"}}},
	} {
		status, answer := p.send(proposal.Admin, "POST", "/people", c.body)
		login, _ := answer["login"].(string)
		if kept := of(login); status != http.StatusOK || !cmp.Equal(answer, kept) {
			t.Errorf("%s: %d\n%s", c.body, status, cmp.Diff(kept, answer))
		}
		for field, want := range c.want {
			if !cmp.Equal(answer[field], want) {
				t.Errorf("%s: %s is %v, want %v", c.body, field, answer[field], want)
			}
		}
	}
	id, _ := one["id"].(string)
	_, link := p.send(proposal.Admin, "POST", "/people/"+id+"/password-link", `{}`)
	address, _ := link["address"].(string)
	if path, ok := strings.CutPrefix(address, s.url); !ok {
		t.Errorf("the address is %q", address)
	} else {
		s.browser(t).get(path).says(t, http.StatusOK, "苏瑜")
	}
	if status, _ := p.send(proposal.Admin, "POST", "/people", `{"login":"suyu","active":false}`); status != http.StatusOK || of("suyu")["active"] != false {
		t.Errorf("%d, %v", status, of("suyu"))
	}
	if status, _ := p.send(proposal.Admin, "POST", "/people/"+id+"/password-link", `{}`); status != http.StatusNotFound {
		t.Errorf("who has left gets a link: %d", status)
	}
}
