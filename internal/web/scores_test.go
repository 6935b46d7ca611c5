package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/testkit/fixture"
)

// scoredRules are rules by which divisions are scored.
const scoredRules = `id: scored-1
extends: shenyang-1
profile: scored
name: 评分的规则
valid_from: "2020-01-01"
scoring:
  - { rate: in_time, weight: 30, each: 5 }
  - { rate: met, weight: 20 }
  - { rate: satisfied, weight: 50 }
`

// Each division has its points by the items of the rules, and each item opens its cases; what nothing can be reckoned over is not scored. Without items
// the page says how they are set.
func TestScores(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	b := s.as(t, proposal.Supervisor)
	query := "?" + url.Values{"from": {today.AddDays(-365).String()}, "to": {today.String()}}.Encode()
	if _, err := s.Store.PutRules(t.Context(), "", "id: unscored-1\nextends: shenyang-1\nprofile: unscored\nname: 不评分\nvalid_from: \"2020-01-01\"\nscoring: []\n"); err != nil {
		t.Fatal(err)
	}
	b.get("/statistics/scores"+query).says(t, http.StatusOK, "没有定怎样给处室评分", "scoring:")
	if _, err := s.Store.PutRules(t.Context(), "", scoredRules); err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"0861", "0862", "0863"} { // due, and not answered
		s.carry(t, fixture.Registration(number, today.AddDays(-200)), proposal.Drafting, replyText)
	}
	p := b.get("/statistics/scores" + query)
	p.says(t, http.StatusOK, "评分的规则", "<b>15</b>", "件数太少，不评", "满分50", "没做到的每件扣5分", "不排名")
	lists := p.links("/cases?")
	for _, path := range lists {
		if got := b.get(path).rows(); got != 3 {
			t.Errorf("%s lists %d cases, want 3", path, got)
		}
	}
	if len(lists) < 2 {
		t.Errorf("the figures open %v", lists)
	}
	b.get("/statistics/scores?from=2026-13-01").says(t, http.StatusUnprocessableEntity, "2026-13-01")
	file := b.get("/statistics/scores.xlsx" + query)
	if rows, err := sheet.Read([]byte(file.body)); err != nil || len(rows) < 2 || !slices.Contains(rows[1], "15") {
		t.Errorf("the file holds %v, %v", rows, err)
	}
	s.as(t, proposal.Handler).get("/statistics/scores").says(t, http.StatusForbidden, "不由你做")
}
