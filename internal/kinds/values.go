package kinds

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/banli/banli/internal/calendar"
	"github.com/banli/banli/internal/proposal"
)

// Fact is one line of what a case shows of its registration: the field and what it holds, in words.
type Fact struct{ Field, Text string }

// Facts are the fields of an input that the page of the case shows.
func (r Row) Facts(t Teller, input proposal.Input) ([]Fact, error) {
	said, err := members(input)
	if err != nil {
		return nil, err
	}
	var facts []Fact
	for _, f := range r.Fields {
		if f.Fact {
			facts = append(facts, Fact{f.Name, f.told(t, items(said[f.Name]))})
		}
	}
	return facts, nil
}

// InFull are the fields of an action that was done which whoever decides on it must know.
func (r Row) InFull(t Teller, input json.RawMessage) []Fact {
	var said map[string]any
	if json.Unmarshal(input, &said) != nil {
		return nil // the reader may not see it
	}
	var facts []Fact
	for _, f := range r.Fields {
		if text := f.told(t, items(said[f.Name])); f.Full && text != "" {
			facts = append(facts, Fact{f.Name, text})
		}
	}
	return facts
}

// told is what a field holds, in words; "" for what goes without saying.
func (f Field) told(t Teller, items []string) string {
	one := strings.Join(items, "")
	switch {
	case f.Control == Tick && one != "":
		return t.T("fact.yes")
	case f.Choices.Prefix != "":
		if one == f.Usual && f.Usual != "" || !slices.Contains(f.Choices.Values, one) {
			return ""
		}
		return t.T(f.Choices.Key(one))
	case f.Choices.Source == Divisions && one != "":
		return t.Division(proposal.DivisionID(one))
	case f.Control == Day && one != "":
		if day, err := calendar.ParseDate(one); err == nil {
			return t.Date(day)
		}
	}
	return t.List(items)
}

// members are the fields of an input by name.
func members(input proposal.Input) (map[string]any, error) {
	data, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	var said map[string]any
	return said, json.Unmarshal(data, &said)
}

// items are what a field holds; none for nothing.
func items(value any) []string {
	switch v := value.(type) {
	case string:
		if v != "" {
			return []string{v}
		}
	case bool:
		if v {
			return []string{"1"}
		}
	case float64:
		return []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, items(item)...)
		}
		return all
	}
	return nil
}
