package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/internal/web/casefile"
)

// figures are the numbers of a page that open lists of cases, by the address of the list.
func (a answer) figures() map[string]int {
	found := map[string]int{}
	walk(a.doc, func(link *html.Node) {
		if link.Data != "a" || !strings.HasPrefix(attr(link, "href"), "/cases?") {
			return
		}
		words := strings.Fields(textOf(link)) // beside words, the number is the last
		if n, err := strconv.Atoi(strings.TrimSuffix(words[len(words)-1], "件")); err == nil {
			found[attr(link, "href")] = n
		}
	})
	return found
}

// The figures of the API are those of the pages, and each is as long as the list that the API gives for it; who sees no page of figures is told none
// by the API.
func TestAPIFiguresAreThePages(t *testing.T) {
	s := newSite(t)
	p := s.program(t)
	today := calendar.DateOf(time.Now())
	if _, err := s.Store.PutRules(t.Context(), "", scoredRules); err != nil {
		t.Fatal(err)
	}
	for number, stage := range map[string]proposal.Stage{"0861": proposal.Drafting, "0862": proposal.Answered, "0863": proposal.Closed, "0864": proposal.Drafting} {
		r := fixture.Registration(number, today.AddDays(-90))
		r.DueOn = today.AddDays(-1)
		s.carry(t, r, stage, replyText)
	}
	period := url.Values{"from": {today.AddDays(-30).String()}, "to": {today.String()}}
	total := func(role proposal.Role, list string) float64 {
		return p.must(role, "GET", "/tasks?limit=1&"+list, nil)["total"].(float64)
	}
	number := func(of any, name string) int { return int(of.(members)[name].(float64)) }

	for _, role := range []proposal.Role{proposal.Supervisor, proposal.DivisionHead} {
		page := s.as(t, role)
		for _, by := range []store.Cut{store.ByDivision, store.ByTerm, store.ByClass} {
			query := "?" + period.Encode() + "&by=" + string(by)
			told := p.must(role, "GET", "/statistics"+query, nil)
			figures, looked := map[string]int{}, 0
			for _, row := range append(told["rows"].([]any), told["sum"]) {
				key := row.(members)["key"].(string)
				for i, n := range row.(members)["figures"].([]any) {
					rate := store.Rate(told["rates"].([]any)[i].(members)["rate"].(string))
					of, counted := number(n, "of"), number(n, "counted")
					for part, count := range map[store.Part]int{store.PartOf: of, store.PartCounted: counted, store.PartMissed: of - counted} {
						f := by.Filter(key)
						f.Rate = store.CasesOf(rate, part, store.Period{From: today.AddDays(-30), To: today})
						figures[casefile.ListPath(f)] = count
						list := url.Values{"box": {"every"}, "rate": {string(f.Rate)}}
						if key != "" {
							list.Set("cut", fmt.Sprintf("%s.%s", by, key))
						}
						if count == 0 || looked == 12 {
							continue
						}
						looked++
						if got := total(role, list.Encode()); got != float64(count) {
							t.Errorf("%s of %q by %s are %d, and their list has %v", f.Rate, key, by, count, got)
						}
					}
				}
			}
			seen := 0
			for _, path := range []string{"/statistics", "/statistics/table", "/statistics/evaluation"} {
				for list, n := range page.get(path + query).figures() {
					seen++
					if got, told := figures[list]; !told || got != n {
						t.Errorf("%s as %s says %d of %s, the API %d", path, role, n, list, got)
					}
				}
			}
			if seen < 40 {
				t.Errorf("%d figures by %s as %s: too few to tell", seen, by, role)
			}
		}

		scores := p.must(role, "GET", "/scores?"+period.Encode(), nil)
		row := scores["rows"].([]any)[0].(members)
		items := row["items"].([]any)
		if scores["rules"] != "scored-1" || row["code"] != "jiceng" || row["out_of"] != 50.0 || number(items[0], "tenths") != number(row, "tenths")-number(items[1], "tenths") || items[2].(members)["tenths"] != nil {
			t.Errorf("the API scores %v", scores)
		}
		page.get("/statistics/scores?"+period.Encode()).says(t, http.StatusOK, fmt.Sprintf("<b>%g</b>", float64(number(row, "tenths"))/10))

		for _, which := range []string{"", "?weekly=true"} {
			told, figures := p.must(role, "GET", "/digest"+which, nil), map[string]int{}
			for _, part := range told["parts"].([]any) {
				for _, line := range part.(members)["lines"].([]any) {
					if list, counts := line.(members)["list"].(string); counts {
						n := number(line, "count")
						figures[line.(members)["path"].(string)] = n
						if got := total(role, list); got != float64(n) {
							t.Errorf("the digest says %d of %s, which has %v", n, list, got)
						}
					}
				}
			}
			seen := page.get("/digest" + which).figures()
			if len(seen) < 4 || len(seen) != len(figures) {
				t.Errorf("the page's digest %s has %v, the API's %v", which, seen, figures)
			}
			for list, n := range seen {
				if figures[list] != n {
					t.Errorf("the digest says %d of %s, by the API %d", n, list, figures[list])
				}
			}
		}
	}
	if told := p.must(proposal.Supervisor, "GET", "/digest?weekly=false", nil); strings.Contains(told["title"].(string), "eek") {
		t.Errorf("not weekly, and it is the %v", told["title"])
	}
	for _, path := range []string{"/statistics", "/scores", "/digest"} {
		p.refuses(http.StatusForbidden, "forbidden", proposal.Handler, "GET", path, "")
		p.refuses(http.StatusUnauthorized, "no_token", "", "GET", path, "")
	}
	p.refuses(http.StatusUnprocessableEntity, "invalid", proposal.Supervisor, "GET", "/statistics?from=2026-03-01&to=2026-02-01", "")
	p.refuses(http.StatusUnprocessableEntity, "invalid", proposal.Supervisor, "GET", "/statistics?by=weather", "")
	p.refuses(http.StatusUnprocessableEntity, "invalid", proposal.Supervisor, "GET", "/tasks?supervised=perhaps", "")
}
