package desk

import (
	"net/http"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// EmptyDesk is a list without rows: what is so, what was done, what comes next.
type EmptyDesk struct {
	Title, Text string
	Chips       []TaskChip         // the filters that hide something, each with what stands behind it
	Others      []casefile.TaskRow // what others hold for me
	OthersN     int
}

// othersShown is how many cases in other hands an empty desk tells of.
const othersShown = 5

// emptyDesk says why nothing is listed. A filter is named, and each of its parts can be dropped.
func (s *Room) emptyDesk(r *http.Request, p *tasksPage, f store.TaskFilter, who *store.Person) (*EmptyDesk, error) {
	ctx, words := r.Context(), s.Words(r)
	if len(p.Chips) > 0 {
		e := &EmptyDesk{Title: words.T("tasks.none"), Chips: p.Chips}
		var names []string
		var without []store.TaskFilter
		for _, chip := range p.Chips {
			names = append(names, chip.Words)
			without = append(without, filterWithout(f, chip.Name))
		}
		e.Text = words.T("tasks.none_text", "Filters", words.List(names))
		counts, err := s.store.CountTasks(ctx, who.ID, without)
		for i := range counts {
			e.Chips[i].N = counts[i]
		}
		return e, err
	}
	e := &EmptyDesk{Title: words.T("tasks.empty." + string(f.Box)), Text: words.T("tasks.empty." + string(f.Box) + ".text")}
	if f.Box != store.Todo {
		return e, nil
	}
	done, err := s.store.DoneToday(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	held, err := s.store.Tasks(ctx, who.ID, store.TaskFilter{Box: store.Active, Sort: store.ByDue, Limit: othersShown})
	if err != nil {
		return nil, err
	}
	counts, err := s.store.TaskCounts(ctx, who.ID)
	if err != nil {
		return nil, err
	}
	divisions, err := s.store.Divisions(ctx)
	if err != nil {
		return nil, err
	}
	if e.Others, err = s.taskRows(ctx, words, held.Items, who, divisions); err != nil {
		return nil, err
	}
	e.OthersN = counts[store.Active]
	e.Text = emptyText(words, done, e.Others)
	return e, nil
}

// emptyText is what was done today, and what is due first among what others hold.
func emptyText(w *locale.Words, done store.DayDone, others []casefile.TaskRow) string {
	text := w.T("tasks.done_none")
	switch {
	case done.Acts > 0 && done.Late == 0:
		text = w.T("tasks.done_today", "N", done.Acts)
	case done.Acts > 0:
		text = w.T("tasks.done_today_late", "N", done.Acts, "Late", done.Late)
	}
	if len(others) > 0 && others[0].Due != nil {
		return text + w.T("tasks.next_comes", "Number", others[0].Number, "Words", others[0].Due.Words, "Date", others[0].Due.Date)
	}
	return text + w.T("tasks.comes_here")
}

func filterWithout(f store.TaskFilter, name string) store.TaskFilter {
	rest := casefile.ListQuery(f)
	rest.Del(name)
	if casefile.OfBureau(f) {
		return casefile.ReadCasesFilter(rest)
	}
	return casefile.ReadTaskFilter(rest)
}
