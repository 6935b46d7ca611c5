package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/banli/banli/internal/calendar"
)

// lunarGoWrong lists the days on which lunar-go 1.4.6 differs from the State Council's notice about
// whether people work. The notice of 2013 (国办发明电〔2012〕33号) says of 清明节 "4月7日（星期日）上班" and of
// 国庆节 "9月29日（星期日）、10月12日（星期六）上班"; lunar-go leaves out both days.
var lunarGoWrong = map[string]bool{"2013-04-07": true, "2013-10-12": true}

// TestNationalAgainstLunarGo compares every day of the built-in files with a table that other people
// keep, the days changed after the yearly notice among them: 3 to 6 September 2015, Labour Day 2019,
// and the Spring Festival of 2020, prolonged to 2 February, which took back the working Saturday of
// 1 February. npm's chinese-days 1.5.7, compared by hand, agrees with the files on all 6,209 days.
func TestNationalAgainstLunarGo(t *testing.T) {
	keys := map[string]string{
		"元旦节": "new_year", "春节": "spring_festival", "清明节": "qingming", "劳动节": "labour", "端午节": "dragon_boat",
		"中秋节": "mid_autumn", "国庆节": "national", "国庆中秋": "national_mid_autumn", "抗战胜利日": "victory_day",
	}
	c := calendar.National()
	for d := date(t, "2010-01-01"); d.Year <= 2026; d = d.AddDays(1) {
		day := c.Day(d)
		worked := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		h := HolidayUtil.GetHoliday(d.String())
		if h != nil {
			worked = h.IsWork()
		}
		if (day.Worked() != worked) != lunarGoWrong[d.String()] {
			t.Errorf("%s is %s, lunar-go has worked=%v", d, day.Kind, worked)
		}
		// lunar-go splits 国庆节、中秋节 into its two holidays, the notice does not.
		if h != nil && day.Kind == calendar.Holiday && !strings.Contains(day.Holiday, keys[h.GetName()]) {
			t.Errorf("%s belongs to %s, lunar-go has %s", d, day.Holiday, h.GetName())
		}
	}
}

func TestDay(t *testing.T) {
	c := calendar.National()
	for _, want := range []calendar.Day{
		{Date: date(t, "2020-04-22"), Kind: calendar.Workday},
		{Date: date(t, "2020-04-25"), Kind: calendar.Weekend},
		{Date: date(t, "2020-04-26"), Kind: calendar.MakeUpWorkday, Holiday: "labour"},
		{Date: date(t, "2020-05-03"), Kind: calendar.Holiday, Holiday: "labour"},
		{Date: date(t, "2020-02-01"), Kind: calendar.Holiday, Holiday: "spring_festival"},
		{Date: date(t, "2015-09-04"), Kind: calendar.Holiday, Holiday: "victory_day"},
		{Date: date(t, "2018-12-29"), Kind: calendar.MakeUpWorkday, Holiday: "new_year"}, // by 2019's notice
		{Date: date(t, "2018-12-31"), Kind: calendar.Holiday, Holiday: "new_year"},
		{Date: date(t, "2026-10-10"), Kind: calendar.MakeUpWorkday, Holiday: "national"},
		{Date: date(t, "2009-10-01"), Kind: calendar.Workday, Provisional: true}, // no file
		{Date: date(t, "2099-10-03"), Kind: calendar.Weekend, Provisional: true},
	} {
		if got := c.Day(want.Date); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if c.IsWorkday(want.Date) != want.Worked() {
			t.Errorf("IsWorkday(%s) = %v", want.Date, !want.Worked())
		}
	}
}

// twoYears gives the calendar of 2019 and 2020, and the file of 2021 still to come.
func twoYears(t testing.TB) (c *calendar.Calendar, y2021 calendar.Year) {
	t.Helper()
	var years []calendar.Year
	for _, n := range []int{2019, 2020, 2021} {
		y, ok := calendar.National().Year(n)
		if !ok {
			t.Fatalf("no file for %d", n)
		}
		years = append(years, y)
	}
	c, err := calendar.New(years[:2]...)
	if err != nil {
		t.Fatal(err)
	}
	return c, years[2]
}

func TestLastWeekOfDecemberWaitsForTheNextNotice(t *testing.T) {
	c, y2021 := twoYears(t)
	for day, want := range map[string]bool{"2020-12-24": false, "2020-12-25": true, "2020-12-31": true, "2019-12-31": false, "2021-01-04": true} {
		if got := c.Day(date(t, day)).Provisional; got != want {
			t.Errorf("%s provisional: %v, want %v", day, got, want)
		}
	}
	c, err := c.With(y2021)
	if err != nil {
		t.Fatal(err)
	}
	if c.Day(date(t, "2020-12-31")).Provisional || c.Day(date(t, "2021-01-04")).Provisional {
		t.Error("still provisional with 2021's file loaded")
	}
}

func TestWithReplacesAYear(t *testing.T) {
	national := calendar.National()
	y, _ := national.Year(2020)
	y.Holidays = append([]calendar.HolidayPeriod(nil), y.Holidays...)
	y.Holidays[1].Last = date(t, "2020-01-30") // as first announced
	y.Holidays[1].Worked = []calendar.Date{date(t, "2020-01-19"), date(t, "2020-02-01")}
	c, err := national.With(y)
	if err != nil {
		t.Fatal(err)
	}
	feb1 := date(t, "2020-02-01")
	if !c.IsWorkday(feb1) || national.IsWorkday(feb1) {
		t.Errorf("1 February 2020 worked: %v in the new calendar, %v in the old; want true, false", c.IsWorkday(feb1), national.IsWorkday(feb1))
	}
	if !c.Published(2019) || !c.Published(2021) {
		t.Error("a neighbouring year got lost")
	}
}

func TestChanges(t *testing.T) {
	c, y2021 := twoYears(t)
	if changes := c.Changes(c); len(changes) > 0 {
		t.Errorf("a calendar differs from itself: %v", changes)
	}
	next, err := c.With(y2021)
	if err != nil {
		t.Fatal(err)
	}
	changes := c.Changes(next)
	kinds := map[string]calendar.Change{}
	for i, change := range changes {
		kinds[change.After.Date.String()] = change
		if change.Before.Date != change.After.Date || i > 0 && !change.Before.Date.After(changes[i-1].Before.Date) {
			t.Errorf("%v after %v", change, changes[max(0, i-1)])
		}
	}
	// The year, and the last week of December; its own last week waits for the next notice, but its weekdays are known.
	if first, last := changes[0].After.Date, changes[len(changes)-1].After.Date; first != date(t, "2020-12-25") || last != date(t, "2021-12-24") {
		t.Errorf("changes from %s to %s", first, last)
	}
	for day, want := range map[string]calendar.Change{
		"2021-02-07": {Before: calendar.Day{Kind: calendar.Weekend, Provisional: true}, After: calendar.Day{Kind: calendar.MakeUpWorkday, Holiday: "spring_festival"}},
		"2021-02-11": {Before: calendar.Day{Kind: calendar.Workday, Provisional: true}, After: calendar.Day{Kind: calendar.Holiday, Holiday: "spring_festival"}},
		"2020-12-28": {Before: calendar.Day{Kind: calendar.Workday, Provisional: true}, After: calendar.Day{Kind: calendar.Workday}},
	} {
		want.Before.Date, want.After.Date = date(t, day), date(t, day)
		if kinds[day] != want {
			t.Errorf("%s: got %+v, want %+v", day, kinds[day], want)
		}
	}
	if back := next.Changes(c); len(back) != len(changes) {
		t.Errorf("%d changes there, %d back", len(changes), len(back))
	}
}

func TestNewRefuses(t *testing.T) {
	y2019, _ := calendar.National().Year(2019)
	y2018, _ := calendar.National().Year(2018)
	y2018.Holidays = append([]calendar.HolidayPeriod{{
		Key: "extra", Name: "x", First: date(t, "2018-12-31"), Last: date(t, "2018-12-31"),
	}}, y2018.Holidays...)
	for name, years := range map[string][]calendar.Year{
		"two files for 2019":                                    {y2019, y2019},
		"2018-12-31 is in the file of":                          {y2018, y2019},
		"calendar: year 0: not a year of the People's Republic": {{}},
	} {
		if _, err := calendar.New(years...); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one with %q", err, name)
		}
	}
}

func TestZeroCalendarKnowsWeekends(t *testing.T) {
	var c calendar.Calendar
	if s := c.AddWorkdays(date(t, "2020-09-30"), 1); s.End != date(t, "2020-10-01") || !s.Provisional {
		t.Errorf("got %+v", s)
	}
}

// What is only supposed of a day counts in every limit, and the calendar that it was supposed of stays as it was.
func TestSupposing(t *testing.T) {
	c := calendar.National()
	monday, saturday, holiday := date(t, "2026-03-02"), date(t, "2026-03-07"), date(t, "2026-05-01")
	supposed := c.Supposing([]calendar.Date{monday}, []calendar.Date{saturday, holiday})
	for _, d := range []calendar.Date{monday, saturday, holiday} {
		if supposed.IsWorkday(d) == c.IsWorkday(d) {
			t.Errorf("%s is as before", d)
		}
	}
	if got := supposed.AddWorkdays(date(t, "2026-02-28"), 5).End; got != saturday {
		t.Errorf("five working days without that Monday and with that Saturday end on %s", got)
	}
	if c.IsWorkday(saturday) || !c.IsWorkday(monday) {
		t.Error("the calendar itself has changed")
	}
}
