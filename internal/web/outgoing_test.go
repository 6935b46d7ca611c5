package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Every number that was given stands in the register of its year, with what went out under it, on the page and in the file alike.
func TestOutgoing(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	liaison := s.as(t, proposal.Liaison)
	liaison.get("/outgoing").says(t, http.StatusOK, "还没有编过文号")

	sent := fixture.Registration("0394", today.AddDays(-3))
	id := s.carry(t, sent, proposal.Answered, draftText)
	to, form := liaison.get("/cases/" + id + "?do=record_receipt").form(t)
	liaison.post(to, with(form, url.Values{"recipient": {"王桂兰"}, "receipt": {"挂号77"}})).says(t, http.StatusOK)
	void := fixture.Registration("0395", today.AddDays(-3))
	voided := s.carry(t, void, proposal.Dispatching, draftText)
	if _, err := s.Cases.Act(t.Context(), voided, s.bureau.Action(proposal.VoidNumber, proposal.Liaison, &proposal.Voiding{To: proposal.Numbering, Reason: "印错"})); err != nil {
		t.Fatal(err)
	}

	page := liaison.get("/outgoing")
	page.says(t, http.StatusOK, "沈民函〔"+strconv.Itoa(today.Year)+"〕1号", "沈民函〔"+strconv.Itoa(today.Year)+"〕2号（作废）", "甲leader_in_charge", "王桂兰 挂号77")
	data := liaison.get("/outgoing.xlsx?year=" + strconv.Itoa(today.Year))
	rows, err := sheet.Read([]byte(data.body))
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v, %v", rows, err)
	}
	day := strconv.Itoa(today.Year) + "年" + strconv.Itoa(int(today.Month)) + "月" + strconv.Itoa(today.Day) + "日"
	if got, want := rows[1][2:7], []string{"倪琛善、王桂兰", "甲leader_in_charge", day, day, "2"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if title := rows[1][1]; title != "市人大十六届三次会议"+sent.Title+"（第0394号）的答复" {
		t.Error(title)
	}
	if len(rows[2]) > 5 && strings.Join(rows[2][5:], "") != "" {
		t.Errorf("nothing went out under a void number: %q", rows[2])
	}
	liaison.get("/outgoing?year=1999").says(t, http.StatusNotFound)
	s.as(t, proposal.Handler).get("/outgoing").says(t, http.StatusForbidden)

	if _, err := s.Cases.Act(t.Context(), id, s.bureau.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: "本人要求"})); err != nil {
		t.Fatal(err)
	}
	page = s.as(t, proposal.Supervisor).get("/outgoing")
	page.says(t, http.StatusOK, "＊＊＊")
	if strings.Count(page.body, "王桂兰") != 1 || strings.Contains(page.body, "挂号77") { // the other case names its own
		t.Error("who may not know the deputies reads a name in the register")
	}
}
