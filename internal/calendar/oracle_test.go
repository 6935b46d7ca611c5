package calendar_test

import (
	"slices"
	"testing"
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/banli/banli/internal/calendar"
)

// oracle counts limits anew, without this package: from the list of days that lunar-go has people work (with the notice's
// word on the two days where lunar-go is wrong) and from the words of the Civil Code. Days are text, 2020-04-22, which sorts
// as days do.
type oracle struct{ worked []string } // every working day of 2010 to 2026, in order

func newOracle() oracle {
	var o oracle
	for d := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() <= 2026; d = d.AddDate(0, 0, 1) {
		day := d.Format(time.DateOnly)
		worked := d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
		if h := HolidayUtil.GetHoliday(day); h != nil {
			worked = h.IsWork()
		}
		if worked != lunarGoWrong[day] {
			o.worked = append(o.worked, day)
		}
	}
	return o
}

// workdays is the n-th working day after the start; "" beyond the list.
func (o oracle) workdays(start string, n int) string {
	i, worked := slices.BinarySearch(o.worked, start)
	if worked {
		i++ // 开始的当日不计入
	}
	if i+n-1 >= len(o.worked) {
		return ""
	}
	return o.worked[i+n-1]
}

// months ends on the corresponding day of the last month, or on its last day (民法典 art. 202), and if that is a day off on
// the next working day (art. 203); "" beyond the list.
func (o oracle) months(start time.Time, n int) string {
	month := int(start.Month()) + n
	year := start.Year() + (month-1)/12
	month = (month-1)%12 + 1
	length := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0) {
		length = 29
	}
	return o.notBefore(time.Date(year, time.Month(month), min(start.Day(), length), 0, 0, 0, 0, time.UTC))
}

// notBefore is the first day worked from that day on; "" if the oracle does not reach so far.
func (o oracle) notBefore(day time.Time) string {
	nominal := day.Format(time.DateOnly)
	i, _ := slices.BinarySearch(o.worked, nominal)
	if i == len(o.worked) {
		return ""
	}
	return o.worked[i]
}

// TestLimitsAgainstLunarGo compares the end of a limit that starts on any day of 2010 to 2026. An end is left out only
// where it must be provisional: from 25 December 2026 on, as long as there is no notice for 2027.
func TestLimitsAgainstLunarGo(t *testing.T) {
	o, c := newOracle(), calendar.National()
	compared, provisional := 0, 0
	compare := func(s calendar.Span, want string) {
		switch {
		case s.Provisional:
			provisional++
			if want != "" && want < "2026-12-25" {
				t.Errorf("%d %s from %s: %s is provisional, by lunar-go it is %s", s.N, s.Unit, s.Start, s.End, want)
			}
		case s.End.String() != want:
			t.Errorf("%d %s from %s: %s, by lunar-go %s", s.N, s.Unit, s.Start, s.End, want)
		default:
			compared++
		}
	}
	for d := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() <= 2026; d = d.AddDate(0, 0, 1) {
		start := calendar.NewDate(d.Date())
		for _, n := range []int{1, 5, 15, 20, 30} {
			compare(c.AddWorkdays(start, n), o.workdays(start.String(), n))
		}
		for _, n := range []int{1, 2, 3, 6} {
			compare(c.AddMonths(start, n), o.months(d, n))
		}
		for _, n := range []int{7, 10} {
			compare(c.AddDays(start, n), o.notBefore(d.AddDate(0, 0, n)))
		}
	}
	if compared+provisional != 6209*11 {
		t.Errorf("%d limits compared, %d provisional", compared, provisional)
	}
}
