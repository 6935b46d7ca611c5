package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// What is tried out is told in words, its numbers open their lists, and the cases stay as they are.
func TestWhatIf(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	next := calendar.National().AddWorkdays(today, 1).End
	free := next
	for calendar.National().IsWorkday(free) {
		free = free.AddDays(1)
	}
	drafting := s.carry(t, fixture.Registration("0811", today.AddDays(-3)), proposal.Drafting, replyText)
	s.carry(t, fixture.Registration("0812", today.AddDays(-3)), proposal.OfficeReview, replyText)
	handler := string(s.bureau.ID(proposal.Handler))
	before, err := s.Store.State(t.Context(), drafting)
	if err != nil {
		t.Fatal(err)
	}
	b := s.as(t, proposal.Supervisor)
	b.get("/overview").says(t, http.StatusOK, `href="/what-if"`)
	b.get("/what-if").says(t, http.StatusOK, "谁不在", `value="`+next.String()+`"`)

	days := "&from=" + next.String() + "&to=" + next.AddDays(7).String()
	p := b.get("/what-if?away=" + handler + days)
	p.says(t, http.StatusOK, "1件会没有人能办", "看了2件没办结的", "/cases/"+drafting, "没有人代理")
	list := p.links("/cases?holder=" + handler)
	if len(list) != 1 || b.get(list[0]).rows() != 1 {
		t.Errorf("what the handler holds opens %v", list)
	}
	b.get("/what-if?away="+string(s.bureau.ID(proposal.OfficeReviewer))+days).says(t, http.StatusOK, "1件会没有人能办", "往后缺人的1件")
	b.get("/what-if?more=office_reviewer").says(t, http.StatusOK, "件件有人能办")
	due := before.ReplyDue().Due()
	b.get("/what-if?off="+due.String()).says(t, http.StatusOK, "期限会动的2件")

	for query, words := range map[string]string{
		"away=" + handler: "要填", "away=" + handler + "&from=" + today.AddDays(-1).String() + "&to=" + next.String(): "这一天已经过了",
		"off=" + today.String(): "要选今天以后的一天", "away=nobody" + days: "请从本局的处室和人员里选", "from=tomorrow&off=soon": `value="soon"`, "off=" + free.String(): "这一天本来就不上班", "worked=" + next.String(): "这一天本来就上班",
	} {
		p := b.get("/what-if?" + query)
		p.says(t, http.StatusUnprocessableEntity, words)
		if strings.Contains(p.text(), "怎么算的") {
			t.Errorf("what is wrong is tried out: %s", query)
		}
	}
	after, err := s.Store.State(t.Context(), drafting)
	if err != nil || after.Seq != before.Seq || after.ReplyDue().Due() != due {
		t.Errorf("what was only tried out has changed the case: %v", err)
	}

	own := s.as(t, proposal.DivisionHead).get("/what-if?off=" + due.String())
	own.says(t, http.StatusOK, "看了2件没办结的", "甲handler")
	for _, words := range []string{"别的岗位多一个", "甲other_handler", "甲liaison"} {
		if strings.Contains(own.text(), words) {
			t.Errorf("the head of a division may try out %s", words)
		}
	}
	s.as(t, fixture.OtherHead).get("/what-if?off="+due.String()).says(t, http.StatusOK, "看了0件没办结的", "甲other_handler")
	for _, role := range []proposal.Role{proposal.Handler, proposal.Publisher, proposal.Admin} {
		s.as(t, role).get("/what-if").says(t, http.StatusForbidden, "不由你做")
	}
}
