package supervision

import (
	"context"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// BoardLine is what one person of a division holds, for who answers for the division.
type BoardLine struct {
	Name, Division    string
	Open, Late, Still ListCount
	Covered           string // who covers for them today, and until when; "" for nobody
	Move              string // where all their cases are given to another handler; "" if there are none, or it is not the viewer's to do
	List              string // the query of these cases, where Move is
}

// ListCount is a number and the list that it is the length of.
type ListCount struct {
	N    int
	Path string
}

// board lists the people of the viewer's divisions in the order of the office, busy or not: it helps to share out work, and ranks
// nobody. What is counted are the cases that the viewer may see.
func (s *Room) board(ctx context.Context, w *locale.Words, who *store.Person, divisions []store.Division) ([]BoardLine, error) {
	people, err := s.store.People(ctx)
	if err != nil {
		return nil, err
	}
	people = slices.DeleteFunc(people, func(p store.Person) bool {
		return !p.Active || !kit.OfBureau(p) || !slices.Contains(who.AnswersFor(), p.Division)
	})
	today := calendar.DateOf(s.Now())
	var filters []store.TaskFilter
	for _, p := range people {
		held := store.TaskFilter{Box: store.Bureau, Holder: p.ID}
		late, untouched := held, held
		late.Within, untouched.Only = store.Overdue, store.OnlyStill
		filters = append(filters, held, late, untouched)
	}
	counts, err := s.store.CountTasks(ctx, who.ID, filters)
	if err != nil {
		return nil, err
	}
	proxies, err := s.store.Proxies(ctx, "")
	if err != nil {
		return nil, err
	}
	moves := slices.Contains(proposal.BulkKindsFor(who.Person), proposal.BulkTransfer)
	var board []BoardLine
	for i, p := range people {
		count := func(at int) ListCount { return ListCount{counts[3*i+at], casefile.ListPath(filters[3*i+at])} }
		line := BoardLine{Name: w.Name(p.Name), Open: count(0), Late: count(1), Still: count(2), Division: divisionName(w, divisions, p.Division)}
		if at := slices.IndexFunc(proxies, func(x store.Proxy) bool {
			return x.Principal == p.ID && x.CaseID == "" && casefile.ProxyHolds(x, today)
		}); at >= 0 {
			line.Covered = w.T("board.covered", "Name", w.Name(proxies[at].ProxyName), "Date", w.Date(proxies[at].To))
		}
		if moves && p.ID != who.ID && line.Open.N > 0 {
			query := casefile.ListQuery(filters[3*i])
			query.Set("box", string(store.Bureau))
			line.List = query.Encode()
			line.Move = "/bulk/new?" + url.Values{"kind": {string(proposal.BulkTransfer)}, "all": {"1"}, "query": {line.List}, "back": {kit.OverviewPath}}.Encode()
		}
		board = append(board, line)
	}
	return board, nil
}

// divisionName is what a division is called; "" for none.
func divisionName(w *locale.Words, divisions []store.Division, code proposal.DivisionID) string {
	i := slices.IndexFunc(divisions, func(d store.Division) bool { return d.Code == code })
	if i < 0 {
		return ""
	}
	return w.Name(divisions[i].Name)
}

// coverPath is where somebody is named who covers for the person.
func coverPath(id proposal.PersonID) string {
	return "/proxies?" + url.Values{"principal": {string(id)}}.Encode()
}
