package supervision

import (
	"context"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// Figures counts what those who supervise are told, on the overview and in their digests.
type Figures struct {
	Store FigureStore
	Days  func(context.Context) *calendar.Calendar
	Now   func() time.Time
}

// FigureStore is what is read of the record for it.
type FigureStore interface {
	AnswerDays(ctx context.Context, person proposal.PersonID, f store.TaskFilter, r store.Rate, p store.Period) ([]store.AnswerDays, error)
	CountCases(ctx context.Context, person proposal.PersonID, filters []store.TaskFilter) (counts []int, cases int, err error)
	CountTasks(ctx context.Context, person proposal.PersonID, filters []store.TaskFilter) ([]int, error)
	Tasks(ctx context.Context, person proposal.PersonID, f store.TaskFilter) (store.Page[store.CaseRow], error)
}

// briefCases are the cases named of those that fell late; the list has the others.
const briefCases = 3

// Brief puts a digest into words. Its figures are those of the overview, and each opens the same list. Of a case that is to be kept secret it has
// the number alone, since it is mailed.
func (s *Figures) Brief(ctx context.Context, w *locale.Words, who *store.Person, of store.Brief) (b casefile.Brief, err error) {
	all := openFor(who)
	overdue, near := all, all
	overdue.Within, near.DueBy = store.Overdue, s.Days(ctx).AddWorkdays(of.Day, store.NearDays).End
	changes, decisions := changesOf(all, of.Since), decisionsOf(all)
	lists := append([]store.TaskFilter{overdue, near}, changes...)
	counts, err := s.Store.CountTasks(ctx, who.ID, lists)
	if err != nil {
		return b, err
	}
	decided, toDo, err := s.Store.CountCases(ctx, who.ID, decisions)
	if err != nil {
		return b, err
	}
	late := counts[0]
	b.Empty = !of.Weekly && sum(counts)+toDo == 0
	title := "brief.title.daily"
	if of.Weekly {
		title = "brief.title.weekly"
		week, err := s.briefWeek(ctx, w, who, of.Day)
		if err != nil {
			return b, err
		}
		b.Parts = append(b.Parts, week)
	}
	b.Title = w.T(title, "Date", w.Day(of.Day))
	b.Subject = w.T("brief.subject", "Title", b.Title, "Late", late, "N", toDo)

	line := func(words string, at int) casefile.BriefLine {
		return briefFigure(w, words, counts[at], lists[at])
	}
	happened := casefile.BriefPart{Title: w.T("overview.since", "When", w.Moment(of.Since))}
	for i, f := range changes {
		if counts[2+i] > 0 {
			happened.Lines = append(happened.Lines, line(w.T("only."+string(f.Only)), 2+i))
		}
		if f.Only == store.OnlyFellLate && counts[2+i] > 0 {
			cases, err := s.briefLate(ctx, w, who, f)
			if err != nil {
				return b, err
			}
			happened.Lines = append(happened.Lines, cases...)
		}
	}
	if happened.Lines == nil {
		happened.Says = []string{w.T("brief.nothing")}
	}
	ahead, err := s.briefAhead(ctx, w, who, all)
	if err != nil {
		return b, err
	}
	ahead.Lines = []casefile.BriefLine{line(w.T("brief.overdue"), 0), line(w.T("brief.near", "N", store.NearDays), 1)}
	ahead.Lines[0].Late = late > 0
	decide := casefile.BriefPart{Title: w.T("brief.decide", "N", toDo, "Items", sum(decided))}
	for i, f := range decisions {
		if decided[i] > 0 {
			decide.Lines = append(decide.Lines, briefFigure(w, w.T("only."+string(f.Only)), decided[i], f))
		}
	}
	if toDo == 0 {
		decide.Says = []string{w.T("decide.none")}
	}
	b.Parts = append(b.Parts, happened, ahead, decide)
	return b, nil
}

// briefWeek counts what the week before the day brought, from Monday to Sunday, beside the week before that.
func (s *Figures) briefWeek(ctx context.Context, w *locale.Words, who *store.Person, day calendar.Date) (part casefile.BriefPart, err error) {
	monday := day.AddDays(-(int(day.Weekday()) + 6) % 7)
	part.Title = w.T("brief.week", "From", w.Day(monday.AddDays(-7)), "To", w.Day(monday.AddDays(-1)))
	var lists []store.TaskFilter
	for _, only := range []store.Only{store.OnlyCame, store.OnlyReplied, store.OnlyRated} {
		for _, from := range []calendar.Date{monday.AddDays(-7), monday.AddDays(-14)} {
			f := openFor(who)
			f.Box, f.Only, f.Since, f.Until = store.Every, only, from.Start(), from.AddDays(7).Start()
			lists = append(lists, f)
		}
	}
	counts, err := s.Store.CountTasks(ctx, who.ID, lists)
	if err != nil {
		return part, err
	}
	for i := 0; i < len(lists); i += 2 {
		line := briefFigure(w, w.T("only."+string(lists[i].Only)), counts[i], lists[i])
		line.Note = w.T("brief.before", "N", counts[i+1])
		part.Lines = append(part.Lines, line)
	}
	if past, over := monthOver(s.Days(ctx), monday); over {
		words := w.T("brief.last_month")
		if past.wholeYear() {
			words = w.T("brief.last_year")
		}
		part.Lines = append(part.Lines, casefile.BriefLine{Words: words, Path: casefile.WithQuery("/statistics", past.query())})
	}
	return part, nil
}

// briefFigure is how long a list is, in words.
func briefFigure(w *locale.Words, words string, n int, list store.TaskFilter) casefile.BriefLine {
	return casefile.BriefLine{Words: words, N: w.T("board.n", "N", n), Count: n, List: list, Path: casefile.ListPath(list)}
}

// monthOver is the month of which a weekly digest tells that its statistics and report can be read: the one before, if the week is the first with working
// days that begins in its month. In January it is the whole year before. monday is the week's first day.
func monthOver(days *calendar.Calendar, monday calendar.Date) (past statistics, over bool) {
	last := days.AddWorkdays(monday, -1).End // of the week of the digest before this one
	first := calendar.NewDate(monday.Year, monday.Month, 1)
	if !last.AddDays(-(int(last.Weekday()) + 6) % 7).Before(first) {
		return past, false
	}
	past = statistics{Period: store.Period{From: first.AddDays(-1), To: first.AddDays(-1)}, by: store.ByDivision, one: store.Rates[0]}
	if past.From.Day = 1; monday.Month == 1 {
		past.From.Month = 1
	}
	return past, true
}

// briefLate are the first of the cases that fell late.
func (s *Figures) briefLate(ctx context.Context, w *locale.Words, who *store.Person, f store.TaskFilter) (lines []casefile.BriefLine, err error) {
	f.Sort, f.Limit = store.ByDue, briefCases
	page, err := s.Store.Tasks(ctx, who.ID, f)
	for _, c := range page.Items {
		line := casefile.BriefLine{Words: w.Number(c.Key), Path: "/cases/" + c.CaseID, Case: true, Late: true}
		if !c.Secrecy {
			line.Words = w.T("mail.case", "Number", line.Words, "Subject", c.Subject)
		}
		if due := w.DueOn(c.DueClock, c.Due, s.Days(ctx), calendar.DateOf(s.Now())); due != nil {
			line.Note = due.Words
		}
		lines = append(lines, line)
	}
	return lines, err
}

// briefAhead says what will be late: whether all is replied to by the day on which most falls due, and where the way is narrowest.
func (s *Figures) briefAhead(ctx context.Context, w *locale.Words, who *store.Person, all store.TaskFilter) (part casefile.BriefPart, err error) {
	part.Title = w.T("brief.ahead")
	r, err := s.runway(ctx, w, who, all)
	if err != nil {
		return part, err
	}
	if r != nil {
		part.Says = append(part.Says, w.T("brief.runway", "Date", r.Date, "N", r.Left, "All", r.All.N, "Sent", r.Sent.N, "Missing", r.Missing.N, "Need", r.Need), r.Forecast)
	}
	gates, err := s.gates(ctx, w, r, who, all)
	part.Says = append(part.Says, gates.Narrow)
	return part, err
}
