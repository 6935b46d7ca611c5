package desk

import (
	"slices"
	"strconv"
	"time"

	"github.com/banli/banli/internal/assembly"
	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
	"github.com/banli/banli/internal/store"
	"github.com/banli/banli/internal/web/casefile"
	"github.com/banli/banli/internal/web/kit"
	"github.com/banli/banli/internal/web/locale"
)

// filterNames are the parameters that filter, in the order of the head of the list.
var filterNames = []string{"q", "only", "rate", "within", "step", "division", "body", "level", "year", "holder", "topic", "owes", "untouched", "since", "until", "due_by", "answered_by", "here_since", "here_by", "gate", "cut", "supervised"}

// TaskChip is a filter that is set: what it says, and the list without it.
type TaskChip struct {
	Name, Value, Words string
	Without            string
	N                  int // rows without it; only counted for an empty list
}

// TaskSelect is a filter that is not set yet.
type TaskSelect struct {
	Name, Label string
	Options     []kit.Choice
}

// taskChips are the filters that are set, in words.
func (s *Room) taskChips(w *locale.Words, f store.TaskFilter, divisions []store.Division, people []store.Person) []TaskChip {
	query := casefile.ListQuery(f)
	var chips []TaskChip
	for _, name := range filterNames {
		value := query.Get(name)
		if value == "" {
			continue
		}
		rest := casefile.ListQuery(f)
		rest.Del(name)
		chips = append(chips, TaskChip{Name: name, Value: value, Words: filterWords(w, name, value, divisions, people), Without: casefile.WithQuery(casefile.ListPage(f), rest)})
	}
	return chips
}

func filterWords(w *locale.Words, name, value string, divisions []store.Division, people []store.Person) string {
	switch name {
	case "topic":
		if value == store.NoKey {
			return w.T("filter.no_topic")
		}
		return value
	case "rate":
		rate, part, period, _ := store.RateCases(value).Parts()
		return w.T("filter.rate."+string(part), "Rate", casefile.RateName(w, rate), "From", period.From.String(), "To", period.To.String())
	case "untouched", "due_by", "answered_by", "here_since", "here_by":
		var day calendar.Date
		if day.UnmarshalText([]byte(value)) != nil {
			return value
		}
		return w.T("filter."+name+"_is", "Date", w.Date(day))
	case "gate":
		gate, from, _ := store.GateCases(value).Parts()
		if from.IsZero() {
			return w.T("filter.gate_waits", "Gate", w.T("gate."+string(gate)))
		}
		return w.T("filter.gate_passed", "Gate", w.T("gate."+string(gate)), "Date", w.Date(from))
	case "cut":
		by, key, _ := store.CutCases(value).Parts()
		return casefile.CutName(w, by, key, divisions)
	case "since", "until":
		at, err := time.Parse(time.RFC3339, value)
		switch {
		case err != nil:
			return value
		case name == "until":
			return w.T("filter.until_is", "When", w.Moment(at))
		}
		return w.T("filter.since_is", "When", w.Moment(at))
	case "owes":
		if at := slices.IndexFunc(divisions, func(d store.Division) bool { return string(d.Code) == value }); at >= 0 {
			return w.T("filter.owes_is", "Name", w.Name(divisions[at].Name))
		}
		return value
	case "holder":
		if at := slices.IndexFunc(people, func(p store.Person) bool { return string(p.ID) == value }); at >= 0 {
			return w.T("filter.holder_is", "Name", w.Name(people[at].Name))
		}
		return w.T("filter.holder")
	case "q":
		return w.T("filter.q_is", "Text", value)
	case "year":
		return w.T("filter.year_is", "Year", value)
	case "supervised":
		return w.T("filter.supervised")
	case "division":
		if at := slices.IndexFunc(divisions, func(d store.Division) bool { return string(d.Code) == value }); at >= 0 {
			return w.Name(divisions[at].Name)
		}
		if value == string(store.OwnDivisions) {
			return w.T("filter.own")
		}
		return w.T("overview.unassigned")
	case "only":
		return w.T("only." + value)
	case "within":
		return w.T("within." + value)
	case "body":
		return w.T("body." + value)
	case "level":
		return w.T("level." + value)
	}
	return w.T("step." + value)
}

// taskSelects are the filters that can still be set.
func taskSelects(w *locale.Words, f store.TaskFilter, divisions []store.Division, years []int) []TaskSelect {
	var selects []TaskSelect
	add := func(set bool, name string, options []kit.Choice) {
		if !set && len(options) > 1 {
			selects = append(selects, TaskSelect{name, w.T("filter." + name), options})
		}
	}
	add(f.Step != "", "step", kit.Choices(w, "step.", proposal.Steps[1:]))
	var of, in []kit.Choice
	for _, d := range divisions {
		of = append(of, kit.Choice{Value: string(d.Code), Name: w.Name(d.Name)})
	}
	add(f.Division != "", "division", append(of, kit.Choice{Value: string(store.NoDivision), Name: w.T("overview.unassigned")}))
	add(f.Body != "", "body", kit.Choices(w, "body.", assembly.Bodies))
	add(f.Level != "", "level", kit.Choices(w, "level.", assembly.Levels))
	for _, year := range years {
		in = append(in, kit.Choice{Value: strconv.Itoa(year), Name: w.T("filter.year_is", "Year", strconv.Itoa(year))})
	}
	if f.Year == 0 && len(in) > 0 {
		selects = append(selects, TaskSelect{"year", w.T("filter.year"), in})
	}
	return selects
}

// casesSelects are those of the bureau's list besides: by when a case is due, who has it, and what it is about.
func casesSelects(w *locale.Words, f store.TaskFilter, people []store.Person, topics []string) []TaskSelect {
	var selects []TaskSelect
	if f.Within == "" {
		selects = append(selects, TaskSelect{"within", w.T("filter.within"), kit.Choices(w, "within.", store.Withins)})
	}
	var holders, about []kit.Choice
	for _, p := range people {
		if p.Active && kit.OfBureau(p) {
			holders = append(holders, kit.Choice{Value: string(p.ID), Name: w.Name(p.Name)})
		}
	}
	for _, topic := range topics {
		about = append(about, kit.Choice{Value: topic, Name: topic})
	}
	if f.Holder == "" && len(holders) > 0 {
		selects = append(selects, TaskSelect{"holder", w.T("filter.holder"), holders})
	}
	if f.Topic == "" && len(about) > 0 {
		selects = append(selects, TaskSelect{"topic", w.T("filter.topic"), about})
	}
	return selects
}

// taskSorts are the orders that a list can have; what is chosen is ticked.
func taskSorts(w *locale.Words, f store.TaskFilter) []kit.Choice {
	sorts := slices.Clone(store.Sorts)
	chosen := f.Sort
	if f.Box != store.Todo && f.Box != store.Whole && !casefile.OfBureau(f) {
		sorts = append([]store.Sort{store.ByMine}, sorts...)
	}
	switch {
	case chosen == "" && f.Box == store.Every:
		chosen = store.ByAssigned
	case chosen == "":
		chosen = sorts[0]
	}
	var all []kit.Choice
	for _, sort := range sorts {
		all = append(all, kit.Choice{Value: string(sort), Name: w.T("sort." + string(sort)), Ticked: sort == chosen})
	}
	return all
}
