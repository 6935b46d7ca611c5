package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Each figure of the digest counts what its list has, for the bureau and for a division; who does not supervise has none.
func TestBriefFiguresOpenTheirCases(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	s.carry(t, fixture.Registration("0841", today.AddDays(-3)), proposal.Assigning, replyText)
	s.carry(t, fixture.Registration("0842", today.AddDays(-200)), proposal.Drafting, replyText)
	s.carry(t, fixture.Registration("0843", today.AddDays(-3)), proposal.Closed, replyText)

	read := func(role proposal.Role, path string) (p answer, figures map[string]int) {
		b := s.as(t, role)
		p, figures = b.get(path), map[string]int{}
		p.says(t, http.StatusOK)
		walk(p.doc, func(li *html.Node) {
			if li.Data != "li" || li.FirstChild == nil || !strings.HasPrefix(attr(li.FirstChild, "href"), "/cases?") {
				return
			}
			list := attr(li.FirstChild, "href")
			n, err := strconv.Atoi(strings.TrimSuffix(li.LastChild.LastChild.FirstChild.Data, "件"))
			if err != nil {
				t.Fatalf("%s has no figure: %v", list, err)
			}
			figures[list] = n
			if got := b.get(list).rows(); got != n {
				t.Errorf("%s says %d of %s, which lists %d", path, n, list, got)
			}
		})
		return p, figures
	}
	p, figures := read(proposal.Supervisor, "/digest")
	p.says(t, http.StatusOK, "督办日报", "赶不赶得上")
	if len(p.links("/cases?within=overdue")) != 1 || figures["/cases?within=overdue"] != 1 || len(figures) < 5 {
		t.Errorf("the digest has %v", figures)
	}
	if p, figures = read(proposal.DivisionHead, "/digest?weekly=1"); figures["/cases?division=%2A&within=overdue"] != 1 {
		t.Errorf("the division's digest has %v", figures)
	}
	p.says(t, http.StatusOK, "督办周报", "上周", "前一周0件")
	s.as(t, proposal.Handler).get("/digest").says(t, http.StatusForbidden, "不由你做")

	// Who supervises chooses which are mailed; nobody else is asked.
	head := s.as(t, proposal.DivisionHead)
	settings := head.get("/settings")
	settings.says(t, http.StatusOK, "按本局规则（日报和周报）")
	path, form := settings.form(t)
	form.Set("brief", "weekly")
	head.post(path, form).says(t, http.StatusOK, "设置存下了")
	if chosen, err := s.Store.Settings(t.Context(), s.bureau.ID(proposal.DivisionHead)); err != nil || chosen.Brief != proposal.BriefWeekly {
		t.Errorf("kept %+v, %v", chosen, err)
	}
	if p := s.as(t, proposal.Handler).get("/settings"); strings.Contains(p.body, "督办日报") {
		t.Error("a handler is asked which digests of who supervises to send")
	}
}
