package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/banli/banli/internal/app"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// Who supervises is told how a case runs: where it is, what runs beside it and holds what up, whom it waits for, what will ring for whom, and
// how its workflows do. All but the last is told while the engine is away.
func TestProcessOfACase(t *testing.T) {
	s := newSite(t)
	today := calendar.DateOf(time.Now())
	id := s.carry(t, fixture.Registration("0881", today.AddDays(-3)), proposal.Drafting, replyText)
	asked := s.bureau.Action(proposal.AskOpinion, proposal.Handler, &proposal.OpinionRequest{Division: fixture.Other, Question: "请提出会办意见。"})
	if _, err := s.Cases.Act(t.Context(), id, asked); err != nil {
		t.Fatal(err)
	}
	page := "/cases/" + id + "/process"

	b := s.as(t, proposal.Supervisor)
	if links := b.get("/cases/" + id).links(page); len(links) != 1 {
		t.Fatalf("the case leads there %d times", len(links))
	}
	told := []string{
		"停在拟稿，第1个工作日", "甲handler手里：起草答复", "系统下一步：", "养老服务处", "没办完不能签发", "写会办意见", "法定", "提醒甲handler，还有", "记逾期，通知甲handler",
	}
	p := b.awaits(page, append(told, "会办意见：养老服务处 在走")...)
	for _, run := range []string{workflows.WorkflowID(id), "opinion-" + id + "-" + string(fixture.Other)} {
		if !slices.ContainsFunc(p.links(app.EnginePath), func(path string) bool { return strings.HasSuffix(path, "/"+run) }) {
			t.Errorf("no way to %s in the engine", run)
		}
	}
	leader := s.as(t, proposal.LeaderInCharge).get(page)
	leader.says(t, http.StatusOK, told...)
	if links := leader.links(app.EnginePath); len(links) > 0 {
		t.Errorf("the leader in charge is led into the engine: %v", links)
	}
	s.as(t, proposal.Handler).get(page).says(t, http.StatusForbidden, "不由你做")
	s.as(t, proposal.Admin).get(page).says(t, http.StatusNotFound) // keeps the machine, and does not see the case

	reviewed := s.carry(t, fixture.Registration("0882", today.AddDays(-3)), proposal.OfficeReview, replyText)
	reviewer := s.bureau[proposal.OfficeReviewer]
	reviewer.Active = false
	if _, err := s.Store.UpsertPerson(t.Context(), reviewer, ""); err != nil {
		t.Fatal(err)
	}
	b.get("/cases/"+reviewed+"/process").says(t, http.StatusOK, "有一步没有人能办", "没有人能办（核稿人）")

	runs := []workflows.CaseRun{{ID: workflows.WorkflowID(id)}, {ID: workflows.WorkflowID(uuid.NewString())}}
	if err := s.Cases.LookAt(t.Context(), runs); err != nil || !runs[0].Runs || runs[1].Runs {
		t.Errorf("of a workflow that runs and one that there is not: %+v, %v", runs, err)
	}

	config := s.config
	config.Temporal.Address, config.Work = "127.0.0.1:1", false
	away := run(t, config)
	away.as(t, proposal.Supervisor).get(page).says(t, http.StatusOK, append(told, "引擎没有应答")...)
}
