package locale

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
)

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
		got := w.DueOn(proposal.InternalClock, day, cal, today)
		want := &Due{Tone: c.tone, Words: c.words, Clock: proposal.InternalClock, Date: c.date}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", c.day, diff)
		}
	}
	saturday := calendar.NewDate(2020, 5, 2)
	if got := w.DueOn(proposal.ReplyClock, saturday.AddDays(1), cal, saturday); got.Words != "只剩休息日" {
		t.Errorf("due in the holiday: %q", got.Words)
	}
	if got := w.DueOn(proposal.ReplyClock, calendar.NewDate(2020, 4, 30), cal, saturday); got.Words != "已逾期" {
		t.Errorf("late by days off only: %q", got.Words)
	}
	met := &proposal.Clock{Kind: proposal.ReplyClock, Span: cal.On(today), Met: today.AddDays(2)}
	if got := w.Due(met, cal, today); got.Words != "逾期2个工作日办结" {
		t.Errorf("met late: %q", got.Words)
	}
}

// The popover of the picture case-draft.
func TestExplanation(t *testing.T) {
	w, cal := chineseWords(t), calendar.National()
	clock := &proposal.Clock{Kind: proposal.ReplyClock, Rule: "reply", Span: cal.AddMonths(calendar.NewDate(2020, 2, 3), 3)}
	got := w.Explain(clock, rulepack.BuiltIn()["shenyang-1"], cal, calendar.DateOf(monday))
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

func TestDates(t *testing.T) {
	now := time.Date(2020, 4, 20, 2, 31, 0, 0, time.UTC)
	locales, err := Load(func() time.Time { return now }, nil)
	if err != nil {
		t.Fatal(err)
	}
	day := calendar.NewDate(2020, 4, 22)
	for _, c := range []struct{ got, want string }{
		{locales[Chinese].Date(day), "4月22日 周三"},
		{locales[English].Date(day), "Wed 22 Apr"},
		{locales[Chinese].Date(day.AddDays(-400)), "2019年3月19日 周二"},
		{locales[Chinese].FullDay(day), "2020年4月22日"},
		{locales[Chinese].Moment(now), "10:31"},
		{locales[Chinese].Moment(now.Add(-96 * time.Hour)), "4月16日 10:31"},
		{locales[English].Ago(now.Add(-time.Minute)), "1 minute ago"},
		{locales[Chinese].Ago(now.Add(-3 * time.Hour)), "3小时前"},
		{locales[Chinese].Date(calendar.Date{}), ""},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
