package office

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// calendarPage is what the working days come from, year by year, and what the newest load has moved.
type calendarPage struct {
	kit.Frame
	Years  []CalendarYear // newest first
	Loaded string         // when the newest was loaded; empty if none was
	Moves  []CalendarMoveRow
	Hidden int // moves of cases that are not for this officer's eyes
}

func (*calendarPage) Template() string { return "calendar.html" }

// CalendarYear is one year. One without a notice has no sources.
type CalendarYear struct {
	Year    int
	Sources []calendar.Source
	From    string // built in or loaded, in words
}

// CalendarMoveRow is a deadline that moved.
type CalendarMoveRow struct{ Path, Number, Subject, Words string }

// firstCalendarYear is the first whose notice is built in.
const firstCalendarYear = 2010

// movesShown is more than one load moves: every open case has a handful of deadlines.
const movesShown = 5000

// CalendarShow draws the page.
func (s *Room) CalendarShow(w http.ResponseWriter, r *http.Request) error {
	words := s.Words(r)
	loaded, err := s.store.LoadedYears(r.Context())
	if err != nil {
		return err
	}
	known, err := s.store.Calendar(r.Context())
	if err != nil {
		return err
	}
	p := &calendarPage{
		Frame: kit.Frame{Title: words.T("calendar.title"), Section: "calendar"},
		Years: calendarYears(words, known, loaded, calendar.DateOf(s.Now()).Year+1),
	}
	newest := time.Time{}
	for _, y := range loaded {
		if y.At.After(newest) {
			newest = y.At
		}
	}
	if !newest.IsZero() {
		p.Loaded = words.Moment(newest)
		if err := s.addMoves(r.Context(), p, words, kit.OfficerOf(r), newest); err != nil {
			return err
		}
	}
	return s.Render(w, r, http.StatusOK, p)
}

// calendarYears lists the years up to the last one that is asked for, and further if more are known.
func calendarYears(w *locale.Words, known *calendar.Calendar, loaded []store.LoadedYear, last int) []CalendarYear {
	from := map[int]string{}
	for _, y := range loaded {
		from[y.Year.Year] = w.T("calendar.loaded", "Who", y.By, "When", w.Moment(y.At))
		last = max(last, y.Year.Year)
	}
	var lines []CalendarYear
	for year := last; year >= firstCalendarYear; year-- {
		line := CalendarYear{Year: year}
		if y, ok := known.Year(year); ok {
			line.Sources, line.From = y.Sources, cmp.Or(from[year], w.T("calendar.built_in"))
		}
		lines = append(lines, line)
	}
	return lines
}

// addMoves tells what moved since the load, of the cases that the officer may see.
func (s *Room) addMoves(ctx context.Context, p *calendarPage, w *locale.Words, who *store.Person, since time.Time) error {
	moves, err := s.store.CalendarMoves(ctx, movesShown)
	if err != nil {
		return err
	}
	var cases []string
	for _, m := range moves {
		cases = append(cases, m.CaseID)
	}
	heads, err := s.store.CaseHeads(ctx, cases)
	if err != nil {
		return err
	}
	for _, m := range moves {
		switch {
		case m.At.Before(since):
		case !who.Sees(heads[m.CaseID].State):
			p.Hidden++
		default:
			p.Moves = append(p.Moves, CalendarMoveRow{
				Path: "/cases/" + m.CaseID, Number: w.Number(m.Key), Subject: heads[m.CaseID].Subject,
				Words: w.T("calendar.moved", "Clock", w.T("clock."+string(m.Clock)), "From", w.Date(m.From), "To", w.Date(m.To)),
			})
		}
	}
	return nil
}
