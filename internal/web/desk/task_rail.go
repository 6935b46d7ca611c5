package desk

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/locale"
)

// TaskRail is the left edge of the desk: the boxes and the saved views, each with how much is in it now.
type TaskRail struct {
	Boxes        []RailLink
	Bureau       []RailLink // the cases that are nobody's in particular
	Every        RailLink   // the same with those that ended, which nobody has to know the number of; it is not counted
	Mine, Shared []RailLink
	Save         string // where the present filter is saved as a view
	Bulks        []BulkProgress
}

// RailLink is one list of the rail.
type RailLink struct {
	Box   store.Box
	Name  string
	Path  string
	Count int
	Here  bool
}

// builtInView is a view that everybody has from the start; its name is the message view.<Key>.
type builtInView struct {
	Key    string
	Shared bool // listed with what the division shares
	Filter store.TaskFilter
}

// BuiltInViews in the order of the rail.
var BuiltInViews = []builtInView{
	{"unreached", false, store.TaskFilter{Box: store.Todo, Only: store.OnlyUnreached}},
	{"returned", false, store.TaskFilter{Box: store.Todo, Only: store.OnlyReturned}},
	{"free", true, store.TaskFilter{Box: store.Todo, Only: store.OnlyFree}},
	{"awaiting", true, store.TaskFilter{Box: store.Whole, Only: store.OnlyAwaiting}},
	{"supervised", true, store.TaskFilter{Box: store.Whole, Supervised: true}},
	{"promised", true, store.TaskFilter{Box: store.Whole, Only: store.OnlyPromised}},
}

// viewPath opens a view: the address carries the filter, so that it can be changed from there, and names the view.
func viewPath(key string, f store.TaskFilter) string {
	v := casefile.ListQuery(f)
	v.Set("view", key)
	return casefile.WithQuery(casefile.ListPage(f), v)
}

// taskRail counts every list of the rail. view is the one that is open; "" for a box.
func (s *Room) taskRail(ctx context.Context, w *locale.Words, who *store.Person, f store.TaskFilter, view string, views []store.View) (rail TaskRail, err error) {
	var filters []store.TaskFilter
	var links []*RailLink
	add := func(section *[]RailLink, link RailLink, f store.TaskFilter) {
		*section = append(*section, link)
		filters = append(filters, f)
	}
	for _, box := range store.Boxes {
		add(&rail.Boxes, RailLink{Box: box, Name: w.T("box." + string(box)), Path: casefile.ListPath(store.TaskFilter{Box: box}), Here: box == f.Box && view == ""}, store.TaskFilter{Box: box})
	}
	add(&rail.Bureau, RailLink{Name: w.T("box.bureau"), Path: casefile.ListPath(store.TaskFilter{Box: store.Bureau}), Here: f.Box == store.Bureau && view == ""}, store.TaskFilter{Box: store.Bureau})
	rail.Every = RailLink{Name: w.T("box.every"), Path: casefile.ListPath(store.TaskFilter{Box: store.Every}), Here: f.Box == store.Every && view == ""}
	for _, v := range BuiltInViews {
		if !v.Shared {
			add(&rail.Mine, RailLink{Name: w.T("view." + v.Key), Path: viewPath(v.Key, v.Filter), Here: view == v.Key}, v.Filter)
		}
	}
	for _, v := range views {
		if v.Division == "" {
			add(&rail.Mine, RailLink{Name: v.Name, Path: viewPath(v.ID, v.Filter), Here: view == v.ID}, v.Filter)
		}
	}
	for _, v := range BuiltInViews {
		if v.Shared {
			add(&rail.Shared, RailLink{Name: w.T("view." + v.Key), Path: viewPath(v.Key, v.Filter), Here: view == v.Key}, v.Filter)
		}
	}
	for _, v := range views {
		if v.Division != "" {
			add(&rail.Shared, RailLink{Name: v.Name, Path: viewPath(v.ID, v.Filter), Here: view == v.ID}, v.Filter)
		}
	}
	for _, section := range [][]RailLink{rail.Boxes, rail.Bureau, rail.Mine, rail.Shared} {
		for i := range section {
			links = append(links, &section[i])
		}
	}
	if rail.Bulks, err = s.bulkLines(ctx, w, who); err != nil {
		return rail, err
	}
	counts, err := s.store.CountTasks(ctx, who.ID, filters)
	for i := range counts {
		links[i].Count = counts[i]
	}
	if len(casefile.ListQuery(f)) > 0 && casefile.ListPath(f) != rail.Every.Path {
		rail.Save = "/views?" + url.Values{"save": {casefile.AnyListQuery(f).Encode()}}.Encode()
	}
	return rail, err
}

// openView is the view that the address names, if there is one that the officer may use: what it is called, and its columns.
func openView(w *locale.Words, r *http.Request, views []store.View) (key, name string, columns []store.Column) {
	key = r.URL.Query().Get("view")
	for _, v := range BuiltInViews {
		if v.Key == key {
			return key, w.T("view." + key), nil
		}
	}
	for _, v := range views {
		if v.ID == key {
			return key, v.Name, v.Columns
		}
	}
	return "", "", nil
}

// bulkKinds are what this person can do to several rows of the box at once. Elsewhere than in one's own list only what concerns
// others makes sense.
func bulkKinds(who *store.Person, box store.Box) []proposal.BulkKind {
	kinds := proposal.BulkKindsFor(who.Person)
	switch box {
	case store.Todo:
		return kinds
	case store.Done:
		return nil
	}
	return slices.DeleteFunc(kinds, func(k proposal.BulkKind) bool { return k != proposal.BulkTransfer && k != proposal.BulkUrge })
}
