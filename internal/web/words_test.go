package web

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// The Monday of the pictures: all their counts were checked against the calendar of 2020.
var monday = time.Date(2020, 4, 20, 2, 31, 0, 0, time.UTC)

func chineseWords(t *testing.T) *words {
	t.Helper()
	locales, err := loadLocales(func() time.Time { return monday })
	if err != nil {
		t.Fatal(err)
	}
	return locales[chinese]
}

func TestDueWords(t *testing.T) {
	w, cal, today := chineseWords(t), calendar.National(), calendar.DateOf(monday)
	for _, c := range []struct{ day, tone, words, date string }{
		{"2020-04-16", "overdue", "逾期2个工作日", "4月16日 周四"},
		{"2020-04-20", "today", "今天到期", "4月20日 周一"},
		{"2020-04-22", "near", "剩2个工作日", "4月22日 周三"},
		{"2020-04-24", "far", "剩4个工作日", "4月24日 周五"},
		{"2020-04-26", "far", "剩5个工作日", "4月26日 周日上班"},
		{"2020-05-06", "far", "剩10个工作日", "5月6日 周三"},
		{"2020-05-09", "far", "剩13个工作日", "5月9日 周六上班"},
	} {
		day, _ := calendar.ParseDate(c.day)
		got := dueOn(w, proposal.InternalClock, day, cal, today)
		want := &Due{Tone: c.tone, Words: c.words, Clock: proposal.InternalClock, Date: c.date}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", c.day, diff)
		}
	}
	saturday := calendar.NewDate(2020, 5, 2)
	if got := dueOn(w, proposal.ReplyClock, saturday.AddDays(1), cal, saturday); got.Words != "只剩休息日" {
		t.Errorf("due in the holiday: %q", got.Words)
	}
	if got := dueOn(w, proposal.ReplyClock, calendar.NewDate(2020, 4, 30), cal, saturday); got.Words != "已逾期" {
		t.Errorf("late by days off only: %q", got.Words)
	}
	met := &proposal.Clock{Kind: proposal.ReplyClock, Span: cal.On(today), Met: today.AddDays(2)}
	if got := due(w, met, cal, today); got.Words != "逾期2个工作日办结" {
		t.Errorf("met late: %q", got.Words)
	}
}

// The popover of the picture case-draft.
func TestExplanation(t *testing.T) {
	w, cal := chineseWords(t), calendar.National()
	clock := &proposal.Clock{Kind: proposal.ReplyClock, Rule: "reply", Span: cal.AddMonths(calendar.NewDate(2020, 2, 3), 3)}
	got := explain(w, clock, proposal.Packs()["shenyang-1"], cal, calendar.DateOf(monday))
	want := []ExplainLine{
		{"rule", "自交办之日起三个月内答复"},
		{"source", "《代表法》（2015年修正）第四十二条"},
		{"start", "2月3日 周一，当日不计入"},
		{"nominal", "5月3日 周日，在劳动节假期内"},
		{"shift", "跳过3个休息日，到5月6日 周三"},
		{"left", "剩10个工作日，今天不计"},
	}
	if diff := cmp.Diff(want, got.Lines); diff != "" {
		t.Error(diff)
	}
	if len(got.Days) != 17 || got.Days[6].Count != 5 || got.Days[5].Kind != "off" || got.Days[16].Kind != "due-day" || got.Days[16].Count != 10 {
		t.Errorf("strip: %+v", got.Days)
	}
}

func TestStageLine(t *testing.T) {
	w := chineseWords(t)
	s := proposal.State{Stage: proposal.Drafting, ReturnedFrom: proposal.OfficeReview}
	marks := stageLine(w, s, []passage{
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
	marks := stageLine(chineseWords(t), proposal.State{Stage: proposal.Withdrawn}, []passage{
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
	if got := lastStation(marks); got != 2 {
		t.Errorf("it stands at station %d", got)
	}
}

func TestDecodeForm(t *testing.T) {
	form := url.Values{
		"lead": {" jiceng "}, "co_handling": {"yanglao", "shehui"}, "internal_due": {"2020-04-22"}, "opinion": {"第一行\r\n第二行"},
		"action_id": {"x"}, "base_seq": {"3"}, "on": {""},
	}
	got := &proposal.RoutingOpinion{}
	if wrong := decodeForm(form, got); len(wrong) > 0 {
		t.Error(wrong)
	}
	want := &proposal.RoutingOpinion{
		Lead: "jiceng", CoHandling: []proposal.DivisionID{"yanglao", "shehui"}, InternalDue: calendar.NewDate(2020, 4, 22), Opinion: "第一行\n第二行",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	wrong := decodeForm(url.Values{"at": {"yesterday"}, "colour": {"red"}, "mode": {"phone"}}, &proposal.Consultation{})
	want2 := []proposal.FieldError{{Field: "at", Code: proposal.FieldMalformed}, {Field: "colour", Code: proposal.UnknownField}}
	if diff := cmp.Diff(want2, wrong); diff != "" {
		t.Error(diff)
	}
	r := &proposal.Registration{}
	decodeForm(url.Values{"number": {"0392"}, "term": {"16"}, "late": {"1"}, "points": {"一\n\n 二 \n"}}, r)
	if r.Number != "0392" || r.Term != 16 || !r.Late || len(r.Points) != 2 || r.Points[1] != "二" {
		t.Errorf("%+v", r)
	}
}

// Links follow their paragraphs when the text around them changes.
func TestDraftLinksFollowTheText(t *testing.T) {
	base := proposal.Draft{Version: 1, Body: "开头\n一、甲\n甲的做法\n二、乙"}
	for _, c := range []struct {
		name, body string
		want       []int
	}{
		{"unchanged", base.Body, []int{2, 3}},
		{"a paragraph before", "开头\n新加\n一、甲\n甲的做法\n二、乙", []int{3, 4}},
		{"words changed in place", "开头\n一、甲\n甲的新做法\n二、乙", []int{2, 3}},
		{"one dropped", "开头\n一、甲\n二、乙", []int{2}},
	} {
		got, wrong := draftFromForm(url.Values{"body": {c.body}, "link": {"2.1", "3.1", "99.1", "x"}}, base, 1)
		if diff := cmp.Diff(c.want, got.Answers[0].Sections); diff != "" || len(wrong) > 0 {
			t.Errorf("%s: %s %v", c.name, diff, wrong)
		}
	}
}

func TestLocalPathStaysOnTheSite(t *testing.T) {
	for in, want := range map[string]string{
		"/cases/1?do=refuse": "/cases/1?do=refuse", "": "/", "https://example.org": "/", "//example.org": "/", "/\\example.org": "/", "/a\nb": "/",
	} {
		if got := localPath(in); got != want {
			t.Errorf("localPath(%q) = %q, want %q", in, got, want)
		}
	}
}
