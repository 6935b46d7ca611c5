package desk

import (
	"context"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// TaskGroup is the rows that fall due together. Key is overdue, today, week, later, or empty for a list in another order.
type TaskGroup struct {
	Key  string
	N    int // in the whole list, whatever page is shown
	Note string
	Rows []casefile.TaskRow
}

// groupTasks cuts a list by when things are due.
func (s *Room) groupTasks(ctx context.Context, w *locale.Words, cases []store.CaseRow, rows []casefile.TaskRow, sum store.TaskSummary) []TaskGroup {
	today := calendar.DateOf(s.Now())
	sunday := today.AddDays((7 - int(today.Weekday())) % 7)
	sizes := map[string]int{"overdue": sum.Overdue, "today": sum.Today, "week": sum.Week}
	sizes["later"] = sum.Total - sum.Overdue - sum.Today - sum.Week
	var groups []TaskGroup
	for i, c := range cases {
		key := casefile.DueGroup(c.RowDue, today, sunday)
		if len(groups) == 0 || groups[len(groups)-1].Key != key {
			groups = append(groups, TaskGroup{Key: key, N: sizes[key]})
		}
		last := &groups[len(groups)-1]
		last.Rows = append(last.Rows, rows[i])
	}
	cal := s.Days(ctx)
	for i := range groups {
		switch g := &groups[i]; g.Key {
		case "overdue":
			g.Note = w.T("group.overdue_note")
		case "today":
			g.Note = w.Date(today)
		case "week":
			g.Note = weekNote(w, cal, today, sunday)
		case "later":
			g.Note = holidayNote(w, cal, sunday.AddDays(1), lastDue(cases))
		}
	}
	return groups
}

func lastDue(cases []store.CaseRow) (last calendar.Date) {
	for _, c := range cases {
		if c.RowDue.After(last) {
			last = c.RowDue
		}
	}
	return last
}

// weekNote says how far the week goes, whether its Sunday is worked, and what shortens it.
func weekNote(w *locale.Words, cal *calendar.Calendar, today, sunday calendar.Date) string {
	note := w.T("group.week_note", "Date", w.Date(sunday))
	if cal.Day(sunday).Kind == calendar.MakeUpWorkday {
		note = w.T("group.week_note_worked", "Date", w.Date(sunday))
	}
	if holiday := holidayNote(w, cal, today, sunday); holiday != "" {
		note = w.T("group.notes", "One", note, "Other", holiday)
	}
	return note
}

// noteAhead is how far ahead a group looks for a holiday, in days: further ahead nobody plans by it.
const noteAhead = 45

// holidayNote names the first public holiday between two days, and when it is; "" if there is none.
func holidayNote(w *locale.Words, cal *calendar.Calendar, from, to calendar.Date) string {
	if horizon := from.AddDays(noteAhead); to.After(horizon) {
		to = horizon
	}
	for d := from; !d.After(to); d = d.AddDays(1) {
		first := cal.Day(d)
		if first.Kind != calendar.Holiday || !w.Has("holiday."+first.Holiday) {
			continue
		}
		end := d
		for next := cal.Day(end.AddDays(1)); next.Kind == calendar.Holiday && next.Holiday == first.Holiday; next = cal.Day(end.AddDays(1)) {
			end = end.AddDays(1)
		}
		if end == d {
			return w.T("group.holiday", "Name", w.T("holiday."+first.Holiday), "Date", w.Day(d))
		}
		return w.T("group.holidays", "Name", w.T("holiday."+first.Holiday), "From", w.Day(d), "To", w.Day(end))
	}
	return ""
}
