package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/testkit/fixture"
)

// The ledger has the cases of the list that it is taken from, as offices keep them, and tells nobody a name that they may not read.
func TestLedgerOfAList(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	sent := fixture.Registration("0394", today.AddDays(-3))
	id := s.carry(t, sent, proposal.Answered, draftText)
	s.carry(t, fixture.Registration("0400", today.AddDays(-3)), proposal.Consulting, draftText)
	liaison := s.as(t, proposal.Liaison)

	page := liaison.get("/cases?all=1&q=0394")
	links := page.links("/cases.xlsx?")
	if len(links) != 1 {
		t.Fatalf("links %v", links)
	}
	read := func(b *browser, path string) (rows []map[string]string) {
		t.Helper()
		all, err := sheet.Read([]byte(b.get(path).body))
		if err != nil {
			t.Fatal(path, err)
		}
		for _, cells := range all[1:] {
			row := map[string]string{}
			for i, cell := range cells {
				row[all[0][i]] = cell
			}
			rows = append(rows, row)
		}
		return rows
	}
	rows := read(liaison, links[0])
	if len(rows) != 1 {
		t.Fatalf("%d cases, want that of the list", len(rows))
	}
	day := fmt.Sprintf("%d年%d月%d日", today.Year, today.Month, today.Day)
	for head, want := range map[string]string{
		"案由": sent.Title, "代表": "倪琛善", "附议人": "王桂兰", "性质": "独办", "当前环节": "已答复", "签发人": "甲leader_in_charge", "面商形式": "电话", "面商人": "经办人",
		"公开情况": "主动公开", "答复日期": day,
	} {
		if rows[0][head] != want {
			t.Errorf("%s is %q, want %q of %v", head, rows[0][head], want, rows[0])
		}
	}
	if all := read(liaison, "/cases.xlsx?all=1"); len(all) != 2 || !strings.Contains(all[0]["案号"], "0394") {
		t.Errorf("%v", all)
	}
	if _, err := s.Cases.Act(t.Context(), id, s.bureau.Action(proposal.AskSecrecy, proposal.Liaison, &proposal.SecrecyRequest{Reason: "本人要求"})); err != nil {
		t.Fatal(err)
	}
	for _, row := range read(s.as(t, proposal.Supervisor), links[0]) {
		for head, cell := range row {
			if strings.Contains(cell, "倪琛善") || strings.Contains(cell, "王桂兰") {
				t.Errorf("who may not know the deputies reads %q under %s", cell, head)
			}
		}
	}
	s.as(t, proposal.Handler).get("/cases.xlsx").says(t, http.StatusForbidden)
	liaison.get("/cases.xlsx?within=limbo").says(t, http.StatusNotFound)
	cppcc := liaison.get("/cases.xlsx?" + url.Values{"body": {string(assembly.CPPCC)}}.Encode())
	if head, err := sheet.Read([]byte(cppcc.body)); err != nil || len(head) != 1 || !slices.Contains(head[0], "案由") {
		t.Errorf("an empty ledger has its heads: %v, %v", head, err)
	}
}
