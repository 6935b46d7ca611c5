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

// An urge is said in the row of what it is about: it is no case of its own, and reaches whoever has the case now.
func TestUrgeIsSaidInTheRow(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	id := s.carry(t, fixture.Registration("0821", today.AddDays(-3)), proposal.OfficeReview, draftText)
	open := s.carry(t, fixture.Registration("0822", today.AddDays(-3)), proposal.Drafting, draftText)
	supervisor, reviewer, handler := s.as(t, proposal.Supervisor), s.as(t, proposal.OfficeReviewer), s.as(t, proposal.Handler)
	for _, id := range []string{id, open} {
		path, form := supervisor.get("/cases/" + id + "?do=urge").form(t)
		form.Set("text", "市长问起。")
		supervisor.post(path, form).says(t, http.StatusOK)
	}

	desk := reviewer.get("/")
	desk.says(t, http.StatusOK, "待办1件", "催办", "市长问起。")
	if got := desk.rows(); got != 1 || strings.Contains(desk.text(), "这一项是你的") {
		t.Errorf("the reviewer has %d rows: %.400s", got, desk.text())
	}
	if got := handler.get("/"); got.rows() != 1 {
		t.Errorf("the handler has %d rows: %.400s", got.rows(), got.text())
	}
	supervisor.get("/overview").says(t, http.StatusOK, "1件，0件急")
	if got := supervisor.get("/cases?holder=" + string(s.bureau.ID(proposal.Handler))).rows(); got != 1 {
		t.Errorf("the handler holds %d cases", got)
	}

	page := reviewer.get("/cases/" + id)
	page.says(t, http.StatusOK, "市长问起。", "答复催办")
	path, form := reviewer.get("/cases/" + id + "?do=answer_urge").form(t)
	form.Set("text", "今天核完。")
	reviewer.post(path, form).says(t, http.StatusOK)
	if got := reviewer.get("/"); strings.Contains(got.text(), "市长问起。") || got.rows() != 1 {
		t.Errorf("an answered urge is still said: %.400s", got.text())
	}
	handler.get("/cases/"+id).says(t, http.StatusOK)
}

// A reply that is signed can be printed from the case, by whoever seals and sends it too.
func TestSignedReplyIsPrinted(t *testing.T) {
	s := newSite(t)
	for i, stage := range []proposal.Stage{proposal.Numbering, proposal.Dispatching, proposal.Answered, proposal.Closed} {
		id := s.replyAt(t, "083"+string(rune('1'+i)), stage)
		page := s.as(t, proposal.Liaison).get("/cases/" + id)
		if links := page.links("/cases/" + id + "/preview"); len(links) != 1 {
			t.Errorf("%s: %d links to the printed reply", stage, len(links))
		}
		s.as(t, proposal.Liaison).get("/cases/"+id+"/preview").says(t, http.StatusOK, "打印公文", "data-print")
		if links := s.as(t, proposal.Publisher).get("/cases/" + id).links("/cases/" + id + "/preview"); len(links) > 0 {
			t.Errorf("%s: the publisher, who may not read it, is offered the reply", stage)
		}
	}
}
