package supervision

import (
	"context"
	"fmt"
	"strconv"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// Tried is how often last year's forecasts of the runway held, in words.
type Tried struct{ Says, Formula string }

// forecasts are those of a year's working days, and of how many at most as many were missing in the end as was said.
type forecasts struct{ days, likely, sure int }

// tried says how often last year's forecasts held; nil if there were none, or they are still being made.
func (s *Room) tried(ctx context.Context, w *locale.Words, who *store.Person) (*Tried, error) {
	today, days := calendar.DateOf(s.Now()), s.Days(ctx)
	var divisions []proposal.DivisionID // nil: all
	if !seesWhole(who) {
		divisions = append([]proposal.DivisionID{}, who.AnswersFor()...)
	}
	year := today.Year - 1
	kept, _ := s.forecasts.LoadOrStore(fmt.Sprint(seesWhole(who), divisions), &daily[forecasts]{})
	f, _, err := kept.(*daily[forecasts]).read(ctx, today, pagePatience, func(ctx context.Context) (forecasts, bool, error) {
		owed, err := s.store.OwedSince(ctx, divisions, calendar.NewDate(year-1, 1, 1))
		f := tryYear(owed, days, year)
		return f, f.days > 0, err
	})
	if err != nil || f.days == 0 {
		return nil, err
	}
	said := strconv.Itoa(year)
	return &Tried{
		Says:    w.T("runway.tried", "Year", said, "N", f.days, "Sure", f.sure, "Likely", f.likely),
		Formula: w.T("runway.tried_how", "Year", said, "Days", paceDays, "Enough", enough),
	}, nil
}

// tryYear makes the forecast of each working day of a year, from what the record knew in the evening, and looks at what came of it: how many of those that
// were missing were still owed and not replied to at the end of the day on which most fell due.
func tryYear(owed []store.Owed, days *calendar.Calendar, year int) (f forecasts) {
	for day := calendar.NewDate(year, 1, 1); day.Year == year; day = day.AddDays(1) {
		if !days.IsWorkday(day) {
			continue
		}
		counts := owedOn(owed, day)
		peak := answers(counts).busiest(day)
		if peak.IsZero() || peak.Year > year {
			continue
		}
		o := outlookOf(counts, days, day, peak)
		if sum(o.past) < enough {
			continue
		}
		likely, sure := o.foresee()
		missing := 0
		for _, c := range owed {
			before, then := c.By(day), c.By(peak)
			if !before.IsZero() && !before.Before(o.period.From) && !before.After(peak) && !c.RepliedBy(day) && // it was missing
				!then.IsZero() && !then.After(peak) && !c.RepliedBy(peak) {
				missing += c.N
			}
		}
		f.days++
		if missing <= o.missing-likely {
			f.likely++
		}
		if missing <= o.missing-sure {
			f.sure++
		}
	}
	return f
}

// owedOn is what the record knew at the end of a day.
func owedOn(owed []store.Owed, day calendar.Date) (counts []store.AnswerDays) {
	seen := map[store.AnswerDays]int{}
	for _, c := range owed {
		if due := c.By(day); !due.IsZero() {
			d := store.AnswerDays{Due: due}
			if c.RepliedBy(day) {
				d.On = c.On
			}
			seen[d] += c.N
		}
	}
	for d, n := range seen {
		d.N = n
		counts = append(counts, d)
	}
	return counts
}
