package web

import (
	"slices"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/desk"
)

// deskKeys are the built keys of the task list, its filters and views, and of the page of keys.
func deskKeys() []string {
	boxes := append(slices.Clone(store.Boxes), store.Bureau, store.Every, store.Whole)
	keys := slices.Concat(
		family("box.", boxes), family("tasks.empty.", boxes), suffixed(family("tasks.empty.", boxes), ".text"),
		family("column.", store.Columns), family("sort.", append(slices.Clone(store.Sorts), store.ByMine)),
		family("only.", store.Onlys), family("within.", store.Withins),
		family("filter.", []string{"step", "division", "body", "level"}),
	)
	for _, v := range desk.BuiltInViews {
		keys = append(keys, "view."+v.Key)
	}
	for _, g := range desk.KeyGroups {
		keys = append(keys, "keys.group."+g.Name)
		for _, line := range g.Keys {
			keys = append(keys, "keys."+line.Does)
		}
	}
	return keys
}
