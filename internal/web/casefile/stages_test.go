package casefile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

func TestStageLine(t *testing.T) {
	w := chineseWords(t)
	s := proposal.State{Stage: proposal.Drafting, ReturnedFrom: proposal.OfficeReview}
	marks := StageLine(w, s, []Passage{
		{From: proposal.Unregistered, Who: "韩雪", At: monday.AddDate(0, 0, -77)},
		{From: proposal.Registered, Who: "韩雪", At: monday.AddDate(0, 0, -76)},
		{From: proposal.Accepting, Who: "李伟", At: monday.AddDate(0, 0, -75), On: calendar.NewDate(2020, 2, 5)},
		{From: proposal.Consulting, Who: "张琼", At: monday.AddDate(0, 0, -4)},
		{From: proposal.Drafting, Who: "张琼", At: monday.AddDate(0, 0, -2)},
	}, func(proposal.Step) string { return "谁" })
	want := []StageMark{
		{Step: proposal.StepRegistration, State: "done", Who: "韩雪", When: "2月3日"},
		{Step: proposal.StepAssignment, State: "done", Who: "李伟", When: "2月5日"},
		{Step: proposal.StepConsultation, State: "done", Who: "张琼", When: "4月16日"},
		{Step: proposal.StepCoHandling, State: "done"},
		{Step: proposal.StepDrafting, State: "now", Who: "谁", Returned: true},
	}
	if diff := cmp.Diff(want, marks[:5]); diff != "" {
		t.Error(diff)
	}
}

// A case that was withdrawn during the consultation finished two stations; the others it never came through.
func TestStageLineOfAWithdrawnCase(t *testing.T) {
	marks := StageLine(chineseWords(t), proposal.State{Stage: proposal.Withdrawn}, []Passage{
		{From: proposal.Unregistered, Who: "韩雪", At: monday.AddDate(0, 0, -77)},
		{From: proposal.Accepting, Who: "李伟", At: monday.AddDate(0, 0, -75)},
	}, func(proposal.Step) string { return "谁" })
	for i, m := range marks {
		want := StageMark{Step: m.Step, State: "skipped"}
		switch m.Step {
		case proposal.StepRegistration:
			want.State, want.Who, want.When = "done", "韩雪", "2月3日"
		case proposal.StepAssignment:
			want.State, want.Who, want.When = "done", "李伟", "2月5日"
		}
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("station %d: %s", i+1, diff)
		}
	}
	if got := LastStation(marks); got != 2 {
		t.Errorf("it stands at station %d", got)
	}
}
