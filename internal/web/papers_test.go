package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
)

// What is asked of the assembly, and an urge, goes out on paper too, worded by the rules that the case follows.
func TestPapersOfACase(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0397", calendar.DateOf(time.Now()))
	id := s.carry(t, r, proposal.Registered, draftText)
	for _, a := range []proposal.Action{
		s.bureau.Action(proposal.Urge, proposal.Supervisor, &proposal.UrgeNote{Text: "市长问起。"}),
		s.bureau.Action(proposal.RequestReturn, proposal.Liaison, &proposal.ReturnRequest{Reason: "不属我局{until}职责。", LegalDuty: "《条例》第三条", Suggested: "市财政局"}),
	} {
		if _, err := s.Cases.Act(t.Context(), id, a); err != nil {
			t.Fatal(err)
		}
	}
	b, path := s.as(t, proposal.Liaison), "/cases/"+id
	page := b.get(path)
	page.says(t, http.StatusOK, "关于申请退回市人大十六届三次会议第0397号建议的函", "关于市人大十六届三次会议第0397号建议的催办通知")
	links := page.links(path + "/papers/")
	if len(links) != 2 {
		t.Fatalf("links %v", links)
	}
	sent := b.get(links[0])
	text, _, err := gongwen.Text([]byte(sent.body))
	if err != nil || sentName(t, sent) != "关于申请退回市人大十六届三次会议第0397号建议的函.docx" {
		t.Fatalf("%s: %v", sentName(t, sent), err)
	}
	for _, line := range []string{"市人大常委会代表工作机构：", "经研究，不属我局{until}职责。", "依据：《条例》第三条。该件建议由市财政局办理", "沈阳市民政局"} {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not in it:\n%s", line, text)
		}
	}
	b.get(path+"/papers/1").says(t, http.StatusNotFound) // the registration
	s.as(t, fixture.OtherHandler).get(links[0]).says(t, http.StatusNotFound)
}
