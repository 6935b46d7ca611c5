package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// awaits asks for a page again until it says something.
func (b *browser) awaits(path string, words ...string) answer {
	b.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		p := b.get(path)
		said := true
		for _, word := range words {
			said = said && strings.Contains(p.text(), word)
		}
		if said || time.Now().After(deadline) {
			p.says(b.t, http.StatusOK, words...)
			return p
		}
	}
}

// forgetBulks ends what other tests asked of many cases and did not wait for: the tests share an engine, and no record of theirs is here.
func (s *site) forgetBulks(t *testing.T) {
	t.Helper()
	open, err := s.Cases.Temporal.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
		Query: `WorkflowType = 'Bulk' and ExecutionStatus = 'Running'`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range open.Executions {
		if err := s.Cases.Temporal.TerminateWorkflow(t.Context(), w.Execution.WorkflowId, w.Execution.RunId, "its test is over"); err != nil {
			t.Log(err)
		}
	}
}

// Whoever looks after the engine reads how it does: what fails and why, cases that nobody can act on, by number alone, workers, queues, and
// what is done by the clock.
func TestOperation(t *testing.T) {
	s := newSite(t)
	r := fixture.Registration("0871", calendar.DateOf(time.Now()))
	s.carry(t, r, proposal.OfficeReview, replyText)
	s.forgetBulks(t)
	b := s.as(t, proposal.Admin)
	b.awaits("/operation", "都在走", "没有失败的", "核对工作流和台账", "没有设邮件服务器")
	reviewer := s.bureau[proposal.OfficeReviewer]
	reviewer.Active = false
	if _, err := s.Store.UpsertPerson(t.Context(), reviewer, ""); err != nil {
		t.Fatal(err)
	}
	b.awaits("/operation", "1处要看", "0871号 核稿", "缺：核稿")

	bulk := uuid.NewString() // that the record does not know, so that its items cannot be done
	_, err := s.Cases.Temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: workflows.BulkWorkflowID(bulk), TaskQueue: workflows.TaskQueue},
		workflows.Bulk, workflows.BulkInput{BulkID: bulk, State: ledger.BulkState{Status: proposal.BulkRunning}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Cases.Temporal.TerminateWorkflow(t.Context(), workflows.BulkWorkflowID(bulk), "", "the test is over"); err != nil {
			t.Log(err)
		}
	})
	p := b.awaits("/operation", "批量办理", "出了错，错误写在工作程序的日志里", "已经办了的算数")
	if len(p.links("/engine/namespaces/")) == 0 || strings.Contains(p.text(), r.Title) {
		t.Error("no way to the workflow, or the title of a case is told")
	}
	for _, role := range []proposal.Role{proposal.Handler, proposal.Liaison, proposal.BureauHead, proposal.Auditor} {
		s.as(t, role).get("/operation").says(t, http.StatusForbidden, "不由你做")
	}
}
