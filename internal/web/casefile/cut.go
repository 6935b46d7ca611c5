package casefile

import (
	"slices"
	"strings"

	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/locale"
)

// CutName is a key of a cut of the statistics in words; "" is the sum of all.
func CutName(w *locale.Words, by store.Cut, key string, divisions []store.Division) string {
	switch {
	case key == "":
		return w.T("statistics.all")
	case key == store.NoKey:
		return w.T("statistics.no." + string(by))
	}
	switch by {
	case store.ByDivision:
		if at := slices.IndexFunc(divisions, func(d store.Division) bool { return string(d.Code) == key }); at >= 0 {
			return w.Name(divisions[at].Name)
		}
	case store.ByBody:
		return w.T("body." + key)
	case store.ByLevel:
		return w.T("level." + key)
	case store.ByMode:
		return w.T("mode." + key)
	case store.ByMet:
		return w.T("rank." + key)
	case store.ByClass:
		return w.T("statistics.class", "Class", key)
	case store.ByTerm:
		body, rest, _ := strings.Cut(key, ".")
		level, term, _ := strings.Cut(rest, ".")
		return w.T("statistics.term", "Level", w.T("level."+level), "Body", w.T("body."+body), "Term", term)
	}
	return key
}

// RateName is what a figure is called.
func RateName(w *locale.Words, r store.Rate) string {
	if class, ok := r.Class(); ok {
		return w.T("statistics.class", "Class", class)
	}
	return w.T("rate." + string(r))
}

// RateFormula is how a figure is reckoned.
func RateFormula(w *locale.Words, r store.Rate) string {
	if class, ok := r.Class(); ok {
		return w.T("statistics.class.formula", "Class", class)
	}
	return w.T("rate." + string(r) + ".formula")
}
