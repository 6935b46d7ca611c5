package web_test

import (
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

// homeRow is a row of what needs an administrator's hand.
var homeRow = regexp.MustCompile(`<tr><td>([^<]*?([0-9]+)[件个封][^<]*)</td><td class="where"><a href="([^"]+)"`)

// Every number on the administrator's home opens a list of exactly what it counts.
func TestNumbersOfTheAdministratorsHome(t *testing.T) {
	s := newSite(t)
	admin := s.as(t, proposal.Admin)
	for _, number := range []string{"0561", "0562", "0563"} {
		s.register(t, number)
	}
	edit := func(change func(e *store.Edit) error) {
		t.Helper()
		if err := s.Store.Edit(t.Context(), "", change); err != nil {
			t.Fatal(err)
		}
	}
	edit(func(e *store.Edit) error {
		for _, login := range []string{"new1", "new2"} { // nobody can log in as them yet
			p := store.Person{Person: proposal.Person{Roles: []proposal.Role{proposal.Handler}, Division: fixture.Leading}, Login: login, Name: store.Name{ZH: login}, Active: true}
			if _, err := e.UpsertPerson(t.Context(), p, ""); err != nil {
				return err
			}
		}
		liaison := s.bureau[proposal.Liaison]
		liaison.Active = false
		_, err := e.UpsertPerson(t.Context(), liaison, "")
		return err
	})
	counted := map[string]*regexp.Regexp{ // one of what a list has
		"/home/cases": regexp.MustCompile(`class="c-number`), "/people": regexp.MustCompile(`<tr><th scope="row">`), "/settings": regexp.MustCompile(`<li><span class="when">`),
	}
	home := admin.get("/home")
	rows := homeRow.FindAllStringSubmatch(home.body, -1)
	seen := map[string]bool{}
	for _, row := range rows {
		path := html.UnescapeString(row[3])
		list := admin.get(path)
		list.says(t, http.StatusOK)
		room, _, _ := strings.Cut(path, "?")
		one := counted[room]
		if one == nil {
			t.Errorf("%s leads to %s, which is no list that this test knows", row[1], path)
			continue
		}
		seen[room] = true
		if want, _ := strconv.Atoi(row[2]); len(one.FindAllString(list.body, -1)) != want {
			t.Errorf("%q opens %d at %s", row[1], len(one.FindAllString(list.body, -1)), path)
		}
	}
	if !seen["/home/cases"] || !seen["/people"] {
		t.Errorf("of the rows that are to be there, only %v are:\n%s", seen, home.text())
	}
	s.as(t, proposal.Handler).get("/home/cases?lacking=liaison").says(t, http.StatusForbidden)
	admin.get("/home/cases?left=nobody").says(t, http.StatusNotFound)
}
