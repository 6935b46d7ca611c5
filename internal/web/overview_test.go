package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/testkit/fixture"
)

func (a answer) links(prefix string) []string {
	var found []string
	walk(a.doc, func(n *html.Node) {
		if n.Data == "a" && strings.HasPrefix(attr(n, "href"), prefix) {
			found = append(found, attr(n, "href"))
		}
	})
	return found
}

// rows counts the cases in a list.
func (a answer) rows() (n int) {
	walk(a.doc, func(tr *html.Node) {
		if tr.Data == "tr" && strings.Contains(attr(tr, "class"), "row") {
			n++
		}
	})
	return n
}

func TestFiguresOpenTheirCases(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	s.carry(t, fixture.Registration("0801", today.AddDays(-3)), proposal.Registered, replyText)
	s.carry(t, fixture.Registration("0802", today.AddDays(-3)), proposal.Assigning, replyText)
	s.carry(t, fixture.Registration("0803", today.AddDays(-3)), proposal.Drafting, replyText)
	late := s.carry(t, fixture.Registration("0804", today.AddDays(-200)), proposal.Drafting, replyText)
	s.carry(t, fixture.Registration("0805", today.AddDays(-3)), proposal.Closed, replyText)

	b := s.as(t, proposal.Supervisor)
	p := b.get("/overview")
	p.says(t, http.StatusOK, "在办4件", "逾期1件", "今年办结1件", "还没分办", "/cases/"+late+"/process")
	if links := p.links("/cases/" + late + "?do=urge"); len(links) == 0 || len(p.links("/bulk/new?")) > 0 {
		t.Errorf("the one late case is urged by %v, all late ones by %v", links, p.links("/bulk/new?"))
	}
	if links := p.links("/cases?division=jiceng&step=drafting"); !slices.Equal(links, []string{"/cases?division=jiceng&step=drafting", "/cases?division=jiceng&step=drafting&within=overdue"}) {
		t.Fatalf("links for what is drafted: %v", links)
	}
	for path, want := range map[string]int{
		"/cases": 4, "/cases?all=1": 5, "/cases?overdue=1": 1, "/cases?division=jiceng&step=drafting": 2, "/cases?step=assignment": 2,
		"/cases?division=-": 1, "/cases?q=0802": 1, "/cases?q=%25": 0, "/cases?division=yanglao": 0,
		"/cases?holder=" + string(s.bureau.ID(proposal.Handler)): 2,
	} {
		list := b.get(path)
		list.says(t, http.StatusOK)
		if got := list.rows(); got != want {
			t.Errorf("%s lists %d cases, want %d", path, got, want)
		}
	}
	b.get("/cases?step=limbo").says(t, http.StatusNotFound)

	s.as(t, proposal.LeaderInCharge).get("/overview").says(t, http.StatusOK, "在办3件") // the field's own; one is nobody's yet
	for _, role := range []proposal.Role{proposal.Handler, proposal.Publisher, proposal.Admin, proposal.OfficeReviewer} {
		s.as(t, role).get("/overview").says(t, http.StatusForbidden, "不由你做")
	}
	if got := s.as(t, proposal.Handler).get("/cases"); got.rows() != 3 || len(got.links(app.EnginePath)) > 0 {
		t.Errorf("the handler sees %d cases and %d workflows", got.rows(), len(got.links(app.EnginePath)))
	}
	if got := s.as(t, proposal.Admin).get("/cases"); got.rows() != 0 {
		t.Errorf("the administrator sees %d cases", got.rows())
	}
}

// The head line counts each case once, though it may stand among several sorts.
func TestADecisionIsACase(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	s.carry(t, fixture.Registration("0871", today.AddDays(-200)), proposal.Drafting, replyText)
	s.carry(t, fixture.Registration("0872", today.AddDays(-200)), proposal.Accepting, replyText)
	b := s.as(t, proposal.Supervisor)
	p, digest := b.get("/overview"), b.get("/digest")
	items := 0
	for list, n := range p.figures() {
		if !strings.Contains(list, "only=") || strings.Contains(list, "since=") || !strings.Contains(list, "sort=due") {
			continue
		}
		items += n
	}
	if items < 3 {
		t.Fatalf("two cases in %d items: too few to tell", items)
	}
	p.says(t, http.StatusOK, "今天要定的2件", fmt.Sprintf("共%d项", items))
	digest.says(t, http.StatusOK, fmt.Sprintf("今天要定的2件（%d项）", items))
}

// Who answers for a division sees who in it holds what, everybody in it, and gives the cases of whoever is away to others.
func TestBoardOfTheDivision(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	handler := string(s.bureau.ID(proposal.Handler))
	s.carry(t, fixture.Registration("0811", today.AddDays(-3)), proposal.Drafting, replyText)
	s.carry(t, fixture.Registration("0812", today.AddDays(-200)), proposal.Drafting, replyText)
	s.carry(t, fixture.Registration("0813", today.AddDays(-3)), proposal.OfficeReview, replyText)

	head := s.as(t, proposal.DivisionHead)
	p := head.get("/overview")
	p.says(t, http.StatusOK, "在办3件", "处室里谁手上有什么")
	lists := map[string]int{"/cases?holder=" + handler: 2, "/cases?holder=" + handler + "&within=overdue": 1}
	for path, want := range lists {
		if len(p.links(path)) == 0 || head.get(path).rows() != want {
			t.Errorf("%s: linked %d times, lists %d cases, want %d", path, len(p.links(path)), head.get(path).rows(), want)
		}
	}
	p.says(t, http.StatusOK, "应答复 3件 ，已答复 0件 ，还差 3件", "近20个工作日只答复了0件")
	for _, gate := range []string{"/cases?division=%2A&gate=office_review", "/cases?all=1&division=%2A&gate=division_review."} {
		if links := p.links(gate); len(links) != 1 || head.get(links[0]).rows() != 1 {
			t.Errorf("%s: links %v", gate, links)
		}
	}
	moves := p.links("/bulk/new?")
	if len(moves) != 1 {
		t.Fatalf("%d ways to give cases to another", len(moves))
	}
	head.get(moves[0]).says(t, http.StatusOK, "0811", "0812")

	liaison := s.as(t, proposal.Liaison)
	cover := liaison.get("/overview").links("/proxies?principal=" + handler)
	if len(cover) != 1 {
		t.Fatalf("%d ways to name who covers for the handler", len(cover))
	}
	if form := liaison.get(cover[0]); !strings.Contains(form.body, `value="`+handler+`" selected`) {
		t.Error("the form does not name who is away")
	}
}

// Who has few tasks has a home: what waits for them, what they look over, what needs their hand. It shows nobody more than the lists do.
func TestHomes(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	answered := s.carry(t, fixture.Registration("0831", today.AddDays(-3)), proposal.Answered, replyText)
	closed := s.carry(t, fixture.Registration("0832", today.AddDays(-3)), proposal.Closed, replyText)
	for _, id := range []string{answered, closed} {
		if _, err := s.Store.ViewContact(t.Context(), id, s.bureau.ID(proposal.Handler)); err != nil {
			t.Fatal(err)
		}
	}
	secret := s.bureau.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: "来函"})
	if _, err := s.Cases.Act(t.Context(), answered, secret); err != nil {
		t.Fatal(err)
	}
	for role, want := range map[proposal.Role]struct {
		says  []string
		links map[string]int
	}{
		proposal.Publisher: {[]string{"待公开", "不公开", "代表要求保密，不能公开"}, map[string]int{"/cases?all=1&only=to_publish": 1}},
		proposal.Assembly: {
			[]string{"等代表、委员反馈", "还没接办"},
			map[string]int{"/cases?all=1&only=to_rate": 1, "/cases?all=1": 1, "/cases?step=assignment": 1},
		},
		proposal.Auditor: {[]string{"谁看过代表、委员的联系方式", "0832"}, map[string]int{"/cases/" + closed: 1, "/cases/" + answered: 0}},
		proposal.Admin:   {[]string{"要你动手的", "还没有备份过"}, nil},
	} {
		b := s.as(t, role)
		p := b.get("/home")
		p.says(t, http.StatusOK, want.says...)
		for path, n := range want.links {
			if got := len(p.links(path)); (got == 0) != (n == 0) {
				t.Errorf("%s: %d links to %s", role, got, path)
			}
		}
	}
	s.as(t, proposal.Handler).get("/home").says(t, http.StatusNotFound)
	if err := s.Store.BackedUp(t.Context(), store.Archive{At: time.Now().AddDate(0, 0, -3)}, 1, strings.Repeat("0", 64)); err != nil {
		t.Fatal(err)
	}
	s.as(t, proposal.Admin).get("/home").says(t, http.StatusOK, "最近一次备份：3天前")
	visitor := s.browser(t)
	if p := visitor.post("/login", url.Values{"account": {string(proposal.Auditor)}, "password": {fixture.Password}}); p.path != "/home" {
		t.Errorf("an auditor begins at %s", p.path)
	}
}

// A case that nobody can act on is told to everybody who supervises and may see it, also while no division leads it; the number opens its list.
func TestStuckCasesAreToldToWhoMaySeeThem(t *testing.T) {
	s := newSite(t)
	s.carry(t, fixture.Registration("0871", calendar.DateOf(time.Now()).AddDays(-3)), proposal.Registered, replyText)
	gone := s.bureau[proposal.Liaison]
	gone.Active = false
	if _, err := s.Store.UpsertPerson(t.Context(), gone, ""); err != nil {
		t.Fatal(err)
	}
	for _, role := range []proposal.Role{proposal.Supervisor, proposal.LeaderInCharge} {
		b := s.as(t, role)
		p := b.get("/overview")
		p.says(t, http.StatusOK, "1件没有人能办", "缺：联络员")
		if lists := p.links("/cases?all=1&only=stuck"); len(lists) == 0 || b.get(lists[0]).rows() != 1 {
			t.Errorf("%s: the number opens %v", role, lists)
		}
	}
}

// Every case stands in the picture of how long it has been where it is: as a mark of its own, or among those whose number opens their list.
func TestAgeingShowsEveryCase(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	for i := range 6 {
		s.carry(t, fixture.Registration(fmt.Sprintf("081%d", i), today.AddDays(-3)), proposal.Drafting, replyText)
	}
	one := s.carry(t, fixture.Registration("0821", today.AddDays(-3)), proposal.Consulting, replyText)
	b := s.as(t, proposal.Supervisor)
	p := b.get("/overview")
	p.says(t, http.StatusOK, "没有去年可比")
	many := p.links("/cases?here_by=")
	if len(many) != 1 || b.get(many[0]).rows() != 6 {
		t.Errorf("the six drafts stand behind %v", many)
	}
	if n := len(p.links("/cases/" + one)); n == 0 {
		t.Error("the case alone at its stage has no mark")
	}
}

// The file of the overview has its figures: a table for each picture.
func TestOverviewAsAFile(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	s.carry(t, fixture.Registration("0831", today.AddDays(-3)), proposal.Registered, replyText)
	s.carry(t, fixture.Registration("0832", today.AddDays(-200)), proposal.Drafting, replyText)
	file := s.as(t, proposal.Supervisor).get("/overview.xlsx")
	file.says(t, http.StatusOK)
	heat, err := sheet.Read([]byte(file.body))
	if err != nil || len(heat) != 1+3*4 {
		t.Fatalf("%d lines, want the head and four each for nobody's, one division's and all: %v\n%q", len(heat), err, heat)
	}
	sum := slices.Index(heat[0], "合计")
	for line, want := range map[int]string{1: "1", 5: "1", 9: "2", 10: "1", 11: "0"} { // open of each, then overdue and soon due of all
		if heat[line][sum] != want {
			t.Errorf("%q has %q in all, want %s", heat[line][:2], heat[line][sum], want)
		}
	}
	book := unzip(t, []byte(file.body))["xl/workbook.xml"]
	for _, name := range []string{"到期高峰", "窄口", "谁手上多", "每件在这一环节多久了", "每件"} {
		if !strings.Contains(book, `name="`+name+`"`) {
			t.Errorf("the file has no table %s", name)
		}
	}
	s.as(t, proposal.Handler).get("/overview.xlsx").says(t, http.StatusForbidden, "不由你做")
}
