package e2e

import (
	"cmp"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
	"golang.org/x/sync/errgroup"
)

// TestDeskOfFiveHundred works at a desk with five hundred tasks in Chromium, and signs a batch of replies.
func TestDeskOfFiveHundred(t *testing.T) {
	const tasks, replies = 500, 3
	p := freePorts(t)
	run := up(t, filepath.Join(t.TempDir(), "data"), p, "--no-demo")
	record, cases := run.store(t), run.cases(t, p)
	bureau := fixture.New(t, record)
	today := calendar.DateOf(time.Now())
	register := func(i int, title string) (string, error) {
		r := fixture.Registration(fmt.Sprintf("%04d", i), today.AddDays(-i%40))
		r.Title = cmp.Or(title, r.Title)
		id := workflows.CaseID(r.RegisterKey)
		_, err := cases.Act(t.Context(), id, bureau.Register(r))
		return id, err
	}
	var group errgroup.Group
	group.SetLimit(8)
	for i := range tasks {
		group.Go(func() error {
			_, err := register(i, fmt.Sprintf("关于第%d批老旧小区引入居民自治管理、明确街道托底责任并建立长效维护资金的建议", i))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	for i := range replies {
		id, err := register(tasks+i, "")
		for stage := proposal.Stage(""); err == nil && stage != proposal.SignOff; {
			var state proposal.State
			if _, err = cases.Act(t.Context(), id, bureau.Next(t, record, id)); err == nil {
				state, err = record.State(t.Context(), id)
				stage = state.Stage
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	run.banli(t, fixture.Password+"\n", "user", "second", "--name", "乙liaison", "--roles", "liaison", "--division", "office")
	witnessed(t, "desk.mjs", "DESK", map[string]any{
		"site": run.site, "password": fixture.Password, "first": "liaison", "second": "second", "signer": "leader_in_charge",
		"contested": "/cases/" + workflows.CaseID(fixture.Registration("0007", today).RegisterKey), "tasks": tasks, "out": pictures(t, "desk"),
	})
}
