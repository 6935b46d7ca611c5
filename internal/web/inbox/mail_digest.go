package inbox

import (
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// digestRows is how many cases stand under one heading of a digest.
const digestRows = 10

// digestSheet is a day's digest.
func (l *MailWriter) digestSheet(w *locale.Words, d store.Digest) (subject string, s sheet) {
	s.Heading = w.T("mail.digest", "Date", w.Date(d.Day))
	s.Link = sheetLink{w.T("mail.desk"), l.PublicURL + "/"}
	for _, part := range []struct {
		title string
		rows  []store.CaseRow
	}{
		{"mail.overdue", d.Overdue}, {"mail.today", d.Today}, {"mail.week", d.Week}, {"mail.new", d.New},
	} {
		s.add(w, part.title, len(part.rows), func(i int) sheetRow { return l.taskRow(w, part.rows[i], part.rows[i].Task) })
	}
	s.add(w, "mail.notices", len(d.Notices), func(i int) sheetRow { return l.digestNotice(w, d.Notices[i]) })
	s.add(w, "mail.waiting", len(d.Waiting), func(i int) sheetRow { return l.taskRow(w, d.Waiting[i], d.Waiting[i].Task) })
	return w.T("mail.digest_subject", "Date", w.Date(d.Day), "Today", len(d.Today), "Overdue", len(d.Overdue)), s
}

// add puts a section on the sheet, unless there is nothing in it.
func (s *sheet) add(w *locale.Words, title string, n int, row func(int) sheetRow) {
	if n == 0 {
		return
	}
	section := sheetSection{Title: w.T(title, "N", n)}
	for i := range min(n, digestRows) {
		section.Rows = append(section.Rows, row(i))
	}
	if n > digestRows {
		section.More = w.T("mail.more", "N", n-digestRows)
	}
	s.Sections = append(s.Sections, section)
}

func (l *MailWriter) taskRow(w *locale.Words, c store.CaseRow, t *store.Task) sheetRow {
	row := sheetRow{Words: w.Number(c.Key), URL: l.PublicURL + "/cases/" + c.CaseID}
	if !c.Secrecy {
		row.Words = w.T("mail.case", "Number", row.Words, "Subject", c.Subject)
	}
	on := c.Due
	if t != nil {
		on, row.Note = t.Due, w.T("task."+string(t.Ask))
	}
	if due := w.DueOn(c.DueClock, on, l.Calendar(), calendar.DateOf(l.Now())); due != nil {
		row.Due = due.Words
	}
	return row
}

func (l *MailWriter) digestNotice(w *locale.Words, n store.Notice) sheetRow {
	r := noticeRow(w, n, l.Calendar(), calendar.DateOf(l.Now()))
	row := sheetRow{Words: r.Words, Note: r.Number, URL: l.PublicURL + r.Path}
	switch {
	case n.State.Secrecy:
		row.Words, row.Note = w.T("mail.secret", "Number", r.Number), ""
	case n.CaseID != "":
		row.Note = w.T("mail.case", "Number", r.Number, "Subject", r.Subject)
	}
	return row
}
