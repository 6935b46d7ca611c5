package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
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
