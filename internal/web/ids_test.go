package web_test

import (
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/banli/banli/internal/proposal"
)

// An id or a number that is spelt as nobody spells it, in an address or in any field of a form, is refused or names nothing: nowhere is it a
// fault of the program.
func TestOddIDs(t *testing.T) {
	s := newSite(t)
	id := strings.TrimPrefix(s.register(t, "0613"), "/cases/")
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	part := regexp.MustCompile(`\{[a-z]+\}`)
	routes := regexp.MustCompile(`(?:officer|visitor|open)\("(GET|POST) (/[^"]*)"`).FindAllSubmatch(source, -1)
	tried := 0
	ask := func(b *browser, method, path string, form url.Values) {
		t.Helper()
		tried++
		var p answer
		if method == http.MethodGet {
			p = b.get(path + "?" + form.Encode())
		} else {
			p = b.post(path, form)
		}
		if p.status >= 500 {
			t.Errorf("%s %s %v: status %d", method, path, form, p.status)
		}
	}
	for _, odd := range []string{"urn:uuid:" + id, "3000000000"} {
		form := url.Values{}
		for _, name := range []string{
			"action_id", "ref", "for", "on", "base_seq", "base_version", "version", "edition", "person", "to", "case", "other", "cases", "task", "kind",
			"principal", "proxy", "division", "from", "until", "date", "time", "after", "before", "page", "do", "a", "b", "with", "same", "into", "up_to",
			"take", "rev", "seq", "on_top", "tab", "keep.case", "keep.ref", "kept_on", "mention", "handler", "lead", "whom", "year", "month", "by", "view", "find",
		} {
			form.Set(name, odd)
		}
		form.Set("keep.form", "contact")
		form.Set("keep.age", "0")
		form.Set("text", "一句话")
		for _, route := range routes {
			method, path := string(route[1]), string(route[2])
			if path == "/logout" || path == "/live" || path == "/login" {
				continue
			}
			path = strings.ReplaceAll(path, "{kind}", string(proposal.ProposeAssignment))
			path = strings.NewReplacer("{order}", "pause", "{step}", "bureau", "{$}", "", "{file...}", "x").Replace(path)
			b := s.as(t, proposal.Liaison)
			if regexp.MustCompile("^/(people|divisions|bureau|changes)").MatchString(path) {
				b = s.as(t, proposal.Admin)
			}
			ask(b, method, part.ReplaceAllString(path, url.PathEscape(odd)), form)
			if strings.Contains(path, "/cases/{id}") { // a case that there is, and odd ids of what belongs to it
				ask(b, method, part.ReplaceAllString(strings.Replace(path, "{id}", id, 1), url.PathEscape(odd)), form)
			}
		}
	}
	t.Logf("%d requests with odd ids", tried)
}
