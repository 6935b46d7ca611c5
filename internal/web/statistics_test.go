package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/gongwen"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/sheet"
	"github.com/banli/banli/internal/testkit/fixture"
)

// Each figure stands there with what it is reckoned over, opens its cases, and goes into the file with its formula. That a number is the
// length of its list is TestNumbersAreTheirLists.
func TestStatistics(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	due := func(number string, day calendar.Date, stage proposal.Stage) {
		r := fixture.Registration(number, day.AddDays(-60))
		r.DueOn = day
		s.carry(t, r, stage, replyText)
	}
	due("0861", today, proposal.Answered)
	due("0862", today, proposal.Drafting)
	due("0863", today.AddDays(-1), proposal.Drafting)
	due("0864", today.AddDays(40), proposal.Drafting) // falls due after the period

	from, to := today.AddDays(-10).String(), today.String()
	period := "from=" + from + "&to=" + to
	b := s.as(t, proposal.Supervisor)
	p := b.get("/statistics?" + period + "&by=division")
	p.says(t, http.StatusOK, "办结率", "33.3%", "基层政权和社区建设处", "已答复的件÷到期的主办件")
	for part, want := range map[string]int{"of": 3, "counted": 1, "missed": 2} {
		path := "/cases?all=1&rate=answered." + part + "." + from + "." + to
		if len(p.links(path)) == 0 {
			t.Errorf("no link to %s", path)
		}
		list := b.get(path)
		list.says(t, http.StatusOK, "办结率")
		if got := list.rows(); got != want {
			t.Errorf("%s lists %d cases, want %d", path, got, want)
		}
	}
	file := b.get("/statistics.xlsx?" + period)
	rows, err := sheet.Read([]byte(file.body))
	if err != nil || len(rows) < 3 || rows[0][1] != "办结率" || strings.Join(rows[len(rows)-1][:4], " ") != "合计 33.3% 1 3" {
		t.Errorf("the file holds %v, %v", rows, err)
	}
	table := b.get("/statistics/table?" + period)
	table.says(t, http.StatusOK, "办理情况统计表", "基层政权和社区建设处 办理 主办 3")
	file = b.get("/statistics/table.xlsx?" + period)
	rows, err = sheet.Read([]byte(file.body))
	if err != nil || len(rows) != 4 || strings.Join(rows[3][:8], " ") != "合计 3 0 3 1 0 1 33.3%" {
		t.Errorf("the file of the table holds %v, %v", rows, err)
	}
	evaluation := b.get("/statistics/evaluation?" + period)
	evaluation.says(t, http.StatusOK, "承办单位评估表", "答复类别 A类 1 答复类别 占比 100%", "面商人 经办人 3")
	for _, path := range evaluation.links("/cases?all=1&rate=class-A.counted.") {
		if got := b.get(path).rows(); got != 1 {
			t.Errorf("%s lists %d cases, want 1", path, got)
		}
	}
	file = b.get("/statistics/evaluation.xlsx?" + period)
	rows, err = sheet.Read([]byte(file.body))
	if err != nil || len(rows) != 4 || strings.Join(rows[3][:5], " ") != "合计 3 1 1 100%" {
		t.Errorf("the file of the evaluation holds %v, %v", rows, err)
	}
	summary, _, err := gongwen.Text([]byte(b.get("/statistics/summary.docx?" + period).body))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"承办到期的建议、提案共3件，其中主办3件、会办0件。按提出渠道分：人大建议3件（100%）。", "已办复1件，办复率33.3%。", "同提出者沟通3件，沟通率100%；其中当面沟通0件，面商率0%。",
		"这一时期没有到期的承诺。", "|合计|3|0|1|33.3%|", "七、存在的问题和下一步打算",
	} {
		if !strings.Contains(summary, want) {
			t.Errorf("the summary lacks %q: %s", want, summary)
		}
	}
	s.as(t, proposal.Handler).get("/statistics/summary.docx").says(t, http.StatusForbidden)
	s.as(t, proposal.Handler).get("/statistics/table").says(t, http.StatusForbidden, "不由你做")
	b.get("/statistics?from=2026-13-01").says(t, http.StatusUnprocessableEntity, "日期看不懂")
	b.get("/statistics?from="+to+"&to="+from).says(t, http.StatusUnprocessableEntity, "日期看不懂")
	b.get("/cases?rate=answered.of.2026").says(t, http.StatusNotFound)
	s.as(t, proposal.Handler).get("/statistics").says(t, http.StatusForbidden, "不由你做")
	s.as(t, proposal.Handler).get("/statistics.xlsx").says(t, http.StatusForbidden, "不由你做")
}

// What earlier years promised stands by year and division, and every number opens its cases; the table of the assembly counts the co-signers.
func TestLookingBack(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	before := calendar.NewDate(today.Year-1, 3, 2)
	for number, stage := range map[string]proposal.Stage{"0861": proposal.Closed, "0862": proposal.Drafting} {
		r := fixture.Registration(number, before)
		r.Sure = true
		s.carry(t, r, stage, replyText)
	}
	s.carry(t, fixture.Registration("0863", today.AddDays(-3)), proposal.Closed, replyText) // of this year
	b := s.as(t, proposal.Supervisor)
	p := b.get("/statistics/back")
	year := fmt.Sprintf("%d年", before.Year)
	p.says(t, http.StatusOK, "回头看", year+" 办复 主办 1 原办复类别 已解决（A类） 1", "基层政权和社区建设处 办复 主办 1", "合计 办复 主办 1", "晚兑现的也算")
	figures := p.figures()
	if len(figures) < 3 {
		t.Errorf("the figures open %v", figures)
	}
	for list, n := range figures {
		if got := b.get(list).rows(); got != n {
			t.Errorf("%s says %d, and lists %d", list, n, got)
		}
	}
	file := b.get("/statistics/back.xlsx")
	rows, err := sheet.Read([]byte(file.body))
	if err != nil || len(rows) != 5 || strings.Join(rows[3][:5], " ") != year+" 基层政权和社区建设处 1 1 0" {
		t.Errorf("the file holds %v, %v", rows, err)
	}
	evaluation := b.get("/statistics/evaluation?from=" + before.String() + "&to=" + today.String())
	evaluation.says(t, http.StatusOK, "附议人答复 有附议人 2", "附议人答复 各送一份 1 附议人答复 未答复 1")
	s.as(t, proposal.Handler).get("/statistics/back").says(t, http.StatusForbidden, "不由你做")
	s.as(t, proposal.Handler).get("/statistics/back.xlsx").says(t, http.StatusForbidden, "不由你做")
}
