package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/banli/banli/activities"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/ledger"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/rulepack"
	"github.com/banli/banli/internal/testkit/fixture"
	"github.com/banli/banli/workflows"
)

// A case of November 2098 falls due in February 2099, of which no notice is known.
var lateIn2098 = calendar.NewDate(2098, time.November, 24)

// notice is a year's. In 2099 the whole week of the due day is a holiday, and the Saturday after it a working day.
func notice(year int) calendar.Year {
	day := func(month time.Month, day int) calendar.Date { return calendar.NewDate(year, month, day) }
	return calendar.Year{
		Year: year, Sources: []calendar.Source{{Title: fmt.Sprintf("国务院办公厅关于%d年部分节假日安排的通知", year), Number: fmt.Sprintf("国办发明电〔%d〕1号", year-1)}},
		Holidays: []calendar.HolidayPeriod{
			{Key: "new_year", Name: "元旦", First: day(1, 1), Last: day(1, 1)},
			{Key: "spring_festival", Name: "春节", First: day(2, 21), Last: day(2, 27), Worked: []calendar.Date{day(2, 28)}},
			{Key: "labour", Name: "劳动节", First: day(5, 1), Last: day(5, 1)},
			{Key: "national", Name: "国庆节", First: day(10, 1), Last: day(10, 3)},
		},
	}
}

// TestCalendarTellsWhatMoved loads a year and looks at the report as somebody who sees the case, and as somebody who does not.
func TestCalendarTellsWhatMoved(t *testing.T) {
	s := newSite(t)
	admin, liaison := s.as(t, proposal.Admin), s.as(t, proposal.Liaison)
	p := admin.get("/calendar")
	p.says(t, http.StatusOK, "随程序带来", "国办发明电〔2019〕16号", "2010")
	if strings.Contains(p.text(), "变了的期限") {
		t.Error("there is a report although nothing was loaded")
	}

	cases := &activities.Cases{
		Ledger: s.Store, Calendar: calendar.National, Packs: rulepack.BuiltIn(),
		Now: func() time.Time { return lateIn2098.Start().Add(10 * time.Hour) },
	}
	r := fixture.Registration("0961", lateIn2098)
	id, a := workflows.CaseID(r.RegisterKey), s.bureau.Register(r)
	if err := s.Store.SaveAction(t.Context(), id, a); err != nil {
		t.Fatal(err)
	}
	if outcome, err := cases.Record(t.Context(), ledger.Command{CaseID: id, ActionID: a.ID, Kind: a.Kind}); err != nil || outcome.Refusal != nil {
		t.Fatalf("%v, %v", err, outcome.Refusal)
	}
	load := func(year int) {
		t.Helper()
		if err := s.Store.SaveCalendarYears(t.Context(), "韩雪", notice(year)); err != nil {
			t.Fatal(err)
		}
	}
	load(2100)
	liaison.get("/calendar").says(t, http.StatusOK, "国办发明电〔2099〕1号", "韩雪装入", "2099", "还没有通知", "没有期限因此变动")

	// The program hears of the year and counts again by itself.
	load(2099)
	p = liaison.get("/calendar")
	for begun := time.Now(); !strings.Contains(p.text(), "第0961号") && time.Since(begun) < patience; p = liaison.get("/calendar") {
		time.Sleep(50 * time.Millisecond)
	}
	p.says(t, http.StatusOK, "第0961号", "法定期限从2099年2月24日", "变为2099年2月28日", "/cases/"+id)
	p = admin.get("/calendar")
	p.says(t, http.StatusOK, "处期限变了，那些件不归你看")
	if strings.Contains(p.body, id) {
		t.Error("the administrator is told of the case")
	}
}
