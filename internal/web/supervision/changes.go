package supervision

import (
	"net/http"
	"time"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// changed is what whoever supervises is told of since they last looked, what calls for them first.
var changed = []store.Only{store.OnlyFellLate, store.OnlyRatedBad, store.OnlySentBack, store.OnlyCame, store.OnlyReplied}

// changesOf are the lists of each since a moment, to the second, as addresses say it.
func changesOf(all store.TaskFilter, since time.Time) (filters []store.TaskFilter) {
	for _, only := range changed {
		f := all
		f.Box, f.Only, f.Since = store.Every, only, since.Truncate(time.Second)
		filters = append(filters, f)
	}
	return filters
}

// changes counts what happened since the viewer last looked, each with the list that it counts, and what waits on their own desk. A page that refreshes itself
// is nobody's look.
func (s *Room) changes(r *http.Request, w *locale.Words, p *overviewPage, who *store.Person, all store.TaskFilter) error {
	look := s.store.Look
	if kit.Refreshes(r) {
		look = s.store.LookedBefore
	}
	since, err := look(r.Context(), who.ID)
	if kit.TakesNothing(err) {
		since, err = s.store.LookedBefore(r.Context(), who.ID)
	}
	if err != nil {
		return err
	}
	if since.IsZero() { // who looks for the first time is told of the last working day
		days, today := s.Days(r.Context()), calendar.DateOf(s.Now())
		since = days.AddWorkdays(today, -1).End.Start()
	}
	p.Since = w.Moment(since)
	filters := []store.TaskFilter{{Box: store.Todo}}
	filters = append(filters, changesOf(all, since)...)
	counts, err := s.store.CountTasks(r.Context(), who.ID, filters)
	if err != nil {
		return err
	}
	for i, f := range filters {
		p.Changes = append(p.Changes, HomeList{w.T("only." + string(f.Only)), ListCount{counts[i], casefile.ListPath(f)}})
	}
	p.Mine, p.Changes = p.Changes[0].ListCount, p.Changes[1:]
	return nil
}
